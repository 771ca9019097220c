use std::ffi::{c_char, c_int};

use super::arg;
use super::context::{context, dockline_context};
use super::error::dockline_error;
use super::guard::guard;
use super::source::dockline_source;
use super::stream::dockline_stream;
use super::value::dockline_value;
use crate::api::images as api;
use crate::{ImageCreateOptions, ImageDeleteOptions, ImageInspectOptions, ImageListOptions};

/// Lists images (GET /images/json).
///
/// Options: "all" (boolean: also intermediate ones), "filters" (object, such as
/// {"reference": "busybox"}), "shared-size" (boolean, since API 1.42), "digests" (boolean),
/// "manifests" (boolean, since API 1.47), "identity" (boolean, since API 1.54).
///
/// Returns DOCKLINE_OK, or a negative dockline_status.
/// *list is an array of objects; free it with dockline_value_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_image_list(
    context: *const dockline_context,
    options: *const dockline_value,
    list: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ImageList", error, || {
        let list = arg::out("list", list)?;
        let context = self::context(context)?;
        let options: ImageListOptions = arg::options(options)?;
        list.put_handle(context.call_value(api::list(&options))?.into());
        Ok(())
    })
}

/// Pulls an image, or imports one from a tar of its root folder (POST /images/create).
///
/// Options: "fromImage" (text: the reference to pull; its latest tag unless "tag" or the reference
/// says otherwise), "fromSrc" (text: a URL to import, or "-" for the bytes of tar), "repo" and "tag"
/// (text: the name of an imported image), "message" (text), "changes" (array of texts: instructions
/// of a Dockerfile, such as "CMD [\"sh\"]"), "platform" (text: os[/arch[/variant]]),
/// "X-Registry-Auth" (object: "username" and "password", or "identitytoken").
/// tar: where the bytes come from when "fromSrc" is "-", packed or not; NULL otherwise.
///
/// This returns when all of tar is sent; an engine that refuses meanwhile is heard at once. The work
/// fails or succeeds only as *progress is read to its end.
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
        let answer = context.open_stream(api::transfer::create(&options, tar.is_some()), tar)?;
        progress.put_handle(dockline_stream::messages(answer.body));
        Ok(())
    })
}

/// Tells everything about an image (GET /images/{name}/json).
///
/// name: a reference such as busybox or registry:5000/team/app:1.2, an id, or a beginning of an id,
/// here and in all other functions.
/// Options: "manifests" (boolean, since API 1.48), "platform" (object: "os", "architecture",
/// "variant"; since API 1.49).
///
/// Returns DOCKLINE_OK, or a negative dockline_status. Free *image with dockline_value_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_image_inspect(
    context: *const dockline_context,
    name: *const c_char,
    options: *const dockline_value,
    image: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ImageInspect", error, || {
        let image = arg::out("image", image)?;
        let context = self::context(context)?;
        let name = arg::text("name", name)?;
        let options: ImageInspectOptions = arg::options(options)?;
        image.put_handle(context.call_value(api::inspect(name, &options))?.into());
        Ok(())
    })
}

/// Deletes an image, or one tag of it (DELETE /images/{name}).
///
/// Options: "force" (boolean: also when stopped containers use it or other tags point to it),
/// "noprune" (boolean: keeps its untagged parents), "platforms" (array of objects "os",
/// "architecture", "variant": only these variants; since API 1.50).
///
/// Returns DOCKLINE_OK, DOCKLINE_CONFLICT when a container uses it, or another negative
/// dockline_status.
/// *deleted is an array of objects with "Untagged" or "Deleted"; free it with dockline_value_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_image_delete(
    context: *const dockline_context,
    name: *const c_char,
    options: *const dockline_value,
    deleted: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ImageDelete", error, || {
        let deleted = arg::out("deleted", deleted)?;
        let context = self::context(context)?;
        let name = arg::text("name", name)?;
        let options: ImageDeleteOptions = arg::options(options)?;
        deleted.put_handle(context.call_value(api::delete(name, &options))?.into());
        Ok(())
    })
}
