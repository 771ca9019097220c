mod transfer;

use std::ffi::{c_char, c_int};

use super::arg;
use super::context::{context, dockline_context};
use super::failure::dockline_error;
use super::guard::guard;
use super::json::dockline_value;
use crate::api::images as api;
use crate::model::ContainerConfig;
use crate::{
    ImageAttestationsOptions, ImageCommitOptions, ImageDeleteOptions, ImageHistoryOptions,
    ImageInspectOptions, ImageListOptions, ImagePruneOptions, ImageSearchOptions, ImageTagOptions,
};

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

/// Tells how an image was made, layer by layer, the newest first (GET /images/{name}/history).
///
/// Options: "platform" (object: "os", "architecture", "variant": the variant for it, of an image
/// for several; since API 1.48).
///
/// Returns DOCKLINE_OK, or a negative dockline_status.
/// *layers is an array of objects with "Id", "CreatedBy", "Size" and so on; free it with
/// dockline_value_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_image_history(
    context: *const dockline_context,
    name: *const c_char,
    options: *const dockline_value,
    layers: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ImageHistory", error, || {
        let layers = arg::out("layers", layers)?;
        let context = self::context(context)?;
        let name = arg::text("name", name)?;
        let options: ImageHistoryOptions = arg::options(options)?;
        layers.put_handle(context.call_value(api::history(name, &options))?.into());
        Ok(())
    })
}

/// Gives an image another name (POST /images/{name}/tag).
///
/// Options: "repo" (text: the new name without tag; must be given), "tag" (text; latest unless
/// given).
///
/// Returns DOCKLINE_OK, or a negative dockline_status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_image_tag(
    context: *const dockline_context,
    name: *const c_char,
    options: *const dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ImageTag", error, || {
        let context = self::context(context)?;
        let name = arg::text("name", name)?;
        let options: ImageTagOptions = arg::options(options)?;
        Ok(context.images().tag(name, &options)?)
    })
}

/// Looks for images on Docker Hub (GET /images/search).
///
/// Options: "term" (text: what to look for; must be given), "limit" (integer: at most so many; 25
/// unless given), "filters" (object: "is-official", "stars"),
/// "X-Registry-Auth" (object: "username" and "password", or "identitytoken"; see CREDENTIALS at the
/// top).
///
/// Returns DOCKLINE_OK, or a negative dockline_status.
/// *found is an array of objects with "name", "description", "star_count" and so on; free it with
/// dockline_value_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_image_search(
    context: *const dockline_context,
    options: *const dockline_value,
    found: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ImageSearch", error, || {
        let found = arg::out("found", found)?;
        let context = self::context(context)?;
        let options: ImageSearchOptions = arg::options(options)?;
        found.put_handle(context.call_value(api::search(&options))?.into());
        Ok(())
    })
}

/// Makes an image of what a container has changed (POST /commit).
///
/// Options: "container" (text: its id or name; must be given), "repo" and "tag" (text: the name of
/// the image; latest unless a tag is given), "comment" (text), "author" (text, such as
/// "Ada <ada@example.com>"), "pause" (boolean, true unless given: freezes the container meanwhile),
/// "changes" (array of texts: instructions of a Dockerfile, such as "CMD [\"sh\"]").
/// config: parts of the container's configuration to replace, "Cmd", "Env" and so on; NULL to leave
/// all as it is.
///
/// Returns DOCKLINE_OK, or a negative dockline_status.
/// *committed has "/Id"; free it with dockline_value_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_image_commit(
    context: *const dockline_context,
    options: *const dockline_value,
    config: *const dockline_value,
    committed: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ImageCommit", error, || {
        let committed = arg::out("committed", committed)?;
        let context = self::context(context)?;
        let options: ImageCommitOptions = arg::options(options)?;
        let config = arg::optional_given::<ContainerConfig>("config", config)?;
        committed.put_handle(context.call_value(api::commit(&options, &config))?.into());
        Ok(())
    })
}

/// Lists the statements of who built an image, and of what (GET /images/{name}/attestations). Since
/// API 1.55.
///
/// Options: "platform" (array of objects "os", "architecture", "variant": the variants for these;
/// engines take one so far), "type" (array of texts: only these kinds, by the URI of their
/// predicate), "statement" (boolean: also the statements themselves).
///
/// Returns DOCKLINE_OK, DOCKLINE_UNAVAILABLE when the engine's image store keeps none, or another
/// negative dockline_status.
/// *statements is an array of objects; free it with dockline_value_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_image_attestations(
    context: *const dockline_context,
    name: *const c_char,
    options: *const dockline_value,
    statements: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ImageAttestations", error, || {
        let statements = arg::out("statements", statements)?;
        let context = self::context(context)?;
        let name = arg::text("name", name)?;
        let options: ImageAttestationsOptions = arg::options(options)?;
        statements.put_handle(context.call_value(api::attestations(name, &options))?.into());
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
/// *deleted is an array of objects with "Untagged" or "Deleted"; free it with
/// dockline_value_free().
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

/// Deletes images that nothing uses (POST /images/prune).
///
/// Options: "filters" (object: "dangling", which as false also takes those with a tag that no
/// container uses; "until"; "label"; "label!").
///
/// Returns DOCKLINE_OK, DOCKLINE_CONFLICT while another prune is under way, or another negative
/// dockline_status.
/// *pruned has "/ImagesDeleted" (array of objects with "Untagged" or "Deleted", or null) and
/// "/SpaceReclaimed" (bytes); free it with dockline_value_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_image_prune(
    context: *const dockline_context,
    options: *const dockline_value,
    pruned: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ImagePrune", error, || {
        let pruned = arg::out("pruned", pruned)?;
        let context = self::context(context)?;
        let options: ImagePruneOptions = arg::options(options)?;
        pruned.put_handle(context.call_value(api::prune(&options))?.into());
        Ok(())
    })
}
