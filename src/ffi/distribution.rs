use std::ffi::{c_char, c_int};

use super::arg;
use super::context::{context, dockline_context};
use super::failure::dockline_error;
use super::guard::guard;
use super::json::dockline_value;
use crate::DistributionInspectOptions;
use crate::api::distribution as api;

/// Tells what the registry has under the name of an image, without pulling it
/// (GET /distribution/{name}/json). Since API 1.30.
///
/// name: a reference with tag or digest, latest unless given.
/// Options: "X-Registry-Auth" (object: "username" and "password", or "identitytoken"; see
/// CREDENTIALS at the top).
///
/// Returns DOCKLINE_OK; DOCKLINE_UNAUTHORIZED when the registry wants credentials, or others, with
/// registries and engines that do not like to tell DOCKLINE_FORBIDDEN, DOCKLINE_NOT_FOUND or
/// DOCKLINE_ENGINE, the latter two also when there is no such image; or another negative
/// dockline_status.
/// *found has "/Descriptor/digest", "/Descriptor/mediaType", "/Descriptor/size" and "/Platforms"
/// (array of objects: "os", "architecture" and so on); free it with dockline_value_free().
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
