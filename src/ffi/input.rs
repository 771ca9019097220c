use std::ffi::{c_int, c_void};

use super::arg::{self, Out};
use super::failure::dockline_error;
use super::guard::{guard, guard_or};
use super::output::dockline_output;
use crate::{Input, Result, WebSocketInput};

/// The standard input of a running program, from dockline_container_attach(),
/// dockline_container_attach_websocket() or dockline_exec_start().
///
/// It came with a dockline_output, the other direction of the same connection. They do not wait for
/// each other: one thread may be in any function with the input while another is in any function
/// with the output. So read the output while you write much: engines take no more input from those
/// who do not read. The handle of dockline_output_cancel_token() ends both directions; the
/// connection closes when both are freed, in any order.
pub struct dockline_input(InputWriter);

#[allow(clippy::large_enum_variant, reason = "each handle is a box of its own")]
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

/// Hands out both directions; an input that nobody wants is let go of, which does not end it.
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

/// Writes all of data, waiting until the engine takes it.
///
/// Returns DOCKLINE_OK; DOCKLINE_DISCONNECTED when the program or the engine has ended;
/// DOCKLINE_TIMEOUT after the context's "write_timeout" without progress; DOCKLINE_CANCELLED; or
/// DOCKLINE_INVALID_ARGUMENT after dockline_input_close(). After a failure a part may be written.
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

/// Ends the input: the program reads its end, and what it still writes can be read. Once it is
/// closed this does nothing.
///
/// The engine passes the end on to an exec without a terminal, and to a container that was made
/// with "OpenStdin" and "StdinOnce" and without a terminal. Other containers go on, and the engine
/// may end their output.
///
/// Returns DOCKLINE_OK, or a negative dockline_status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_input_close(
    input: *mut dockline_input,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("dockline_input_close", error, || Ok(arg::handle_mut("input", input)?.0.close()?))
}

/// Frees an input. This does not end it while its output is not freed: dockline_input_close() does.
/// NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_input_free(input: *mut dockline_input) {
    guard_or((), || arg::free(input))
}
