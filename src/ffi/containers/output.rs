//! Containers: output and input
//!
//! dockline_container_logs() reads what a container has written and can follow it.
//! dockline_container_attach() also writes to its standard input. The data is read and written
//! with the functions of dockline_output and dockline_input.

use std::ffi::{c_char, c_int};

use crate::ffi::arg;
use crate::ffi::context::{context, dockline_context};
use crate::ffi::failure::dockline_error;
use crate::ffi::guard::guard;
use crate::ffi::input::{dockline_input, put_halves};
use crate::ffi::json::dockline_value;
use crate::ffi::output::dockline_output;
use crate::{ContainerAttachOptions, ContainerAttachWebsocketOptions, ContainerLogsOptions};

/// Reads the logs of a container.
///
/// GET /containers/{id}/logs. By default the output is what the container has written to
/// stdout and stderr so far. With "follow" it continues until the container exits.
///
/// Engines before API 1.42 do not report whether the stream is multiplexed. With them the
/// container is inspected first.
///
/// id: name, ID or ID prefix of the container.
/// options: "since" and "until" take Unix seconds, an RFC 3339 string, or a string such as
/// "10m" for ten minutes ago. "tail" takes a number of lines or "all".
/// output: receives the output; free it with dockline_output_free().
///
/// Returns DOCKLINE_OK, or a negative status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_container_logs(
    context: *const dockline_context,
    id: *const c_char,
    options: *const dockline_value,
    output: *mut *mut dockline_output,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ContainerLogs", error, || {
        let output = arg::out("output", output)?;
        let context = self::context(context)?;
        let id = arg::text("id", id)?;
        let options: ContainerLogsOptions = arg::options(options)?;
        output.put_handle(context.containers().logs(id, &options)?.into());
        Ok(())
    })
}

/// Attaches to a container.
///
/// POST /containers/{id}/attach. Attach before the container starts to miss no output. By
/// default stdin, stdout and stderr are attached and only new output is read. Input reaches
/// only a container that was created with "OpenStdin".
///
/// The output and the input are the two directions of one connection. Two threads may use them
/// at the same time, see dockline_input.
///
/// The output ends when the container exits, and also when the engine dies.
/// dockline_output_until_exit() distinguishes the two.
///
/// id: name, ID or ID prefix of the container.
/// options:
/// output: receives the output; free it with dockline_output_free().
/// input: receives the input; free it with dockline_input_free(). May be NULL if nothing is to
/// be written.
///
/// Returns DOCKLINE_OK; DOCKLINE_CONFLICT if the container is paused or restarting;
/// DOCKLINE_PROTOCOL if stdin is attached, but the connection was not upgraded, as behind a
/// proxy that does not support it; or another negative status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_container_attach(
    context: *const dockline_context,
    id: *const c_char,
    options: *const dockline_value,
    output: *mut *mut dockline_output,
    input: *mut *mut dockline_input,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ContainerAttach", error, || {
        let output = arg::out("output", output)?;
        let input = arg::optional_out(input);
        let context = self::context(context)?;
        let id = arg::text("id", id)?;
        let options: ContainerAttachOptions = arg::options(options)?;
        put_halves(context.containers().attach(id, &options)?.split(), output, input);
        Ok(())
    })
}

/// Attaches to a container by WebSocket.
///
/// GET /containers/{id}/attach/ws. Use this if a proxy passes only HTTP and WebSocket. Unlike
/// dockline_container_attach(), it does not separate stdout from stderr and has no half-close:
/// the input cannot be closed alone.
///
/// id: name, ID or ID prefix of the container.
/// options: to set "stdin", "stdout" or "stderr" to false requires API 1.42.
/// output: receives the output; free it with dockline_output_free().
/// input: receives the input; free it with dockline_input_free(). May be NULL if nothing is to
/// be written.
///
/// Returns DOCKLINE_OK; DOCKLINE_PROTOCOL if the response is not a valid WebSocket handshake;
/// or another negative status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_container_attach_websocket(
    context: *const dockline_context,
    id: *const c_char,
    options: *const dockline_value,
    output: *mut *mut dockline_output,
    input: *mut *mut dockline_input,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ContainerAttachWebsocket", error, || {
        let output = arg::out("output", output)?;
        let input = arg::optional_out(input);
        let context = self::context(context)?;
        let id = arg::text("id", id)?;
        let options: ContainerAttachWebsocketOptions = arg::options(options)?;
        put_halves(context.containers().attach_websocket(id, &options)?.split(), output, input);
        Ok(())
    })
}

/// Resizes the terminal of a container.
///
/// POST /containers/{id}/resize. The container must be running. Other clients may be attached
/// to it at the same time.
///
/// id: name, ID or ID prefix of the container.
/// rows: height of the terminal, 0 to 65535.
/// columns: width of the terminal, 0 to 65535.
///
/// Returns DOCKLINE_OK, or a negative status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_container_resize(
    context: *const dockline_context,
    id: *const c_char,
    rows: c_int,
    columns: c_int,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ContainerResize", error, || {
        let context = self::context(context)?;
        let id = arg::text("id", id)?;
        let (rows, columns) = (arg::cells("rows", rows)?, arg::cells("columns", columns)?);
        Ok(context.containers().resize(id, rows, columns)?)
    })
}
