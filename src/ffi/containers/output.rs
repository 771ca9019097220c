use std::ffi::{c_char, c_int};

use crate::ffi::arg;
use crate::ffi::context::{context, dockline_context};
use crate::ffi::failure::dockline_error;
use crate::ffi::guard::guard;
use crate::ffi::input::{dockline_input, put_halves};
use crate::ffi::json::dockline_value;
use crate::ffi::output::dockline_output;
use crate::{ContainerAttachOptions, ContainerAttachWebsocketOptions, ContainerLogsOptions};

/// Reads what a container has written to stdout and stderr, and with "follow" what it goes on to
/// write (GET /containers/{id}/logs).
///
/// Options: "follow" (boolean), "stdout" and "stderr" (boolean, both true unless given), "since"
/// and "until" (Unix seconds; RFC 3339 text; or text such as "10m" for so long ago), "timestamps"
/// (boolean: the time and a blank before each line), "tail" (integer: so many lines from the end;
/// or "all"), "details" (boolean: what the logging driver keeps besides, before each line).
///
/// Returns DOCKLINE_OK, or a negative dockline_status. Free *output with dockline_output_free().
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

/// Connects to the output and input of a container (POST /containers/{id}/attach). Attach before
/// the start to miss nothing. The two are used by two threads at the same time: see dockline_input.
///
/// Options: "detachKeys" (text: the keys that detach from its terminal, such as "ctrl-p,ctrl-q"),
/// "logs" (boolean: first what it has written before), "stream" (boolean, true unless given: what
/// it writes from now on), "stdin", "stdout" and "stderr" (boolean, all true unless given). Input
/// reaches a container that was made with "OpenStdin".
/// input: may be NULL if there is nothing to write.
/// The output ends alike when the container ends and when the engine dies: dockline_output_until_exit()
/// tells which.
///
/// Returns DOCKLINE_OK, DOCKLINE_CONFLICT when the container is frozen or restarting, or another
/// negative dockline_status.
/// Free *output with dockline_output_free() and *input with dockline_input_free().
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

/// Connects to the output and input of a container by websocket (GET /containers/{id}/attach/ws),
/// for where nothing but HTTP and websockets gets through. dockline_container_attach() can more: it
/// tells stdout from stderr, and ends the input alone.
///
/// Options: as dockline_container_attach(); leaving out one of "stdin", "stdout" and "stderr" since
/// API 1.42.
/// input: may be NULL if there is nothing to write.
///
/// Returns DOCKLINE_OK, DOCKLINE_PROTOCOL when the engine does not answer as a websocket server, or
/// another negative dockline_status.
/// Free *output with dockline_output_free() and *input with dockline_input_free().
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

/// Tells the terminal of a running container its size, also while somebody is attached to it
/// (POST /containers/{id}/resize).
///
/// h, w: rows and columns, 0 to 65535.
///
/// Returns DOCKLINE_OK, or a negative dockline_status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_container_resize(
    context: *const dockline_context,
    id: *const c_char,
    h: c_int,
    w: c_int,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ContainerResize", error, || {
        let context = self::context(context)?;
        let id = arg::text("id", id)?;
        Ok(context.containers().resize(id, arg::cells("h", h)?, arg::cells("w", w)?)?)
    })
}
