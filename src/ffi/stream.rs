//! Streams (dockline_stream)
//!
//! Read events or progress with dockline_stream_next() until it returns DOCKLINE_END, or pass
//! a callback to dockline_stream_each(). Then free the stream.

use std::ffi::{CString, c_int, c_void};
use std::ptr;

use super::arg;
use super::cancel::dockline_cancel_token;
use super::failure::{Fail, c_string, dockline_error};
use super::guard::{guard, guard_or};
use super::json::dockline_value;
use super::status::dockline_status::{self, *};
use crate::api::build::{BuildState, StartedBuild};
use crate::api::images::transfer::update_push_result;
use crate::api::reconnecting_events::ReconnectingReader;
use crate::call::{decode, to_value};
use crate::codec::Shape;
use crate::model::PushResult;
use crate::stream::{BodyReader, MessageReader, RecordReader};
use crate::{CancelToken, ConvergenceUpdates, Result, Value};

/// Streamed response: a sequence of JSON values.
///
/// It carries events, progress messages, or the changes of a service. One thread may use it at
/// a time. dockline_stream_free() frees it and closes its connection, at the end or before:
/// the engine then aborts work in progress, but continues the update of a service.
pub struct dockline_stream {
    reader: StreamReader,
    item: Option<dockline_value>,
    /// Set for builds.
    pub(super) build: Option<Building>,
    /// Set for pushes.
    pub(super) push: Option<Pushing>,
    /// Name of the plugin; set if a plugin is pulled or upgraded.
    pub(super) plugin: Option<CString>,
}

/// State of a build.
pub(super) struct Building {
    pub(super) state: BuildState,
    /// The image ID that C receives.
    pub(super) image: CString,
}

/// State of a push.
#[derive(Default)]
pub(super) struct Pushing {
    pub(super) result: PushResult,
    /// Digest and tag that C receives.
    pub(super) digest: CString,
    pub(super) tag: CString,
}

#[allow(clippy::large_enum_variant, reason = "each handle is boxed")]
enum StreamReader {
    Records(RecordReader),
    Messages(MessageReader),
    Reconnecting(ReconnectingReader),
    Convergence(ConvergenceUpdates),
}

impl dockline_stream {
    /// JSON values, such as events.
    pub(super) fn records(body: BodyReader) -> dockline_stream {
        dockline_stream::new(StreamReader::Records(RecordReader::new(body)))
    }

    /// Events across lost connections.
    pub(super) fn reconnecting(reader: ReconnectingReader) -> dockline_stream {
        dockline_stream::new(StreamReader::Reconnecting(reader))
    }

    /// The convergence of a service.
    pub(super) fn converging(wait: ConvergenceUpdates) -> dockline_stream {
        dockline_stream::new(StreamReader::Convergence(wait))
    }

    /// Progress messages. A message that reports a failure fails the stream.
    pub(super) fn messages(body: BodyReader) -> dockline_stream {
        dockline_stream::new(StreamReader::Messages(MessageReader::new(body)))
    }

    /// The progress messages of a build.
    pub(super) fn build(started: StartedBuild) -> dockline_stream {
        let build = Some(Building { state: started.state, image: CString::default() });
        dockline_stream { build, ..dockline_stream::messages(started.body) }
    }

    /// The progress messages of a push.
    pub(super) fn push(body: BodyReader) -> dockline_stream {
        dockline_stream { push: Some(Pushing::default()), ..dockline_stream::messages(body) }
    }

    /// The progress messages of a plugin operation.
    pub(super) fn plugin((name, body): (String, BodyReader)) -> dockline_stream {
        let plugin = Some(c_string(&name));
        dockline_stream { plugin, ..dockline_stream::messages(body) }
    }

    fn new(reader: StreamReader) -> dockline_stream {
        dockline_stream { reader, item: None, build: None, push: None, plugin: None }
    }

    fn next(&mut self) -> Result<Option<*const dockline_value>> {
        let item = self.reader.next(self.build.as_mut(), self.push.as_mut());
        if let (Ok(None) | Err(_), Some(build)) = (&item, &mut self.build) {
            build.state.end(item.is_err());
            build.show_image();
        }
        self.item = item?.map(dockline_value::from);
        Ok(self.item.as_ref().map(ptr::from_ref))
    }
}

impl StreamReader {
    fn next(
        &mut self,
        build: Option<&mut Building>,
        push: Option<&mut Pushing>,
    ) -> Result<Option<Value>> {
        let has_item = match self {
            StreamReader::Records(reader) => reader.next_record()?.is_some(),
            StreamReader::Messages(reader) => reader.next_message()?.is_some(),
            StreamReader::Reconnecting(reader) => {
                let Some(json) = reader.next_record()? else { return Ok(None) };
                return to_value(ReconnectingReader::OPERATION, json, Shape::Any)
                    .map(Some)
                    .map_err(|error| reader.fail(error));
            }
            StreamReader::Convergence(wait) => {
                let Some(item) = wait.next_change()? else { return Ok(None) };
                let json = serde_json::to_vec(&item).expect("a response converts to JSON");
                return to_value(ConvergenceUpdates::OPERATION, &json, Shape::Any).map(Some);
            }
        };
        let (true, Some(records)) = (has_item, self.records()) else { return Ok(None) };
        let operation = records.body.operation();
        let noted = build.map_or(Ok(()), |build| build.note(operation, records.record()));
        if let Some(push) = push {
            push.note(operation, records.record());
        }
        match noted.and_then(|()| to_value(operation, records.record(), Shape::Any)) {
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
    /// Updates the state with a message.
    fn note(&mut self, operation: &'static str, json: &[u8]) -> Result<()> {
        if self.state.update(&decode(operation, json)?) {
            self.show_image();
        }
        Ok(())
    }

    fn show_image(&mut self) {
        self.image = c_string(self.state.image.as_deref().unwrap_or_default());
    }
}

impl Pushing {
    /// Updates the state with a message. The caller reports messages that are malformed.
    fn note(&mut self, operation: &'static str, json: &[u8]) {
        let Ok(message) = decode(operation, json) else { return };
        if update_push_result(&mut self.result, &message) {
            self.digest = CString::new(&*self.result.digest).unwrap_or_default();
            self.tag = CString::new(&*self.result.tag).unwrap_or_default();
        }
    }
}

/// Waits for the next item of a stream.
///
/// stream: the stream.
/// item: receives the item, which belongs to the stream and is valid until the next call with
/// it.
///
/// Returns DOCKLINE_OK; DOCKLINE_END at the end of the stream; DOCKLINE_STREAM if the engine
/// reports a failure; DOCKLINE_DISCONNECTED if the connection broke; DOCKLINE_CANCELLED;
/// DOCKLINE_TIMEOUT; or another negative status. A failure ends the stream, except one of
/// dockline_system_events_reconnecting().
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

/// Calls a callback for each item of a stream.
///
/// stream: the stream, which is read to its end.
/// callback: receives user_data and the item, which is valid until the callback returns. It
/// returns 0 to continue, or another value to stop. It may call this library, but not with
/// this stream.
///
/// Returns DOCKLINE_OK at the end of the stream; DOCKLINE_STOPPED if the callback stopped it;
/// or a negative status as for dockline_stream_next().
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

/// Returns a token that cancels a stream.
///
/// It ends the stream from another thread, also during dockline_stream_next(). Obtain it
/// before the cancelling thread starts.
///
/// stream: may be NULL.
///
/// Returns the token, to be freed with dockline_cancel_token_free(), before or after the
/// stream; NULL if stream is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_stream_cancel_token(
    stream: *mut dockline_stream,
) -> *mut dockline_cancel_token {
    guard_or(ptr::null_mut(), || match stream.as_mut() {
        Some(stream) => arg::boxed(dockline_cancel_token(stream.reader.cancel_token())),
        None => ptr::null_mut(),
    })
}

/// Frees a stream and closes its connection.
///
/// stream: may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_stream_free(stream: *mut dockline_stream) {
    guard_or((), || arg::free(stream))
}
