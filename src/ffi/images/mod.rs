//! Images
//!
//! An image is named by a reference, such as busybox or registry:5000/team/app:1.2, by its ID,
//! or by an ID prefix.

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

/// Lists images.
///
/// GET /images/json.
///
/// options: a filter takes one value or an array of values, such as {"reference": "busybox"}.
/// list: receives an array of objects (ImageSummary); free it with dockline_value_free().
///
/// Returns DOCKLINE_OK, or a negative status.
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

/// Inspects an image.
///
/// GET /images/{name}/json.
///
/// name: reference, ID or ID prefix of the image.
/// options: "manifests" and "platform" exclude each other.
/// image: receives an object (ImageInspect); free it with dockline_value_free().
///
/// Returns DOCKLINE_OK; DOCKLINE_NOT_FOUND if the image does not exist; or another negative
/// status.
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

/// Lists the layers of an image.
///
/// GET /images/{name}/history.
///
/// name: reference, ID or ID prefix of the image.
/// options:
/// layers: receives an array of objects, the newest layer first, with "Id", "CreatedBy",
/// "Size" and so on; free it with dockline_value_free().
///
/// Returns DOCKLINE_OK, or a negative status.
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

/// Adds a tag to an image.
///
/// POST /images/{name}/tag.
///
/// name: reference, ID or ID prefix of the image.
/// options: "repo" is required.
///
/// Returns DOCKLINE_OK, or a negative status.
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

/// Searches Docker Hub for images.
///
/// GET /images/search.
///
/// options: "term" is required.
/// results: receives an array of objects with "name", "description", "star_count" and so on;
/// free it with dockline_value_free().
///
/// Returns DOCKLINE_OK, or a negative status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_image_search(
    context: *const dockline_context,
    options: *const dockline_value,
    results: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ImageSearch", error, || {
        let results = arg::out("results", results)?;
        let context = self::context(context)?;
        let options: ImageSearchOptions = arg::options(options)?;
        results.put_handle(context.call_value(api::search(&options))?.into());
        Ok(())
    })
}

/// Creates an image from a container.
///
/// POST /commit. The image holds the changes that the container has made to its filesystem.
///
/// options: "container" is required.
/// config: the fields of the container's configuration (ContainerConfig) to replace: "Cmd",
/// "Env" and so on. May be NULL.
/// image: receives an object with "Id"; free it with dockline_value_free().
///
/// Returns DOCKLINE_OK, or a negative status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_image_commit(
    context: *const dockline_context,
    options: *const dockline_value,
    config: *const dockline_value,
    image: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ImageCommit", error, || {
        let image = arg::out("image", image)?;
        let context = self::context(context)?;
        let options: ImageCommitOptions = arg::options(options)?;
        let config = arg::optional_given::<ContainerConfig>("config", config)?;
        image.put_handle(context.call_value(api::commit(&options, &config))?.into());
        Ok(())
    })
}

/// Lists the attestations of an image.
///
/// GET /images/{name}/attestations. Since API 1.55. Attestations are statements about the
/// origin and the contents of an image.
///
/// name: reference, ID or ID prefix of the image.
/// options:
/// statements: receives an array of objects with "Descriptor" and "PredicateType", and with
/// "Statement" if "statement" is set; free it with dockline_value_free().
///
/// Returns DOCKLINE_OK; DOCKLINE_UNAVAILABLE if the engine's image store does not keep
/// attestations; or another negative status.
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

/// Removes an image, or one of its tags.
///
/// DELETE /images/{name}.
///
/// name: reference, ID or ID prefix of the image.
/// options:
/// deleted: receives an array of objects with "Untagged" or "Deleted"; free it with
/// dockline_value_free().
///
/// Returns DOCKLINE_OK; DOCKLINE_NOT_FOUND if the image does not exist; DOCKLINE_CONFLICT if a
/// container uses the image; or another negative status.
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

/// Removes unused images.
///
/// POST /images/prune. Since API 1.25. By default only images without a tag are removed.
///
/// options: with the filter {"dangling": "false"}, tagged images that no container uses are
/// removed too.
/// pruned: receives an object with "ImagesDeleted" (array of objects with "Untagged" or
/// "Deleted", or null) and "SpaceReclaimed" (bytes); free it with dockline_value_free().
///
/// Returns DOCKLINE_OK; DOCKLINE_CONFLICT if another prune is in progress; or another negative
/// status.
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
