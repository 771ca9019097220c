//! Volumes
//!
//! Most volumes belong to one engine. Cluster volumes, which CSI plugins provide for a swarm,
//! can also be updated.

use std::ffi::{c_char, c_int, c_void};

use super::arg;
use super::context::{context, dockline_context};
use super::failure::dockline_error;
use super::guard::guard;
use super::json::dockline_value;
use super::update;
use crate::api::volumes as api;
use crate::model::{ClusterVolumeSpec, VolumeCreateRequest, VolumeUpdateRequest};
use crate::{VolumeDeleteOptions, VolumeListOptions, VolumePruneOptions, VolumeUpdateOptions};

/// Lists volumes.
///
/// GET /volumes.
///
/// options:
/// list: receives an object with "Volumes" (array of objects, or null) and "Warnings" (array
/// of strings, or null); free it with dockline_value_free(). If a volume driver does not
/// respond, its volumes are missing from the list and a warning reports it.
///
/// Returns DOCKLINE_OK, or a negative status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_volume_list(
    context: *const dockline_context,
    options: *const dockline_value,
    list: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("VolumeList", error, || {
        let list = arg::out("list", list)?;
        let context = self::context(context)?;
        let options: VolumeListOptions = arg::options(options)?;
        list.put_handle(context.call_value(api::list(&options))?.into());
        Ok(())
    })
}

/// Creates a volume.
///
/// POST /volumes/create. If a volume with this name and driver exists already, it is returned.
///
/// body: the configuration (VolumeCreateRequest): "Name", "Driver", "DriverOpts", "Labels",
/// "ClusterVolumeSpec". If "Name" is omitted, the engine generates a name. May be NULL.
/// volume: receives an object (Volume); free it with dockline_value_free().
///
/// Returns DOCKLINE_OK; DOCKLINE_CONFLICT if a volume of another driver has this name; or
/// another negative status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_volume_create(
    context: *const dockline_context,
    body: *const dockline_value,
    volume: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("VolumeCreate", error, || {
        let volume = arg::out("volume", volume)?;
        let context = self::context(context)?;
        let body = arg::optional_given::<VolumeCreateRequest>("body", body)?;
        volume.put_handle(context.call_value(api::create(&body))?.into());
        Ok(())
    })
}

/// Inspects a volume.
///
/// GET /volumes/{name}. The size of a volume is reported by dockline_system_data_usage().
///
/// name: name of the volume.
/// volume: receives an object (Volume); free it with dockline_value_free().
///
/// Returns DOCKLINE_OK; DOCKLINE_NOT_FOUND if the volume does not exist; or another negative
/// status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_volume_inspect(
    context: *const dockline_context,
    name: *const c_char,
    volume: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("VolumeInspect", error, || {
        let volume = arg::out("volume", volume)?;
        let context = self::context(context)?;
        volume.put_handle(context.call_value(api::inspect(arg::text("name", name)?))?.into());
        Ok(())
    })
}

/// Changes the availability of a cluster volume.
///
/// PUT /volumes/{name}. Since API 1.42. The engine accepts no other changes.
/// dockline_volume_update_with() also reads the volume and retries on conflicts.
///
/// name: name of the volume.
/// options: "version" is required: "/ClusterVolume/Version/Index" of the volume as it was
/// read.
/// body: "Spec" (object) is the whole "/ClusterVolume/Spec" of the volume as it was read, with
/// the changes. Fields that are unknown to this library are sent back unchanged. Required.
///
/// Returns DOCKLINE_OK; DOCKLINE_CONFLICT if another client has changed the volume since it
/// was read; DOCKLINE_NOT_FOUND if it is not a cluster volume; DOCKLINE_NO_SWARM or
/// DOCKLINE_NOT_MANAGER if the engine is not a swarm manager; or another negative status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_volume_update(
    context: *const dockline_context,
    name: *const c_char,
    options: *const dockline_value,
    body: *const dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("VolumeUpdate", error, || {
        let context = self::context(context)?;
        let name = arg::text("name", name)?;
        let options: VolumeUpdateOptions = arg::options(options)?;
        let body = arg::given::<VolumeUpdateRequest>("body", body)?;
        Ok(context.call_outcome(api::update(name, &options, &body)).map(drop)?)
    })
}

/// Changes a cluster volume by a callback.
///
/// GET and PUT /volumes/{name}. Since API 1.42. Reads the volume, calls change with its
/// "/ClusterVolume/Spec" and sends the result. If the volume has changed in the meantime, this
/// is repeated, up to ten times.
///
/// name: name of the volume.
/// change: called with the spec on the calling thread, possibly several times. It changes the
/// spec in place with dockline_value_set_string() and similar functions. The spec is valid
/// during the call and must not be freed. Return 0 to send it, or another value to stop; then
/// nothing is sent. The callback may call this library; it must not leave by longjmp() or an
/// exception.
///
/// Returns DOCKLINE_OK; DOCKLINE_STOPPED if change returned a value other than 0;
/// DOCKLINE_INVALID_ARGUMENT if it is not a cluster volume; or another negative status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_volume_update_with(
    context: *const dockline_context,
    name: *const c_char,
    change: Option<
        unsafe extern "C" fn(user_data: *mut c_void, spec: *mut dockline_value) -> c_int,
    >,
    user_data: *mut c_void,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("VolumeUpdate", error, || {
        let context = self::context(context)?;
        let name = arg::text("name", name)?;
        let result = update::update_with(
            change,
            user_data,
            "/ClusterVolume",
            || {
                let volume = context.call_value(api::inspect(name))?;
                if volume.get("/ClusterVolume/Spec").is_none() {
                    return Err(api::not_a_cluster_volume(name));
                }
                Ok(volume)
            },
            |version, spec: ClusterVolumeSpec| {
                let body = VolumeUpdateRequest { spec: Some(spec) };
                context.volumes().update(name, &VolumeUpdateOptions { version }, &body)
            },
        );
        result.map(update::status)
    })
}

/// Removes a volume and its data.
///
/// DELETE /volumes/{name}.
///
/// name: name of the volume.
/// options: with "force", a volume that does not exist is not an error.
///
/// Returns DOCKLINE_OK; DOCKLINE_CONFLICT if a container uses the volume, running or not; or
/// another negative status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_volume_delete(
    context: *const dockline_context,
    name: *const c_char,
    options: *const dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("VolumeDelete", error, || {
        let context = self::context(context)?;
        let name = arg::text("name", name)?;
        let options: VolumeDeleteOptions = arg::options(options)?;
        Ok(context.volumes().delete(name, &options)?)
    })
}

/// Removes unused volumes and their data.
///
/// POST /volumes/prune. Since API 1.25. Removes the volumes that no container uses. Since API
/// 1.42, volumes with a name are kept by default. Podman before 6.0 removes them, too, whatever
/// API version it reports.
///
/// options: with the filter {"all": "true"}, volumes with a name are removed too, as engines
/// before API 1.42 always do.
/// pruned: receives an object with "VolumesDeleted" (array of names, or null) and
/// "SpaceReclaimed" (bytes); free it with dockline_value_free().
///
/// Returns DOCKLINE_OK; DOCKLINE_CONFLICT if another prune is in progress; or another negative
/// status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_volume_prune(
    context: *const dockline_context,
    options: *const dockline_value,
    pruned: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("VolumePrune", error, || {
        let pruned = arg::out("pruned", pruned)?;
        let context = self::context(context)?;
        let options: VolumePruneOptions = arg::options(options)?;
        let request = api::prune(&options, context.version_for("VolumePrune")?);
        pruned.put_handle(context.call_value(request)?.into());
        Ok(())
    })
}
