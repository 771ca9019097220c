//! BuildKit sessions
//!
//! Connections for gRPC, for programs that bring their own gRPC library.

use std::ffi::c_int;

use super::arg::{self, Out};
use super::context::{context, dockline_context};
use super::download::dockline_download;
use super::failure::dockline_error;
use super::guard::guard;
use super::input::dockline_input;
use super::json::dockline_value;
use crate::{RawDuplex, SessionOptions};

/// Opens a session through which BuildKit calls back.
///
/// POST /session. Since API 1.31, before API 1.39 only as an experimental feature; deprecated
/// since API 1.53. BuildKit requests files, secrets and credentials of a build through the
/// session. The engine is the client, and the program is the server. The protocol is gRPC over
/// HTTP/2. This library transports the bytes and does not implement it.
///
/// options:
/// output: receives the bytes from the engine; free it with dockline_download_free().
/// input: receives the direction to the engine; free it with dockline_input_free(). One thread
/// may write it while another thread reads output. The connection closes when both are freed.
///
/// Returns DOCKLINE_OK; DOCKLINE_ENGINE or DOCKLINE_BAD_REQUEST, depending on the engine's
/// version, if the session ID is in use; or another negative status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_session_open(
    context: *const dockline_context,
    options: *const dockline_value,
    output: *mut *mut dockline_download,
    input: *mut *mut dockline_input,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("Session", error, || {
        let output = arg::out("output", output)?;
        let input = arg::out("input", input)?;
        let context = self::context(context)?;
        let options: SessionOptions = arg::options(options)?;
        put_halves(context.session().open(&options)?, output, input);
        Ok(())
    })
}

/// Opens a connection to the engine's BuildKit.
///
/// POST /grpc. The Engine API does not define it: engines support it since about API 1.39, and
/// deprecate it since API 1.53. The program is the client, and the engine is the server.
///
/// output: receives the bytes from the engine; free it with dockline_download_free().
/// input: receives the direction to the engine, as for dockline_session_open(); free it with
/// dockline_input_free().
///
/// Returns DOCKLINE_OK; or a negative status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_session_grpc(
    context: *const dockline_context,
    output: *mut *mut dockline_download,
    input: *mut *mut dockline_input,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("Grpc", error, || {
        let output = arg::out("output", output)?;
        let input = arg::out("input", input)?;
        let context = self::context(context)?;
        put_halves(context.session().grpc()?, output, input);
        Ok(())
    })
}

fn put_halves(
    duplex: RawDuplex,
    output: Out<*mut dockline_download>,
    input: Out<*mut dockline_input>,
) {
    let (reader, writer) = duplex.split();
    output.put_handle(dockline_download(reader));
    input.put_handle(writer.into());
}
