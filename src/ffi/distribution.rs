//! Distribution: images in registries

use std::ffi::{c_char, c_int};

use super::arg;
use super::context::{context, dockline_context};
use super::failure::dockline_error;
use super::guard::guard;
use super::json::dockline_value;
use crate::DistributionInspectOptions;
use crate::api::distribution as api;

/// Looks up an image in its registry.
///
/// GET /distribution/{name}/json. Since API 1.30. The image is not pulled.
///
/// name: the image reference; the tag defaults to latest.
/// options:
/// found: receives an object with "/Descriptor/digest", "/Descriptor/mediaType",
/// "/Descriptor/size" and "/Platforms" (array of objects with "os", "architecture" and so on),
/// a DistributionInspect; free it with dockline_value_free().
///
/// Returns DOCKLINE_OK; DOCKLINE_UNAUTHORIZED if the registry requires credentials or rejects
/// those that were sent; or another negative status. Some registries and engines report that
/// as DOCKLINE_FORBIDDEN, DOCKLINE_NOT_FOUND or DOCKLINE_ENGINE; the latter two are also
/// returned if the image does not exist.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_distribution_inspect(
    context: *const dockline_context,
    name: *const c_char,
    options: *const dockline_value,
    found: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("DistributionInspect", error, || {
        let found = arg::out("found", found)?;
        let context = self::context(context)?;
        let name = arg::text("name", name)?;
        let options: DistributionInspectOptions = arg::options(options)?;
        found.put_handle(context.call_value(api::inspect(name, &options))?.into());
        Ok(())
    })
}
