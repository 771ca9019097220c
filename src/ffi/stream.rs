use std::ffi::{CString, c_int, c_void};
use std::ptr;

use super::arg;
use super::cancel::dockline_cancel_token;
use super::failure::{Fail, dockline_error};
use super::guard::{guard, guard_or};
use super::json::dockline_value;
use super::status::dockline_status::{self, *};
use crate::api::build::{Begun, Known};
use crate::api::reconnecting_events::ReconnectingReader;
use crate::call::{decode, to_value};
use crate::codec::Shape;
use crate::stream::{BodyReader, MessageReader, RecordReader};
use crate::{CancelToken, ConvergenceUpdates, Result, Value};

/// A response in several JSON values, one by one as they come: events, the progress of work, or that
/// of a service.
///
/// One thread at a time. Freeing it closes the connection, also in the middle; of work in progress
/// the engine then gives up what is left, but a service goes on.
pub struct dockline_stream {
    reader: StreamReader,
    item: Option<dockline_value>,
    /// Where this is a build.
    pub(super) build: Option<Building>,
    /// The name of the plugin, where this is one on its way.
    pub(super) plugin: Option<CString>,
}

/// What is known of a build.
pub(super) struct Building {
    pub(super) known: Known,
    /// The image's id, as it is lent out.
    pub(super) image: CString,
}

#[allow(clippy::large_enum_variant, reason = "each handle is a box of its own")]
enum StreamReader {
    Records(RecordReader),
    Messages(MessageReader),
    Reconnecting(ReconnectingReader),
    Convergence(ConvergenceUpdates),
}

impl dockline_stream {
    /// A stream of records, such as events.
    pub(super) fn records(body: BodyReader) -> dockline_stream {
        dockline_stream::new(StreamReader::Records(RecordReader::new(body)))
    }

    /// Events over as many connections as it takes.
    pub(super) fn resumed(reader: ReconnectingReader) -> dockline_stream {
        dockline_stream::new(StreamReader::Reconnecting(reader))
    }

    /// The progress of a service.
    pub(super) fn converging(wait: ConvergenceUpdates) -> dockline_stream {
        dockline_stream::new(StreamReader::Convergence(wait))
    }

    /// A stream of progress messages, of which one that reports a failure is the failure.
    pub(super) fn messages(body: BodyReader) -> dockline_stream {
        dockline_stream::new(StreamReader::Messages(MessageReader::new(body)))
    }

    /// The progress messages of a build.
    pub(super) fn build(begun: Begun) -> dockline_stream {
        let build = Some(Building { known: begun.known, image: CString::default() });
        dockline_stream { build, ..dockline_stream::messages(begun.body) }
    }

    /// The progress messages of a plugin on its way.
    pub(super) fn plugin((name, body): (String, BodyReader)) -> dockline_stream {
        // A header holds no NUL.
        let plugin = CString::new(name).ok();
        dockline_stream { plugin, ..dockline_stream::messages(body) }
    }

    fn new(reader: StreamReader) -> dockline_stream {
        dockline_stream { reader, item: None, build: None, plugin: None }
    }

    fn next(&mut self) -> Result<Option<*const dockline_value>> {
        let item = self.reader.next(self.build.as_mut())?;
        self.item = item.map(dockline_value::from);
        Ok(self.item.as_ref().map(ptr::from_ref))
    }
}

impl StreamReader {
    fn next(&mut self, build: Option<&mut Building>) -> Result<Option<Value>> {
        let found = match self {
            StreamReader::Records(reader) => reader.next_record()?.is_some(),
            StreamReader::Messages(reader) => reader.next_message()?.is_some(),
            StreamReader::Reconnecting(reader) => {
                let json = reader.next_record()?;
                return json
                    .map(|json| to_value(ReconnectingReader::OPERATION, json, Shape::Any))
                    .transpose();
            }
            StreamReader::Convergence(wait) => {
                let Some(item) = wait.next_change()? else { return Ok(None) };
                let json = serde_json::to_vec(&item).expect("a response is JSON again");
                return to_value(ConvergenceUpdates::OPERATION, &json, Shape::Any).map(Some);
            }
        };
        let (true, Some(records)) = (found, self.records()) else { return Ok(None) };
        let operation = records.body.operation();
        if let Some(build) = build {
            build.note(operation, records.record());
        }
        match to_value(operation, records.record(), Shape::Any) {
            Ok(value) => Ok(Some(value)),
            Err(error) => Err(records.fail(error)),
        }
    }

    fn records(&mut self) -> Option<&mut RecordReader> {
        match self {
            StreamReader::Records(reader) => Some(reader),
            StreamReader::Messages(reader) => Some(&mut reader.records),
            StreamReader::Reconnecting(_) | StreamReader::Convergence(_) => None,
        }
    }

    fn cancel_token(&mut self) -> CancelToken {
        match self {
            StreamReader::Records(reader) => reader.body.cancel_token(),
            StreamReader::Messages(reader) => reader.records.body.cancel_token(),
            StreamReader::Reconnecting(reader) => reader.cancel.clone(),
            StreamReader::Convergence(wait) => wait.cancel_token(),
        }
    }
}

impl Building {
    /// A message that cannot be read is told of by who hands it out.
    fn note(&mut self, operation: &'static str, json: &[u8]) {
        let Ok(message) = decode(operation, json) else { return };
        if self.known.note(&message) {
            let image = self.known.image.clone().unwrap_or_default();
            self.image = CString::new(image).unwrap_or_default();
        }
    }
}

/// Waits for the next item.
///
/// Returns DOCKLINE_OK; DOCKLINE_END when the stream has ended; or a negative dockline_status, after
/// which nothing more comes, but from dockline_system_events_reconnecting(): DOCKLINE_STREAM when the engine reports a failure, DOCKLINE_DISCONNECTED
/// when it broke off, DOCKLINE_CANCELLED, DOCKLINE_TIMEOUT.
/// *item belongs to the stream, until the next call with it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_stream_next(
    stream: *mut dockline_stream,
    item: *mut *const dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("dockline_stream_next", error, || {
        let item = arg::out("item", item)?;
        match arg::handle_mut("stream", stream)?.next()? {
            Some(next) => {
                item.put(next);
                Ok(DOCKLINE_OK)
            }
            None => Ok(DOCKLINE_END),
        }
    })
}

/// Calls callback for each item until the stream ends or callback returns something but 0.
///
/// callback: gets user_data and the item, which is valid during the call; it may call this library,
/// but not with the same stream. It must return, not jump out or throw.
///
/// Returns DOCKLINE_OK at the end of the stream; DOCKLINE_STOPPED when the callback ended it; or a
/// negative dockline_status as dockline_stream_next().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_stream_each(
    stream: *mut dockline_stream,
    callback: Option<
        unsafe extern "C" fn(user_data: *mut c_void, item: *const dockline_value) -> c_int,
    >,
    user_data: *mut c_void,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("dockline_stream_each", error, || -> Result<dockline_status, Fail> {
        let callback = callback.ok_or_else(|| Fail::argument("callback is NULL"))?;
        let stream = arg::handle_mut("stream", stream)?;
        while let Some(item) = stream.next()? {
            if callback(user_data, item) != 0 {
                return Ok(DOCKLINE_STOPPED);
            }
        }
        Ok(DOCKLINE_OK)
    })
}

/// A handle that ends the stream from another thread, also while this one waits for an item. Take
/// it before that thread begins. NULL for NULL. Free it with dockline_cancel_token_free(); it may outlive
/// the stream.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_stream_cancel_token(
    stream: *mut dockline_stream,
) -> *mut dockline_cancel_token {
    guard_or(ptr::null_mut(), || match stream.as_mut() {
        Some(stream) => arg::boxed(dockline_cancel_token(stream.reader.cancel_token())),
        None => ptr::null_mut(),
    })
}

/// Frees a stream and closes its connection. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_stream_free(stream: *mut dockline_stream) {
    guard_or((), || arg::free(stream))
}
