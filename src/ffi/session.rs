use std::ffi::c_int;

use super::arg::{self, Out};
use super::context::{context, dockline_context};
use super::download::dockline_download;
use super::failure::dockline_error;
use super::guard::guard;
use super::input::dockline_input;
use super::json::dockline_value;
use crate::{RawDuplex, SessionOptions};

/// Opens a session (POST /session), over which BuildKit asks for files, secrets and credentials of a
/// build: from now on the engine calls and you serve. What is spoken is HTTP/2 with gRPC, which is
/// not this library's: it carries the bytes. Since API 1.31; engines before API 1.39 have it as an
/// experiment only. Deprecated by engines since API 1.53.
///
/// Options: "X-Docker-Expose-Session-Uuid" (text: its id, which builds name in "session"; must be
/// given, and new), "X-Docker-Expose-Session-Name" (text: a name for people),
/// "X-Docker-Expose-Session-Sharedkey" (text: what sessions with the same files have in common),
/// "X-Docker-Expose-Session-Grpc-Method" (array of texts: the methods that you serve, such as
/// "/moby.filesync.v1.FileSync/DiffCopy").
///
/// output: what the engine sends. input: what you send; one thread may write it while another reads
/// output. The connection closes when both are freed.
///
/// Returns DOCKLINE_OK; DOCKLINE_ENGINE or DOCKLINE_BAD_REQUEST, by the engine's age, when the id is
/// taken; or another negative dockline_status.
/// Free *output with dockline_download_free() and *input with dockline_input_free().
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

/// Opens a connection to BuildKit's own service in the engine (POST /grpc): you call and the engine
/// serves. The Engine API does not define it. Engines have it since about API 1.39, and deprecate it
/// since API 1.53.
///
/// output, input: as dockline_session_open().
///
/// Returns DOCKLINE_OK, or a negative dockline_status.
/// Free *output with dockline_download_free() and *input with dockline_input_free().
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
