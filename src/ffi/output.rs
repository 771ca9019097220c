use std::ffi::{c_int, c_void};
use std::ptr;

use super::arg;
use super::cancel::dockline_cancel_token;
use super::containers::lifecycle::dockline_wait;
use super::failure::{Fail, dockline_error};
use super::guard::{guard, guard_or};
use super::status::dockline_status::{self, *};
use crate::{CancelToken, Logs, Result, StdStream, UntilExit, WebSocketOutput};

/// What a container writes, piece by piece as it is written.
///
/// One thread at a time. Freeing it closes the connection, also in the middle; the container goes on.
/// If it came with a dockline_input, the connection closes when both are freed.
pub struct dockline_output(OutputReader);

#[allow(clippy::large_enum_variant, reason = "each handle is a box of its own")]
enum OutputReader {
    Logs(Logs),
    UntilExit(UntilExit),
    /// With the message that is lent out.
    WebSocket(WebSocketOutput, Vec<u8>),
    /// Its exit code was asked for.
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

/// Where a piece of output was written.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum dockline_std_stream {
    /// Standard output, or a terminal, where both are one.
    DOCKLINE_STDOUT = 1,
    /// Standard error.
    DOCKLINE_STDERR = 2,
}

/// A piece of output. Pieces have no meaning of their own: engines cut output as they like, and so
/// may a line be cut. This struct will not change.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct dockline_frame {
    /// DOCKLINE_STDOUT or DOCKLINE_STDERR.
    pub stream: c_int,
    /// The bytes; no NUL follows them.
    pub data: *const c_void,
    /// Their number, never 0.
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

/// Waits for the next piece of output.
///
/// Returns DOCKLINE_OK; DOCKLINE_END when there is no more; or a negative dockline_status, after which
/// nothing more comes: DOCKLINE_STREAM when the engine reports a failure, DOCKLINE_DISCONNECTED when
/// it broke off, DOCKLINE_CANCELLED, DOCKLINE_TIMEOUT.
/// The bytes of *frame belong to the output, until the next call with it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_output_next(
    output: *mut dockline_output,
    frame: *mut dockline_frame,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("dockline_output_next", error, || {
        let frame = arg::out("frame", frame)?;
        match arg::handle_mut("output", output)?.next()? {
            Some(piece) => {
                frame.put(piece);
                Ok(DOCKLINE_OK)
            }
            None => Ok(DOCKLINE_END),
        }
    })
}

/// Calls callback for each piece of output until there is no more or callback returns something but
/// 0.
///
/// callback: gets user_data and the piece, which is valid during the call; it may call this library,
/// but not with the same output. It must return, not jump out or throw.
///
/// Returns DOCKLINE_OK at the end; DOCKLINE_STOPPED when the callback ended it; or a negative
/// dockline_status as dockline_output_next().
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
        while let Some(piece) = output.next()? {
            if callback(user_data, &piece) != 0 {
                return Ok(DOCKLINE_STOPPED);
            }
        }
        Ok(DOCKLINE_OK)
    })
}

/// Ends the output with the container that wait is for, so that it ends also where the engine fails to
/// end it: two seconds after the container has ended, if nothing has come in the meantime.
/// dockline_output_finish() then gives the exit code.
///
/// output: of dockline_container_logs() with "follow", or of dockline_container_attach().
/// wait: begun and not finished; it becomes a part of the output, and what is left of it is freed with
/// dockline_wait_free() as ever.
///
/// Returns DOCKLINE_OK, or DOCKLINE_INVALID_ARGUMENT.
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
            return Err(Fail::argument("output has an end of its own already, or is a websocket"));
        }
        let waiting = wait.take()?;
        if let OutputReader::Logs(logs) = std::mem::replace(&mut output.0, OutputReader::Finished) {
            output.0 = OutputReader::UntilExit(logs.until_exit(waiting));
        }
        Ok(())
    })
}

/// Reads and drops what is left of an output with dockline_output_until_exit(), and gives the exit code
/// of the container, which is data: 3 is no error. Once only.
///
/// Returns DOCKLINE_OK; DOCKLINE_DISCONNECTED when the engine has died and not the container;
/// DOCKLINE_CANCELLED; or another negative dockline_status.
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
            return Err(Fail::argument("output does not wait for an exit, or is finished already"));
        }
        if let OutputReader::UntilExit(logs) =
            std::mem::replace(&mut output.0, OutputReader::Finished)
        {
            exit_code.put(logs.finish()?);
        }
        Ok(())
    })
}

/// Whether the container has a terminal, so that everything is DOCKLINE_STDOUT; false for NULL, and
/// by websocket, which does not tell.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_output_is_terminal(output: *const dockline_output) -> bool {
    guard_or(false, || arg::optional(output).is_some_and(|output| output.0.is_terminal()))
}

/// A handle that ends the output from another thread, also while this one waits for a piece. Take
/// it before that thread begins. It ends the dockline_input, too, that came with the output. NULL for
/// NULL. Free it with dockline_cancel_token_free(); it may outlive the output.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_output_cancel_token(
    output: *const dockline_output,
) -> *mut dockline_cancel_token {
    guard_or(ptr::null_mut(), || match arg::optional(output) {
        Some(output) => arg::boxed(dockline_cancel_token(output.0.cancel_token())),
        None => ptr::null_mut(),
    })
}

/// Frees an output and closes its connection. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_output_free(output: *mut dockline_output) {
    guard_or((), || arg::free(output))
}
