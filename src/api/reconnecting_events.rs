//! Events that reconnect after a lost connection.

use std::cmp::Ordering;
use std::fmt;
use std::time::SystemTime;

use super::system::{System, SystemEventsOptions, events};
use crate::call::decode;
use crate::codec::record;
use crate::model::EventMessage;
use crate::stream::RecordReader;
use crate::{CancelToken, Context, Error, Result, TimeBound};

impl System<'_> {
    /// Streams events and reconnects after a lost connection.
    ///
    /// `GET /events`. As [`events`](System::events), but a lost connection is an error between two
    /// events, and the next call of `next` reconnects. The caller decides when to retry and when to
    /// stop. Events from the time between two connections are returned as far as the engine still
    /// has them; no event is returned twice.
    ///
    /// ```no_run
    /// let docker = dockline::Context::from_env()?;
    /// for event in docker.system().events_reconnecting(&Default::default())? {
    ///     match event {
    ///         Ok(event) => println!("{} {}", event.r#type, event.action),
    ///         Err(error) => {
    ///             eprintln!("{error}");
    ///             std::thread::sleep(std::time::Duration::from_secs(1));
    ///         }
    ///     }
    /// }
    /// # Ok::<(), dockline::Error>(())
    /// ```
    pub fn events_reconnecting(&self, options: &SystemEventsOptions) -> Result<ReconnectingEvents> {
        ReconnectingEvents::open(self.context, options)
    }
}

/// Events over any number of connections; from
/// [`System::events_reconnecting`](crate::System::events_reconnecting).
///
/// An iterator. It continues after an error: the next item comes from a new connection. It ends
/// with `None` at the `until` of its options and after [`Error::Cancelled`].
pub struct ReconnectingEvents {
    reader: ReconnectingReader,
}

impl ReconnectingEvents {
    pub(super) fn open(
        context: &Context,
        options: &SystemEventsOptions,
    ) -> Result<ReconnectingEvents> {
        Ok(ReconnectingEvents { reader: ReconnectingReader::open(context, options)? })
    }

    /// Returns a token that ends the stream from another thread.
    ///
    /// It does not interrupt an attempt to connect; only the token of the context does.
    pub fn cancel_token(&self) -> CancelToken {
        self.reader.cancel.clone()
    }
}

impl Iterator for ReconnectingEvents {
    type Item = Result<EventMessage>;

    fn next(&mut self) -> Option<Result<EventMessage>> {
        match self.reader.next_record().transpose()? {
            Ok(json) => Some(
                decode(ReconnectingReader::OPERATION, json)
                    .map_err(|error| self.reader.fail(error)),
            ),
            Err(error) => Some(Err(error)),
        }
    }
}

impl fmt::Debug for ReconnectingEvents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReconnectingEvents")
            .field("options", &self.reader.options)
            .finish_non_exhaustive()
    }
}

/// The same stream with events as JSON.
pub(crate) struct ReconnectingReader {
    context: Context,
    /// Includes the `since` of the next connection.
    options: SystemEventsOptions,
    pub(crate) cancel: CancelToken,
    connection: Option<RecordReader>,
    /// Time of the latest event in nanoseconds, and all events of that time: a new connection
    /// repeats these.
    last: (i64, Vec<Vec<u8>>),
    finished: bool,
}

record! {
    /// The time of an event.
    #[derive(Default)]
    struct EventTime {
        time_nano: i64 = "timeNano",
    }
}

impl ReconnectingReader {
    pub(crate) const OPERATION: &str = "SystemEvents";

    pub(crate) fn open(
        context: &Context,
        options: &SystemEventsOptions,
    ) -> Result<ReconnectingReader> {
        let mut reader = ReconnectingReader {
            context: context.clone(),
            options: options.clone(),
            cancel: CancelToken::new(),
            connection: None,
            last: (i64::MIN, Vec::new()),
            finished: false,
        };
        let now = TimeBound::from(SystemTime::now());
        reader.connect()?;
        // Until the first event, a reconnect must return the events from now on.
        reader.options.since.get_or_insert(now);
        Ok(reader)
    }

    fn connect(&mut self) -> Result<()> {
        let response = self.context.open_stream(events(&self.options), None)?;
        response.body.cancelled_by(&self.cancel);
        self.connection = Some(RecordReader::new(response.body));
        Ok(())
    }

    /// Returns the next event; `None` at the end. Continues after an error.
    pub(crate) fn next_record(&mut self) -> Result<Option<&[u8]>> {
        if self.finished {
            return Ok(None);
        }
        match self.advance() {
            Ok(true) => Ok(self.connection.as_ref().map(RecordReader::record)),
            Ok(false) => {
                self.finished = true;
                Ok(None)
            }
            Err(error) => {
                self.finished = matches!(error, Error::Cancelled { .. });
                Err(self.fail(error))
            }
        }
    }

    /// Ends the connection with `error`, the result of its call, and returns it.
    pub(crate) fn fail(&mut self, error: Error) -> Error {
        match self.connection.take() {
            Some(mut connection) => connection.fail(error),
            None => error,
        }
    }

    /// Advances to the next event. Returns false at the end.
    fn advance(&mut self) -> Result<bool> {
        loop {
            if self.cancel.is_cancelled() {
                return Err(Error::Cancelled { operation: Self::OPERATION });
            }
            if self.connection.is_none() {
                self.connect()?;
            }
            let Some(connection) = &mut self.connection else { continue };
            let Some(json) = connection.next_record()? else {
                return match self.options.until {
                    Some(_) => Ok(false),
                    None => Err(Error::Disconnected {
                        operation: Self::OPERATION,
                        message: "the engine closed the event stream".to_owned(),
                        errno: None,
                    }),
                };
            };
            let event: EventTime = decode(Self::OPERATION, json)?;
            let (last, delivered) = &mut self.last;
            match event.time_nano.cmp(last) {
                Ordering::Greater => {
                    *last = event.time_nano;
                    delivered.clear();
                    delivered.push(json.to_vec());
                    self.options.since = Some(TimeBound::unix_nanos(event.time_nano));
                }
                Ordering::Equal if delivered.iter().any(|it| it == json) => continue,
                Ordering::Equal => delivered.push(json.to_vec()),
                Ordering::Less => {}
            }
            return Ok(true);
        }
    }
}
