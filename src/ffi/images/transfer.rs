use std::ffi::{c_char, c_int};

use crate::api::images::transfer as api;
use crate::ffi::arg;
use crate::ffi::context::{context, dockline_context};
use crate::ffi::download::dockline_download;
use crate::ffi::failure::dockline_error;
use crate::ffi::guard::guard;
use crate::ffi::json::dockline_value;
use crate::ffi::source::dockline_source;
use crate::ffi::stream::dockline_stream;
use crate::{ImageCreateOptions, ImageGetOptions, ImageLoadOptions, ImagePushOptions};

/// Pulls an image, or imports one from a tar of its root directory (POST /images/create).
///
/// Options: "fromImage" (text: the reference to pull; its latest tag unless "tag" or the reference
/// says otherwise), "fromSrc" (text: a URL to import, or "-" for the bytes of tar), "repo" and
/// "tag" (text: the name of an imported image), "message" (text), "changes" (array of texts:
/// instructions of a Dockerfile, such as "CMD [\"sh\"]"), "platform" (text: os[/arch[/variant]]),
/// "X-Registry-Auth" (object: "username" and "password", or "identitytoken"; see CREDENTIALS at the
/// top).
/// tar: where the bytes come from when "fromSrc" is "-", packed or not; NULL otherwise.
///
/// This returns when all of tar is sent; an engine that refuses meanwhile is heard at once. The
/// work fails or succeeds only as *progress is read to its end.
///
/// Returns DOCKLINE_OK, or a negative dockline_status. Free *progress with dockline_stream_free().
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

/// Pushes an image to the registry in its name (POST /images/{name}/push).
///
/// Options: "tag" (text; all tags there are unless given), "platform" (object: "os",
/// "architecture", "variant": only the variant for it, of an image for several; since API 1.46),
/// "X-Registry-Auth" (object: "username" and "password", or "identitytoken"; see CREDENTIALS at the
/// top).
///
/// The work fails or succeeds only as *progress is read to its end.
///
/// Returns DOCKLINE_OK, or a negative dockline_status. Free *progress with dockline_stream_free().
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
        progress.put_handle(dockline_stream::messages(response.body));
        Ok(())
    })
}

/// Saves an image with its layers and tags as a tar (GET /images/{name}/get).
///
/// Options: "platform" (array of objects "os", "architecture", "variant": only the variants for
/// these; engines before API 1.52 take one; since API 1.48).
///
/// Returns DOCKLINE_OK, or a negative dockline_status. Free *tar with dockline_download_free().
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

/// Saves several images as one tar, in which they share layers (GET /images/get).
///
/// names: an array of texts, at least one.
/// Options: as dockline_image_get().
///
/// Returns DOCKLINE_OK, or a negative dockline_status. Free *tar with dockline_download_free().
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

/// Loads images from a tar that dockline_image_get() or docker save made, packed or not
/// (POST /images/load).
///
/// Options: "quiet" (boolean: tells only the result and not how it goes on; engines do so unless
/// told otherwise), "platform" (array of objects, as dockline_image_get()).
/// tar: where the bytes come from.
///
/// This returns when all of tar is sent; an engine that refuses meanwhile is heard at once. The
/// work fails or succeeds only as *progress is read to its end.
///
/// Returns DOCKLINE_OK, or a negative dockline_status. Free *progress with dockline_stream_free().
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
