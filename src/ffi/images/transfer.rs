//! Images: pull, push, save and load
//!
//! Pull, push and load return a stream of progress messages. Read it to its end with
//! dockline_stream_next() or dockline_stream_each(): the work is complete only then. Freeing
//! the stream earlier cancels it.

use std::ffi::{c_char, c_int};
use std::ptr;

use crate::api::images::transfer as api;
use crate::ffi::arg;
use crate::ffi::context::{context, dockline_context};
use crate::ffi::download::dockline_download;
use crate::ffi::failure::dockline_error;
use crate::ffi::guard::{guard, guard_or};
use crate::ffi::json::dockline_value;
use crate::ffi::source::dockline_source;
use crate::ffi::stream::{Pushing, dockline_stream};
use crate::{ImageCreateOptions, ImageGetOptions, ImageLoadOptions, ImagePushOptions};

/// Pulls or imports an image.
///
/// POST /images/create. "fromImage" pulls an image; if neither the reference nor "tag" has a
/// tag or digest, the tag is "latest", unless "allTags" is true. "fromSrc" imports a tar of a
/// root filesystem: from a URL, or from the parameter tar if it is "-".
///
/// The function returns when the tar has been sent, or earlier if the engine rejects it. The
/// pull or import is complete only when progress has been read to its end. Failures until
/// then, such as a missing image, may be reported by progress with DOCKLINE_STREAM.
///
/// options: either "fromImage" or "fromSrc" is required.
/// tar: the source of the tar if "fromSrc" is "-", otherwise NULL. The tar may be compressed.
/// The source remains owned by the caller.
/// progress: receives a stream of progress messages; free it with dockline_stream_free().
///
/// Returns DOCKLINE_OK, or a negative status.
///
///    dockline_value_set_string(options, "/fromImage", "busybox:1.37", &error);
///    dockline_image_create(context, options, NULL, &progress, &error);
///    while ((status = dockline_stream_next(progress, &message, &error)) == DOCKLINE_OK)
///        puts(dockline_value_string(dockline_value_get(message, "/status"), ""));
///    dockline_stream_free(progress);
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_image_create(
    context: *const dockline_context,
    options: *const dockline_value,
    tar: *mut dockline_source,
    progress: *mut *mut dockline_stream,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ImageCreate", error, || {
        let progress = arg::out("progress", progress)?;
        let context = self::context(context)?;
        let options: ImageCreateOptions = arg::options(options)?;
        let tar = tar.as_mut().map(dockline_source::reader);
        let response = context.open_stream(api::create(&options, tar.is_some()), tar)?;
        progress.put_handle(dockline_stream::messages(response.body));
        Ok(())
    })
}

/// Pushes an image to its registry.
///
/// POST /images/{name}/push. The registry is part of the name of the image. If neither the name
/// nor "tag" has a tag, the tag is "latest", unless "allTags" is true.
///
/// The push is complete only when progress has been read to its end. Engines respond before
/// they contact the registry: errors of the registry, such as wrong credentials, are reported
/// by progress with DOCKLINE_STREAM. Afterwards, dockline_push_digest(), dockline_push_tag() and
/// dockline_push_size() return what is in the registry now.
///
/// name: reference of the image.
/// options:
/// progress: receives a stream of progress messages; free it with dockline_stream_free().
///
/// Returns DOCKLINE_OK, or a negative status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_image_push(
    context: *const dockline_context,
    name: *const c_char,
    options: *const dockline_value,
    progress: *mut *mut dockline_stream,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ImagePush", error, || {
        let progress = arg::out("progress", progress)?;
        let context = self::context(context)?;
        let name = arg::text("name", name)?;
        let options: ImagePushOptions = arg::options(options)?;
        let response = context.open_stream(api::push(name, &options), None)?;
        progress.put_handle(dockline_stream::push(response.body));
        Ok(())
    })
}

/// Returns the digest of the manifest that a push has put into the registry.
///
/// The engine reports it in one of the last messages of the stream. A push of several tags
/// reports several; the last one is returned.
///
/// push: a stream of dockline_image_push(); may be NULL.
///
/// Returns a string such as "sha256:…", which belongs to push and is valid until the next call
/// with it. Returns NULL if the engine has not reported a digest yet, or if push is NULL or
/// another kind of stream.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_push_digest(push: *const dockline_stream) -> *const c_char {
    guard_or(ptr::null(), || reported(push).map_or(ptr::null(), |pushing| pushing.digest.as_ptr()))
}

/// Returns the tag that a push has put into the registry.
///
/// push: a stream of dockline_image_push(); may be NULL.
///
/// Returns a string, as for dockline_push_digest().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_push_tag(push: *const dockline_stream) -> *const c_char {
    guard_or(ptr::null(), || reported(push).map_or(ptr::null(), |pushing| pushing.tag.as_ptr()))
}

/// Returns the size of the manifest that a push has put into the registry.
///
/// push: a stream of dockline_image_push(); may be NULL.
///
/// Returns the size in bytes; 0 if dockline_push_digest() would return NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_push_size(push: *const dockline_stream) -> i64 {
    guard_or(0, || reported(push).map_or(0, |pushing| pushing.result.size))
}

/// The state of a push whose result the engine has reported.
unsafe fn reported<'a>(push: *const dockline_stream) -> Option<&'a Pushing> {
    let pushing = arg::optional(push)?.push.as_ref()?;
    (!pushing.result.digest.is_empty()).then_some(pushing)
}

/// Saves an image as a tar.
///
/// GET /images/{name}/get. The tar holds the layers and tags of the image, as from docker
/// save.
///
/// name: reference, ID or ID prefix of the image.
/// options:
/// tar: receives the download; free it with dockline_download_free().
///
/// Returns DOCKLINE_OK, or a negative status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_image_get(
    context: *const dockline_context,
    name: *const c_char,
    options: *const dockline_value,
    tar: *mut *mut dockline_download,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ImageGet", error, || {
        let tar = arg::out("tar", tar)?;
        let context = self::context(context)?;
        let name = arg::text("name", name)?;
        let options: ImageGetOptions = arg::options(options)?;
        tar.put_handle(dockline_download(context.images().get(name, &options)?));
        Ok(())
    })
}

/// Saves several images as one tar.
///
/// GET /images/get. Layers that the images share are stored once.
///
/// names: an array of strings: references, IDs or ID prefixes of the images. At least one is
/// required.
/// options: as for dockline_image_get().
/// tar: receives the download; free it with dockline_download_free().
///
/// Returns DOCKLINE_OK, or a negative status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_image_get_all(
    context: *const dockline_context,
    names: *const dockline_value,
    options: *const dockline_value,
    tar: *mut *mut dockline_download,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ImageGetAll", error, || {
        let tar = arg::out("tar", tar)?;
        let context = self::context(context)?;
        let names: Vec<String> = arg::body("names", names)?;
        let options: ImageGetOptions = arg::options(options)?;
        tar.put_handle(dockline_download(context.images().get_all(&names, &options)?));
        Ok(())
    })
}

/// Loads images from a tar.
///
/// POST /images/load. The tar comes from dockline_image_get() or docker save, and may be
/// compressed.
///
/// The function returns when the tar has been sent, or earlier if the engine rejects it. The
/// load is complete only when progress has been read to its end. Failures until then may be
/// reported by progress with DOCKLINE_STREAM.
///
/// options:
/// tar: the source of the tar, which is read to its end. It remains owned by the caller.
/// progress: receives a stream of progress messages; free it with dockline_stream_free().
///
/// Returns DOCKLINE_OK, or a negative status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_image_load(
    context: *const dockline_context,
    options: *const dockline_value,
    tar: *mut dockline_source,
    progress: *mut *mut dockline_stream,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ImageLoad", error, || {
        let progress = arg::out("progress", progress)?;
        let context = self::context(context)?;
        let options: ImageLoadOptions = arg::options(options)?;
        let tar = arg::handle_mut("tar", tar)?.reader();
        let response = context.open_stream(api::load(&options), Some(tar))?;
        progress.put_handle(dockline_stream::messages(response.body));
        Ok(())
    })
}
