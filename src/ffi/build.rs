use std::ffi::{c_char, c_int};
use std::path::Path;
use std::ptr;

use super::arg;
use super::context::{context, dockline_context};
use super::failure::dockline_error;
use super::guard::{guard, guard_or};
use super::json::dockline_value;
use super::source::dockline_source;
use super::stream::dockline_stream;
use crate::api::build as api;
use crate::{BuildPruneOptions, Builder, ImageBuildOptions};

/// Builds an image from a tar that holds the Dockerfile and what it needs (POST /build).
///
/// tar: the tar, packed or not; NULL when "remote" says what to build.
/// Options, here and in the two functions below: "dockerfile" (text: path of the Dockerfile in the
/// tar or directory), "t" (array of texts: names for the image), "extrahosts" (array of texts
/// "name:address", since API 1.28), "remote" (text: a git repository, or the URL of a tar or a
/// Dockerfile), "q" (boolean: tells only the image's id), "nocache" (boolean), "cachefrom" (array of
/// texts: images whose steps count as cached, since API 1.25), "pull" (boolean: asks for newer
/// images to build on), "rm" (boolean: deletes the containers of the steps after success; engines do
/// unless told otherwise), "forcerm" (boolean: after failure, too), "memory" and "memswap" (integers:
/// bytes; -1 for swap without limit), "cpushares" (integer), "cpusetcpus" and "cpusetmems" (texts such
/// as "0-3"), "cpuperiod" and "cpuquota" (integers: microseconds), "buildargs" (object of texts, or
/// null for an argument without a value), "shmsize" (integer: bytes), "squash" (boolean; experimental
/// engines, since API 1.25), "labels" (object of texts), "networkmode" (text, since API 1.25),
/// "platform" (text: os[/arch[/variant]], since API 1.32), "target" (text: the stage to build, since
/// API 1.29), "outputs" (array of objects "Type" and "Attrs", since API 1.40), "version" (text: "1" for
/// the classic builder, "2" for BuildKit, which is there since API 1.38), "buildid" (text: a name for
/// dockline_build_cancel(), since API 1.38), "session" (text: id of a session, since API 1.31),
/// "isolation" (text; Windows), "ulimits" (array of objects "Name", "Soft", "Hard"), "securityopt"
/// (array of texts), "cgroupparent" (text), "X-Registry-Config" (object: for each registry by its host
/// an object of "username" and "password", or "identitytoken"; see CREDENTIALS at the top; BuildKit
/// asks its session instead).
///
/// This returns when all of tar is sent; an engine that refuses meanwhile is heard at once. The build
/// fails or succeeds only as *build is read to its end. Its items hold "stream" (text: output), or the
/// id of the image in "/aux/ID", of which the last one counts; a step that fails ends it with
/// DOCKLINE_STREAM. Items of BuildKit have the "id" moby.buildkit.trace, and a protobuf message of
/// BuildKit's own in base64 in "aux".
///
/// Returns DOCKLINE_OK, or a negative dockline_status. Free *build with dockline_stream_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_image_build(
    context: *const dockline_context,
    options: *const dockline_value,
    tar: *mut dockline_source,
    build: *mut *mut dockline_stream,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ImageBuild", error, || {
        let build = arg::out("build", build)?;
        let context = self::context(context)?;
        let options: ImageBuildOptions = arg::options(options)?;
        let tar = tar.as_mut().map(dockline_source::reader);
        build.put_handle(dockline_stream::build(api::begin(context, &options, tar)?));
        Ok(())
    })
}

/// Builds an image from a directory (POST /build), as the docker command does: without what its
/// .dockerignore excludes, or NAME.dockerignore beside a Dockerfile called NAME where there is one.
///
/// The directory is read while it is sent, in little memory whatever its size. A file that cannot be
/// read, or vanishes or changes its size meanwhile, is DOCKLINE_IO, and the error's message names it.
/// Options and the rest are those of dockline_image_build().
///
/// Returns DOCKLINE_OK, or a negative dockline_status. Free *build with dockline_stream_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_image_build_directory(
    context: *const dockline_context,
    options: *const dockline_value,
    path: *const c_char,
    build: *mut *mut dockline_stream,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ImageBuild", error, || {
        let build = arg::out("build", build)?;
        let context = self::context(context)?;
        let options: ImageBuildOptions = arg::options(options)?;
        let path = Path::new(arg::text("path", path)?);
        let begun = api::directory::begin_directory(context, &options, path)?;
        build.put_handle(dockline_stream::build(begun));
        Ok(())
    })
}

/// Builds an image from the text of a Dockerfile, without any files beside it (POST /build).
///
/// Options and the rest are those of dockline_image_build().
///
/// Returns DOCKLINE_OK, or a negative dockline_status. Free *build with dockline_stream_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_image_build_dockerfile(
    context: *const dockline_context,
    options: *const dockline_value,
    text: *const c_char,
    build: *mut *mut dockline_stream,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ImageBuild", error, || {
        let build = arg::out("build", build)?;
        let context = self::context(context)?;
        let options: ImageBuildOptions = arg::options(options)?;
        let text = arg::text("text", text)?;
        build.put_handle(dockline_stream::build(api::directory::begin_dockerfile(
            context, &options, text,
        )?));
        Ok(())
    })
}

/// What builds: "classic" or "BuildKit", which are Docker's, or "Buildah", which is Podman's. NULL for
/// a stream that is no build, and for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_build_builder(build: *const dockline_stream) -> *const c_char {
    guard_or(ptr::null(), || {
        match arg::optional(build).and_then(|build| build.build.as_ref()).map(|it| it.known.builder)
        {
            Some(Builder::Classic) => c"classic".as_ptr(),
            Some(Builder::BuildKit) => c"BuildKit".as_ptr(),
            Some(Builder::Buildah) => c"Buildah".as_ptr(),
            None => ptr::null(),
        }
    })
}

/// Id of the image, once the engine has told it; builds in stages tell several, and this is the last.
/// NULL before that, where there is none since "outputs" wants something else, for a stream that is no
/// build, and for NULL. The text belongs to the build, until the next call with it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_build_image(build: *const dockline_stream) -> *const c_char {
    guard_or(ptr::null(), || match arg::optional(build).and_then(|build| build.build.as_ref()) {
        Some(building) if !building.image.is_empty() => building.image.as_ptr(),
        _ => ptr::null(),
    })
}

/// Deletes what BuildKit keeps of former builds (POST /build/prune). Since API 1.31.
///
/// Options: "keep-storage" (integer: bytes to keep, since API 1.39; engines since API 1.48 get it as
/// "reserved-space"), "reserved-space", "max-used-space" and "min-free-space" (integers: bytes to keep,
/// to use at most, to leave free; since API 1.48), "all" (boolean: also what is internal or shared,
/// since API 1.39), "filters" (object, such as {"until": "24h"}, since API 1.39).
///
/// Returns DOCKLINE_OK, or a negative dockline_status.
/// *pruned has "CachesDeleted" and "SpaceReclaimed"; free it with dockline_value_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_build_prune(
    context: *const dockline_context,
    options: *const dockline_value,
    pruned: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("BuildPrune", error, || {
        let pruned = arg::out("pruned", pruned)?;
        let context = self::context(context)?;
        let options: BuildPruneOptions = arg::options(options)?;
        let request = api::prune(&options, context.api_version()?);
        pruned.put_handle(context.call_value(request)?.into());
        Ok(())
    })
}

/// Ends the build of BuildKit's that was begun with this "buildid", by whomever
/// (POST /build/cancel). Since API 1.38. One's own build is ended by dockline_stream_free() as well, or
/// from another thread with dockline_stream_cancel_token().
///
/// Returns DOCKLINE_OK, or a negative dockline_status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_build_cancel(
    context: *const dockline_context,
    id: *const c_char,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("BuildCancel", error, || {
        let context = self::context(context)?;
        let id = arg::text("id", id)?;
        Ok(context.call_outcome(api::cancel(id))?)
    })
}
