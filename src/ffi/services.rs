use std::ffi::{c_char, c_int, c_void};

use super::arg;
use super::context::{context, dockline_context};
use super::failure::{Fail, dockline_error};
use super::guard::guard;
use super::json::dockline_value;
use super::output::dockline_output;
use super::status::dockline_status::*;
use super::stream::dockline_stream;
use super::update;
use crate::api::services as api;
use crate::model::ServiceSpec;
use crate::{
    Context, Result, ServiceCreateOptions, ServiceInspectOptions, ServiceListOptions,
    ServiceLogsOptions, ServiceUpdateOptions, ServiceWaitOptions, Value,
};

/// Lists services (GET /services).
///
/// Options: "filters" (object: "id", "label", "mode", "name"), "status" (boolean, since API 1.41:
/// also how many tasks run and how many shall, in "/ServiceStatus").
///
/// Returns DOCKLINE_OK, or a negative dockline_status.
/// *list is an array of objects; free it with dockline_value_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_service_list(
    context: *const dockline_context,
    options: *const dockline_value,
    list: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ServiceList", error, || {
        let list = arg::out("list", list)?;
        let context = self::context(context)?;
        let options: ServiceListOptions = arg::options(options)?;
        list.put_handle(context.call_value(api::list(&options))?.into());
        Ok(())
    })
}

/// Makes a service, which the managers then keep running (POST /services/create).
/// dockline_service_wait_converged() tells how that goes.
///
/// Options: "X-Registry-Auth" (object: "username" and "password", or "identitytoken": credentials
/// for the image's registry, which go along for the nodes to pull with, and which the managers
/// keep), "withRegistryAuth" (boolean: sends the context's own credentials, where those are not
/// given), "queryRegistry" (boolean, true unless given: asks the registry, through the engine, for
/// the digest of the image and the platforms it is for, so that all nodes run the same; where it
/// cannot be asked a warning tells so).
/// spec: "Name", "TaskTemplate", "Mode" and so on, as the Engine API defines them.
///
/// Returns DOCKLINE_OK, DOCKLINE_CONFLICT when the name is taken, or another negative
/// dockline_status.
/// *created has "/ID", and "/Warnings" (array of texts, null or nothing); free it with
/// dockline_value_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_service_create(
    context: *const dockline_context,
    options: *const dockline_value,
    spec: *const dockline_value,
    created: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ServiceCreate", error, || {
        let created = arg::out("created", created)?;
        let context = self::context(context)?;
        let options: ServiceCreateOptions = arg::options(options)?;
        let spec: ServiceSpec = arg::body("spec", spec)?;
        let response = api::make(context, &options, &spec, |request| context.call_value(request))?;
        created.put_handle(warned(response)?);
        Ok(())
    })
}

/// Tells everything about a service (GET /services/{id}).
///
/// id: its name, its id or a beginning of its id, here and in all other functions.
/// Options: "insertDefaults" (boolean, since API 1.29: fills in what the spec leaves to the engine).
///
/// Returns DOCKLINE_OK, or a negative dockline_status. Free *service with dockline_value_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_service_inspect(
    context: *const dockline_context,
    id: *const c_char,
    options: *const dockline_value,
    service: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ServiceInspect", error, || {
        let service = arg::out("service", service)?;
        let context = self::context(context)?;
        let id = arg::text("id", id)?;
        let options: ServiceInspectOptions = arg::options(options)?;
        service.put_handle(context.call_value(api::inspect(id, &options))?.into());
        Ok(())
    })
}

/// Changes a service (POST /services/{id}/update). dockline_service_update_with() does the reading
/// too.
///
/// Options: "version" (integer: "/Version/Index" of the service as it was read; must be given),
/// "registryAuthFrom" (text: from where to take credentials for the registry when none go along,
/// "spec", which is the default, or "previous-spec"), "rollback" (text, "previous": takes the
/// service back to what it was before its last update, whatever spec is sent), and
/// "X-Registry-Auth", "withRegistryAuth" and "queryRegistry" as dockline_service_create().
/// spec: "/Spec" of the service, read, changed and sent whole; what is left out of it is taken
/// back, and what this library does not know of it is kept.
///
/// Returns DOCKLINE_OK, DOCKLINE_CONFLICT when it has changed since it was read, which services also
/// do by themselves, or another negative dockline_status.
/// *updated has "/Warnings" (array of texts, null or nothing); free it with dockline_value_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_service_update(
    context: *const dockline_context,
    id: *const c_char,
    options: *const dockline_value,
    spec: *const dockline_value,
    updated: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ServiceUpdate", error, || {
        let updated = arg::out("updated", updated)?;
        let context = self::context(context)?;
        let id = arg::text("id", id)?;
        let options: ServiceUpdateOptions = arg::options(options)?;
        let spec: ServiceSpec = arg::body("spec", spec)?;
        updated.put_handle(warned(change(context, id, &options, &spec)?)?);
        Ok(())
    })
}

/// Reads a service's spec, lets change change it, and sends it back (POST /services/{id}/update);
/// anew, with another call of change, where it has changed in between, ten times at most.
///
/// Options are those of dockline_service_update(), of which "version" is filled in, and
/// "queryRegistry" asks only for an image that is another one than before.
/// change: as for dockline_swarm_update_with().
///
/// Returns DOCKLINE_OK, DOCKLINE_STOPPED when change ended it, or a negative dockline_status.
/// *updated is as for dockline_service_update(), and written with DOCKLINE_OK only.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_service_update_with(
    context: *const dockline_context,
    id: *const c_char,
    options: *const dockline_value,
    change: Option<
        unsafe extern "C" fn(user_data: *mut c_void, spec: *mut dockline_value) -> c_int,
    >,
    user_data: *mut c_void,
    updated: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ServiceUpdate", error, || {
        let updated = arg::out("updated", updated)?;
        let context = self::context(context)?;
        let id = arg::text("id", id)?;
        let options: ServiceUpdateOptions = arg::options(options)?;
        let image = std::cell::RefCell::new(String::new());
        let result = update::update_with(
            change,
            user_data,
            "",
            || {
                let service = current(context, id)?;
                let name = service.get("/Spec/TaskTemplate/ContainerSpec/Image");
                image.replace(name.and_then(Value::as_str).unwrap_or_default().to_owned());
                Ok(service)
            },
            |version, spec: ServiceSpec| {
                let options = api::settled(&options, version, &image.borrow(), &spec);
                self::change(context, id, &options, &spec)
            },
        );
        let Some(response) = result? else { return Ok(DOCKLINE_STOPPED) };
        updated.put_handle(warned(response)?);
        Ok(DOCKLINE_OK)
    })
}

/// Takes a service back to what it was before its last update (POST /services/{id}/update), as its
/// "RollbackConfig" says. Done twice, the update is there again. Since API 1.28.
///
/// Returns DOCKLINE_OK, DOCKLINE_BAD_REQUEST when it was never updated, or another negative
/// dockline_status.
/// *updated is as for dockline_service_update().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_service_rollback(
    context: *const dockline_context,
    id: *const c_char,
    updated: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ServiceUpdate", error, || {
        let updated = arg::out("updated", updated)?;
        let context = self::context(context)?;
        let response = context.services().rollback(arg::text("id", id)?)?;
        updated.put_handle(arg::to_value(&response)?);
        Ok(())
    })
}

/// Deletes a service (DELETE /services/{id}). Its tasks are stopped and removed after that.
///
/// Returns DOCKLINE_OK, or a negative dockline_status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_service_delete(
    context: *const dockline_context,
    id: *const c_char,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ServiceDelete", error, || {
        let context = self::context(context)?;
        Ok(context.services().delete(arg::text("id", id)?)?)
    })
}

/// Reads what the tasks of a service have written (GET /services/{id}/logs). Since API 1.25.
///
/// Options: "follow" (boolean: goes on with what is written from now on, also by tasks that are yet
/// to come), "stdout" and "stderr" (boolean, both true unless given), "since" (Unix seconds;
/// RFC 3339 text; or text such as "10m" for so long ago), "timestamps" (boolean: the time and a
/// blank before each line), "tail" (integer: so many lines from the end, of each task; or "all",
/// which is the default), "details" (boolean: which node, service and task it is from, before each
/// line).
///
/// Returns DOCKLINE_OK, or a negative dockline_status. Free *output with dockline_output_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_service_logs(
    context: *const dockline_context,
    id: *const c_char,
    options: *const dockline_value,
    output: *mut *mut dockline_output,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ServiceLogs", error, || {
        let output = arg::out("output", output)?;
        let context = self::context(context)?;
        let id = arg::text("id", id)?;
        let options: ServiceLogsOptions = arg::options(options)?;
        output.put_handle(context.services().logs(id, &options)?.into());
        Ok(())
    })
}

/// Follows a service until as many of its tasks run as shall, and what they run is what they shall
/// run; of a job, until as many have succeeded. Since API 1.29.
///
/// Options: "monitor" (seconds that all tasks must run without an end before the service counts as
/// converged; what its "UpdateConfig" says, or 5, unless given).
///
/// The items of *progress are objects; the first tells how it is now, and each other that something
/// has changed: "/State" (text), "/Running" and "/Desired" (how many tasks run and are what they
/// shall be, and how many shall), "/Completed" (how many tasks of a job have succeeded),
/// "/UpdateStatus" (object or null: how far its update is), "/Problems" (array of tasks that failed,
/// were rejected or find no node, each told once; "/Status/Err" of a task says why). The state is
/// "converging" in all items but the last, where it tells how it ended: "converged", "paused" (too
/// many tasks of an update failed), "rolled_back" (it is again what it was before its last update),
/// or "rollback_paused".
///
/// Where it never ends, such as when no node takes its tasks, the context's "deadline", which here is
/// for the whole wait, or the handle of dockline_stream_cancel_token() end it.
///
/// Returns DOCKLINE_OK, or a negative dockline_status. Free *progress with dockline_stream_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_service_wait_converged(
    context: *const dockline_context,
    id: *const c_char,
    options: *const dockline_value,
    progress: *mut *mut dockline_stream,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ServiceInspect", error, || {
        let progress = arg::out("progress", progress)?;
        let context = self::context(context)?;
        let id = arg::text("id", id)?;
        let options: ServiceWaitOptions = arg::options(options)?;
        let wait = context.services().wait_converged(id, &options)?;
        progress.put_handle(dockline_stream::converging(wait));
        Ok(())
    })
}

fn current(context: &Context, id: &str) -> Result<Value> {
    context.call_value(api::inspect(id, &ServiceInspectOptions::default()))
}

/// The response to an update, and a warning beside it.
fn change(
    context: &Context,
    id: &str,
    options: &ServiceUpdateOptions,
    spec: &ServiceSpec,
) -> Result<(Value, Option<String>)> {
    api::change(context, id, options, spec, |request| context.call_value(request))
}

/// A response with the warning in it.
fn warned((mut response, warning): (Value, Option<String>)) -> Result<dockline_value, Fail> {
    if let Some(warning) = warning {
        if response.get("/Warnings").is_none_or(Value::is_null) {
            response.set("/Warnings", Value::array())?;
        }
        response.set("/Warnings/-", warning)?;
    }
    Ok(response.into())
}
