//! Container output (dockline_output)
//!
//! Logs and the output of an attached container or exec. Read frames with
//! dockline_output_next() until it returns DOCKLINE_END, or pass a callback to
//! dockline_output_each(). Then free the output.

use std::ffi::{c_int, c_void};
use std::ptr;

use super::arg;
use super::cancel::dockline_cancel_token;
use super::containers::lifecycle::dockline_wait;
use super::failure::{Fail, dockline_error};
use super::guard::{guard, guard_or};
use super::status::dockline_status::{self, *};
use crate::{CancelToken, Logs, Result, StdStream, UntilExit, WebSocketOutput};

/// Output of a container or exec, read frame by frame.
///
/// One thread may use it at a time. dockline_output_free() frees it and closes its connection,
/// at the end or before; the container continues to run. If it was received together with a
/// dockline_input, the connection closes when both are freed.
pub struct dockline_output(OutputReader);

#[allow(clippy::large_enum_variant, reason = "each handle is boxed")]
enum OutputReader {
    Logs(Logs),
    UntilExit(UntilExit),
    /// With the message that C reads.
    WebSocket(WebSocketOutput, Vec<u8>),
    /// The exit code has been returned.
    Finished,
}

impl From<Logs> for dockline_output {
    fn from(logs: Logs) -> dockline_output {
        dockline_output(OutputReader::Logs(logs))
    }
}

impl From<WebSocketOutput> for dockline_output {
    fn from(output: WebSocketOutput) -> dockline_output {
        dockline_output(OutputReader::WebSocket(output, Vec::new()))
    }
}

/// Standard stream that a frame was written to.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum dockline_std_stream {
    /// Standard output, or a terminal, which merges both streams.
    DOCKLINE_STDOUT = 1,
    /// Standard error.
    DOCKLINE_STDERR = 2,
}

/// Part of the output.
///
/// Engines split output anywhere, also within a line. This struct never changes.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct dockline_frame {
    /// DOCKLINE_STDOUT or DOCKLINE_STDERR.
    pub stream: c_int,
    /// The bytes, without a NUL behind them.
    pub data: *const c_void,
    /// The number of bytes, never 0.
    pub length: usize,
}

impl dockline_output {
    fn next(&mut self) -> Result<Option<dockline_frame>> {
        Ok(self.0.next()?.map(|(stream, data)| dockline_frame {
            stream: match stream {
                StdStream::Stdout => dockline_std_stream::DOCKLINE_STDOUT as c_int,
                StdStream::Stderr => dockline_std_stream::DOCKLINE_STDERR as c_int,
            },
            data: data.as_ptr().cast(),
            length: data.len(),
        }))
    }
}

impl OutputReader {
    fn next(&mut self) -> Result<Option<(StdStream, &[u8])>> {
        let (output, message) = match self {
            OutputReader::Logs(logs) => return logs.next_frame(),
            OutputReader::UntilExit(logs) => return logs.next_frame(),
            OutputReader::WebSocket(output, message) => (output, message),
            OutputReader::Finished => return Ok(None),
        };
        while let Some(next) = output.next_message()? {
            if !next.is_empty() {
                *message = next;
                return Ok(Some((StdStream::Stdout, message)));
            }
        }
        Ok(None)
    }

    fn is_terminal(&self) -> bool {
        match self {
            OutputReader::Logs(logs) => logs.is_terminal(),
            OutputReader::UntilExit(logs) => logs.is_terminal(),
            OutputReader::WebSocket(..) | OutputReader::Finished => false,
        }
    }

    fn cancel_token(&self) -> CancelToken {
        match self {
            OutputReader::Logs(logs) => logs.cancel_token(),
            OutputReader::UntilExit(logs) => logs.cancel_token(),
            OutputReader::WebSocket(output, _) => output.cancel_token(),
            OutputReader::Finished => CancelToken::new(),
        }
    }
}

/// Waits for the next frame of output.
///
/// output: the output.
/// frame: receives the frame. Its bytes belong to the output and are valid until the output is
/// read again or freed.
///
/// Returns DOCKLINE_OK; DOCKLINE_END at the end of the output; DOCKLINE_STREAM if the engine
/// reports a failure; DOCKLINE_DISCONNECTED if the connection broke, or the output ended in the
/// middle of a frame; DOCKLINE_CANCELLED; DOCKLINE_TIMEOUT; or another negative status. A
/// failure ends the output.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_output_next(
    output: *mut dockline_output,
    frame: *mut dockline_frame,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("dockline_output_next", error, || {
        let frame = arg::out("frame", frame)?;
        match arg::handle_mut("output", output)?.next()? {
            Some(next) => {
                frame.put(next);
                Ok(DOCKLINE_OK)
            }
            None => Ok(DOCKLINE_END),
        }
    })
}

/// Calls a callback for each frame of output.
///
/// output: the output, which is read to its end.
/// callback: receives user_data and the frame, which is valid until the callback returns. It
/// returns 0 to continue, or another value to stop. It may call this library, but not with
/// this output.
///
/// Returns DOCKLINE_OK at the end of the output; DOCKLINE_STOPPED if the callback stopped it;
/// or a negative status as for dockline_output_next().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_output_each(
    output: *mut dockline_output,
    callback: Option<
        unsafe extern "C" fn(user_data: *mut c_void, frame: *const dockline_frame) -> c_int,
    >,
    user_data: *mut c_void,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("dockline_output_each", error, || -> Result<dockline_status, Fail> {
        let callback = callback.ok_or_else(|| Fail::argument("callback is NULL"))?;
        let output = arg::handle_mut("output", output)?;
        while let Some(frame) = output.next()? {
            if callback(user_data, &frame) != 0 {
                return Ok(DOCKLINE_STOPPED);
            }
        }
        Ok(DOCKLINE_OK)
    })
}

/// Ends the output when its container has exited.
///
/// The output then ends two seconds after the exit if no more output arrives, even if the
/// engine leaves the stream open. dockline_output_finish() then returns the exit code.
///
/// output: from dockline_container_logs() with "follow", or from dockline_container_attach().
/// wait: from dockline_container_wait_start(), not finished. The output takes it over; free it
/// with dockline_wait_free() all the same.
///
/// Returns DOCKLINE_OK; or DOCKLINE_INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_output_until_exit(
    output: *mut dockline_output,
    wait: *mut dockline_wait,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("dockline_output_until_exit", error, || -> Result<(), Fail> {
        let output = arg::handle_mut("output", output)?;
        let wait = arg::handle_mut("wait", wait)?;
        if !matches!(output.0, OutputReader::Logs(_)) {
            return Err(Fail::argument(
                "output already ends with its container, or is from a websocket",
            ));
        }
        let waiting = wait.take()?;
        if let OutputReader::Logs(logs) = std::mem::replace(&mut output.0, OutputReader::Finished) {
            output.0 = OutputReader::UntilExit(logs.until_exit(waiting));
        }
        Ok(())
    })
}

/// Discards remaining output, returns the exit code.
///
/// Requires dockline_output_until_exit(), and may be called once.
///
/// output: the output; it must still be freed.
/// exit_code: receives the exit code of the container. An exit code other than 0 is not an
/// error.
///
/// Returns DOCKLINE_OK; DOCKLINE_DISCONNECTED if the engine exited, but not the container;
/// DOCKLINE_CANCELLED; or another negative status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_output_finish(
    output: *mut dockline_output,
    exit_code: *mut i64,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("dockline_output_finish", error, || -> Result<(), Fail> {
        let exit_code = arg::out("exit_code", exit_code)?;
        let output = arg::handle_mut("output", output)?;
        if !matches!(output.0, OutputReader::UntilExit(_)) {
            return Err(Fail::argument(
                "output is finished already, or dockline_output_until_exit() was not called with it",
            ));
        }
        if let OutputReader::UntilExit(logs) =
            std::mem::replace(&mut output.0, OutputReader::Finished)
        {
            exit_code.put(logs.finish()?);
        }
        Ok(())
    })
}

/// Returns whether the container has a terminal.
///
/// All frames of a terminal are DOCKLINE_STDOUT.
///
/// output: may be NULL.
///
/// Returns false for websockets, which do not report it, and if output is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_output_is_terminal(output: *const dockline_output) -> bool {
    guard_or(false, || arg::optional(output).is_some_and(|output| output.0.is_terminal()))
}

/// Returns a token that cancels an output.
///
/// It ends the output from another thread, also during dockline_output_next(), together with
/// the dockline_input of the same connection. Obtain it before the cancelling thread starts.
///
/// output: may be NULL.
///
/// Returns the token, to be freed with dockline_cancel_token_free(), before or after the
/// output; NULL if output is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_output_cancel_token(
    output: *const dockline_output,
) -> *mut dockline_cancel_token {
    guard_or(ptr::null_mut(), || match arg::optional(output) {
        Some(output) => arg::boxed(dockline_cancel_token(output.0.cancel_token())),
        None => ptr::null_mut(),
    })
}

/// Frees an output and closes its connection.
///
/// output: may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_output_free(output: *mut dockline_output) {
    guard_or((), || arg::free(output))
}
