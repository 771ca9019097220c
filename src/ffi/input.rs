//! Container input (dockline_input)
//!
//! Standard input of an attached container or exec.

use std::ffi::{c_int, c_void};

use super::arg::{self, Out};
use super::failure::dockline_error;
use super::guard::{guard, guard_or};
use super::output::dockline_output;
use crate::{Input, Result, WebSocketInput};

/// Standard input of a container or exec.
///
/// It is received from dockline_container_attach(), dockline_container_attach_websocket() or
/// dockline_exec_start(), or as the sending half of dockline_session_open(). Free it with
/// dockline_input_free(). A dockline_output belongs to the same connection: one thread may
/// write the input while another thread reads the output. Read the output while writing much
/// input: engines stop reading if their output is not read. dockline_output_cancel_token()
/// cancels both directions. The connection closes when both are freed, in any order.
pub struct dockline_input(InputWriter);

#[allow(clippy::large_enum_variant, reason = "each handle is boxed")]
enum InputWriter {
    Plain(Input),
    WebSocket(WebSocketInput),
}

impl From<Input> for dockline_input {
    fn from(input: Input) -> dockline_input {
        dockline_input(InputWriter::Plain(input))
    }
}

impl From<WebSocketInput> for dockline_input {
    fn from(input: WebSocketInput) -> dockline_input {
        dockline_input(InputWriter::WebSocket(input))
    }
}

impl InputWriter {
    fn send(&mut self, bytes: &[u8]) -> Result<()> {
        match self {
            InputWriter::Plain(input) => input.send(bytes),
            InputWriter::WebSocket(_) if bytes.is_empty() => Ok(()),
            InputWriter::WebSocket(input) => input.send(bytes),
        }
    }

    fn close(&mut self) -> Result<()> {
        match self {
            InputWriter::Plain(input) => input.close(),
            InputWriter::WebSocket(input) => input.close(),
        }
    }
}

/// Writes both directions to the outputs. An input that was not requested is dropped, which does not
/// close it.
pub(super) fn put_halves(
    (reader, writer): (impl Into<dockline_output>, impl Into<dockline_input>),
    output: Out<*mut dockline_output>,
    input: Option<Out<*mut dockline_input>>,
) {
    output.put_handle(reader.into());
    if let Some(input) = input {
        input.put_handle(writer.into());
    }
}

/// Writes data to the input.
///
/// Blocks until the engine has accepted all of it.
///
/// input: the input.
/// data: the bytes; may be NULL if length is 0.
/// length: their number.
///
/// Returns DOCKLINE_OK; DOCKLINE_DISCONNECTED if the program or the engine has exited;
/// DOCKLINE_PROTOCOL if the connection was not upgraded, as behind a proxy that does not
/// support it: only output can be read then; DOCKLINE_TIMEOUT after "write_timeout" seconds
/// without progress; DOCKLINE_CANCELLED; DOCKLINE_INVALID_ARGUMENT after
/// dockline_input_close(); or another negative status. After a failure, a part of the data may
/// have been written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_input_write(
    input: *mut dockline_input,
    data: *const c_void,
    length: usize,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("dockline_input_write", error, || {
        let input = arg::handle_mut("input", input)?;
        Ok(input.0.send(arg::bytes("data", data, length)?)?)
    })
}

/// Closes the input; output can still be read.
///
/// This is a half-close: the program reads end of file. A second call has no effect.
///
/// The engine passes the end of file on to an exec without a terminal, and to a container
/// without a terminal that was created with "OpenStdin" and "StdinOnce". Other containers
/// continue to run, and the engine may end their output.
///
/// input: the input; it must still be freed.
///
/// Returns DOCKLINE_OK; DOCKLINE_PROTOCOL if the connection was not upgraded; or another
/// negative status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_input_close(
    input: *mut dockline_input,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("dockline_input_close", error, || Ok(arg::handle_mut("input", input)?.0.close()?))
}

/// Frees an input.
///
/// This does not close the input while its output is not freed: see dockline_input_close().
///
/// input: may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_input_free(input: *mut dockline_input) {
    guard_or((), || arg::free(input))
}
