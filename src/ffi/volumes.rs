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

/// Lists volumes (GET /volumes).
///
/// Options: "filters" (object: "dangling", "driver", "label", "name").
///
/// Returns DOCKLINE_OK, or a negative dockline_status.
/// *list has "/Volumes" (array of objects, or null) and "/Warnings" (array of texts, or null: where
/// a driver did not answer, and so its volumes are missing); free it with dockline_value_free().
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

/// Makes a volume (POST /volumes/create). Where there is one of this name and driver already, that
/// one is given.
///
/// body: "Name", "Driver", "DriverOpts", "Labels", "ClusterVolumeSpec" as the Engine API defines
/// them; NULL for a volume with a name that the engine makes up.
///
/// Returns DOCKLINE_OK, DOCKLINE_CONFLICT when the name belongs to a volume of another driver, or
/// another negative dockline_status. Free *volume with dockline_value_free().
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

/// Tells everything about a volume but its size, which dockline_system_data_usage() tells
/// (GET /volumes/{name}).
///
/// Returns DOCKLINE_OK, or a negative dockline_status. Free *volume with dockline_value_free().
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

/// Changes a volume of the cluster: its availability, which is all that can be changed
/// (PUT /volumes/{name}). Since API 1.42.
///
/// Options: "version" (integer: "/ClusterVolume/Version/Index" of the volume as it was read; must
/// be given).
/// body: "Spec" (object: "/ClusterVolume/Spec" of the volume, read, changed and sent whole; what
/// this library does not know of it is kept).
///
/// Returns DOCKLINE_OK; DOCKLINE_CONFLICT when somebody else has changed it since it was read;
/// DOCKLINE_NOT_FOUND when it is no volume of the cluster; DOCKLINE_NO_SWARM or
/// DOCKLINE_NOT_MANAGER when the engine is no manager of a swarm; or another negative
/// dockline_status.
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

/// Reads a volume of the cluster, lets change change its spec, and sends that back
/// (PUT /volumes/{name}); anew, with another call of change, where it has changed in between, ten
/// times at most. Since API 1.42.
///
/// change: as for dockline_swarm_update_with(); it gets "/ClusterVolume/Spec" of the volume.
///
/// Returns DOCKLINE_OK, DOCKLINE_STOPPED when change ended it, DOCKLINE_INVALID_ARGUMENT when it is
/// no volume of the cluster, or another negative dockline_status.
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
                    return Err(api::no_cluster(name));
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

/// Deletes a volume and what is stored in it (DELETE /volumes/{name}).
///
/// Options: "force" (boolean, since API 1.25: forgets it even where its driver has lost it; a
/// volume that is not there is no error then).
///
/// Returns DOCKLINE_OK, DOCKLINE_CONFLICT when a container uses it, running or not, or another
/// negative dockline_status.
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

/// Deletes the volumes that no container uses, and what is stored in them (POST /volumes/prune).
/// Since API 1.25.
///
/// Options: "filters" (object: "label", "label!"; and "all", which as true takes named volumes too;
/// engines below API 1.42 take them always).
///
/// Returns DOCKLINE_OK, DOCKLINE_CONFLICT while another prune is under way, or another negative
/// dockline_status.
/// *pruned has "/VolumesDeleted" (array of names, or null) and "/SpaceReclaimed" (bytes); free it
/// with dockline_value_free().
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
        pruned.put_handle(context.call_value(api::prune(&options, context.api_version()?))?.into());
        Ok(())
    })
}
