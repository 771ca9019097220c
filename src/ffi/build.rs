//! Images: build
//!
//! The build functions differ in the source of the build context. Each returns a stream
//! of progress messages. Read it to its end: the build is complete only then, and
//! dockline_build_image_id() returns the ID of the image.

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

/// Builds an image from a tar.
///
/// POST /build. The tar is the build context: it holds the Dockerfile and the files that it
/// uses.
///
/// The function returns when the tar has been sent, or earlier if the engine rejects it. The
/// build is complete only when the stream has been read to its end. A step that fails
/// ends the stream with DOCKLINE_STREAM.
///
/// The messages of the classic builder hold its output in "stream" (string), and the ID of the
/// image in "/aux/ID". The messages of BuildKit have the "id" "moby.buildkit.trace", and a
/// protobuf message of BuildKit, encoded in base64, in "aux".
///
/// options:
/// tar: the source of the tar, which may be compressed. It remains owned by the caller. NULL
/// if "remote" is set.
/// build: receives a stream of progress messages; free it with dockline_stream_free(), which
/// also cancels a build in progress.
///
/// Returns DOCKLINE_OK, or a negative status.
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
        build.put_handle(dockline_stream::build(api::start_build(context, &options, tar)?));
        Ok(())
    })
}

/// Builds an image from a directory.
///
/// POST /build. The directory is the build context. Files that match its .dockerignore are not
/// sent, as with the docker command. For a Dockerfile called NAME, the file NAME.dockerignore
/// beside it is used instead if it exists.
///
/// The option "dockerfile" is a path relative to the directory, or an absolute path. A Dockerfile
/// outside the directory is sent under another name, which is added to .dockerignore: COPY does
/// not see it, except with BuildKit, which ignores the .dockerignore of a tar.
///
/// The directory is read while it is sent, in constant memory. Everything else is as for
/// dockline_image_build().
///
/// options: as for dockline_image_build().
/// path: path of the directory.
/// build: receives a stream of progress messages; free it with dockline_stream_free(), which
/// also cancels a build in progress.
///
/// Returns DOCKLINE_OK; DOCKLINE_IO if the Dockerfile is missing (before anything is sent), or
/// if a file cannot be read, or disappears or changes its size during the upload (the error
/// message names the file); or another negative status.
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
        let started = api::directory::start_directory_build(context, &options, path)?;
        build.put_handle(dockline_stream::build(started));
        Ok(())
    })
}

/// Builds an image from the text of a Dockerfile.
///
/// POST /build. The build context holds no other files. Everything else is as for
/// dockline_image_build().
///
/// options: as for dockline_image_build().
/// dockerfile: the contents of the Dockerfile.
/// build: receives a stream of progress messages; free it with dockline_stream_free(), which
/// also cancels a build in progress.
///
/// Returns DOCKLINE_OK, or a negative status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_image_build_dockerfile(
    context: *const dockline_context,
    options: *const dockline_value,
    dockerfile: *const c_char,
    build: *mut *mut dockline_stream,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ImageBuild", error, || {
        let build = arg::out("build", build)?;
        let context = self::context(context)?;
        let options: ImageBuildOptions = arg::options(options)?;
        let dockerfile = arg::text("dockerfile", dockerfile)?;
        let started = api::directory::start_dockerfile_build(context, &options, dockerfile)?;
        build.put_handle(dockline_stream::build(started));
        Ok(())
    })
}

/// Builds an image from the text of a Dockerfile and a directory.
///
/// POST /build. As dockline_image_build_directory() with a Dockerfile outside the directory.
///
/// options: as for dockline_image_build(), without "dockerfile".
/// dockerfile: the contents of the Dockerfile.
/// path: path of the directory.
/// build: receives a stream of progress messages; free it with dockline_stream_free(), which
/// also cancels a build in progress.
///
/// Returns DOCKLINE_OK, or a negative status as for dockline_image_build_directory().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_image_build_dockerfile_in(
    context: *const dockline_context,
    options: *const dockline_value,
    dockerfile: *const c_char,
    path: *const c_char,
    build: *mut *mut dockline_stream,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ImageBuild", error, || {
        let build = arg::out("build", build)?;
        let context = self::context(context)?;
        let options: ImageBuildOptions = arg::options(options)?;
        let dockerfile = arg::text("dockerfile", dockerfile)?;
        let path = Path::new(arg::text("path", path)?);
        let start = api::directory::start_dockerfile_build_in;
        build.put_handle(dockline_stream::build(start(context, &options, dockerfile, path)?));
        Ok(())
    })
}

/// Returns the name of the builder.
///
/// build: a stream of dockline_image_build() or its variants; may be NULL.
///
/// Returns "classic" or "BuildKit", the builders of Docker, or "Buildah", the builder of
/// Podman. The string is static. Returns NULL if build is NULL or another kind of stream.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_build_builder(build: *const dockline_stream) -> *const c_char {
    guard_or(ptr::null(), || {
        match arg::optional(build).and_then(|build| build.build.as_ref()).map(|it| it.state.builder)
        {
            Some(Builder::Classic) => c"classic".as_ptr(),
            Some(Builder::BuildKit) => c"BuildKit".as_ptr(),
            Some(Builder::Buildah) => c"Buildah".as_ptr(),
            None => ptr::null(),
        }
    })
}

/// Returns the ID of the image that was built.
///
/// The engine reports the ID in the messages of the stream. A build with several stages may
/// report several IDs; the last one is returned. Before API 1.29, it is the short ID in the
/// text of the last message, and is known at the end of the stream.
///
/// build: a stream of dockline_image_build() or its variants; may be NULL.
///
/// Returns a string that belongs to build and is valid until the next call with it. Returns
/// NULL if the engine has not reported an ID yet, if "outputs" exports something other than an
/// image, or if build is NULL or another kind of stream.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_build_image_id(build: *const dockline_stream) -> *const c_char {
    guard_or(ptr::null(), || match arg::optional(build).and_then(|build| build.build.as_ref()) {
        Some(building) if !building.image.is_empty() => building.image.as_ptr(),
        _ => ptr::null(),
    })
}

/// Removes build cache.
///
/// POST /build/prune. Since API 1.31. The cache is that of BuildKit.
///
/// options:
/// pruned: receives an object with "CachesDeleted" and "SpaceReclaimed" (bytes); free it with
/// dockline_value_free().
///
/// Returns DOCKLINE_OK, or a negative status.
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
        let request = api::prune(&options, context.version_for("BuildPrune")?);
        pruned.put_handle(context.call_value(request)?.into());
        Ok(())
    })
}

/// Cancels a BuildKit build by its ID.
///
/// POST /build/cancel. Since API 1.38. The build may have been started by another client. To
/// cancel a build of this program, free its stream, or cancel the token of
/// dockline_stream_cancel_token() from another thread.
///
/// id: the ID that the client set with the option "buildid".
///
/// Returns DOCKLINE_OK, or a negative status.
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
