//! Services
//!
//! A service runs a number of equal tasks on the nodes of a swarm. dockline_service_create()
//! and dockline_service_update() return before the tasks have started;
//! dockline_service_wait_converged() waits for them. The functions require a swarm manager.

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

/// Lists services.
///
/// GET /services.
///
/// options: with "status", each object has "ServiceStatus" with the running and the desired
/// number of tasks.
/// list: receives an array of objects (Service); free it with dockline_value_free().
///
/// Returns DOCKLINE_OK, or a negative status.
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

/// Creates a service.
///
/// POST /services/create. The managers start its tasks after the function has returned: see
/// dockline_service_wait_converged().
///
/// Unless "queryRegistry" is false, the image is first resolved to its digest, so that all
/// nodes run the same image. If the registry cannot be queried, the service is created without
/// it and a warning is added.
///
/// options: credentials in "X-Registry-Auth" are stored by the managers, and used by the nodes
/// to pull the image.
/// spec: the configuration (ServiceSpec): "Name", "TaskTemplate", "Mode" and so on. Required.
/// created: receives an object with "ID" and "Warnings" (array of strings; may be null or
/// missing); free it with dockline_value_free().
///
/// Returns DOCKLINE_OK; DOCKLINE_CONFLICT if the name is in use; or another negative status.
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
        let response =
            api::create_resolved(context, &options, &spec, |request| context.call_value(request))?;
        created.put_handle(with_warning(response)?);
        Ok(())
    })
}

/// Inspects a service.
///
/// GET /services/{id}.
///
/// id: name, ID or ID prefix of the service.
/// options:
/// service: receives an object (Service); free it with dockline_value_free().
///
/// Returns DOCKLINE_OK; DOCKLINE_NOT_FOUND if the service does not exist; DOCKLINE_BAD_REQUEST
/// if several IDs have this prefix; or another negative status.
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

/// Changes a service.
///
/// POST /services/{id}/update. The managers replace the tasks after the function has returned:
/// see dockline_service_wait_converged(). dockline_service_update_with() also reads the
/// service and retries on conflicts.
///
/// id: name, ID or ID prefix of the service.
/// options: "version" is required: "/Version/Index" of the service as it was read.
/// spec: the whole "/Spec" of the service as it was read, with the changes. Omitted fields are
/// reset. Fields that are unknown to this library are sent back unchanged. Required.
/// updated: receives an object with "Warnings" (array of strings; may be null or missing);
/// free it with dockline_value_free().
///
/// Returns DOCKLINE_OK; DOCKLINE_CONFLICT if the service has changed since it was read, which
/// also happens without another client; or another negative status.
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
        updated.put_handle(with_warning(send_update(context, id, &options, &spec)?)?);
        Ok(())
    })
}

/// Changes a service by a callback.
///
/// GET /services/{id} and POST /services/{id}/update. Reads the service, calls change with its
/// "/Spec" and sends the result. If the service has changed in the meantime, this is repeated,
/// up to ten times.
///
/// id: name, ID or ID prefix of the service.
/// options: as for dockline_service_update(), except that "version" is set by this function
/// and "queryRegistry" applies only if the image has changed.
/// change: called with the spec on the calling thread, possibly several times. It changes the
/// spec in place with dockline_value_set_string() and similar functions. The spec is valid
/// during the call and must not be freed. Return 0 to send it, or another value to stop; then
/// nothing is sent. The callback may call this library; it must not leave by longjmp() or an
/// exception.
/// updated: as for dockline_service_update(). It is written only if the function returns
/// DOCKLINE_OK.
///
/// Returns DOCKLINE_OK; DOCKLINE_STOPPED if change returned a value other than 0; or a
/// negative status.
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
        let previous_image = std::cell::RefCell::new(String::new());
        let result = update::update_with(
            change,
            user_data,
            "",
            || {
                let service = inspect(context, id)?;
                let name = service.get("/Spec/TaskTemplate/ContainerSpec/Image");
                previous_image.replace(name.and_then(Value::as_str).unwrap_or_default().to_owned());
                Ok(service)
            },
            |version, spec: ServiceSpec| {
                let options =
                    api::update_options(&options, version, &previous_image.borrow(), &spec);
                send_update(context, id, &options, &spec)
            },
        );
        let Some(response) = result? else { return Ok(DOCKLINE_STOPPED) };
        updated.put_handle(with_warning(response)?);
        Ok(DOCKLINE_OK)
    })
}

/// Rolls a service back to its previous spec.
///
/// POST /services/{id}/update. Since API 1.28. The spec from before the last update is
/// restored, as configured by "RollbackConfig" of the service. A second rollback restores the
/// update.
///
/// id: name, ID or ID prefix of the service.
/// updated: receives an object with "Warnings" (array of strings; may be null or missing);
/// free it with dockline_value_free().
///
/// Returns DOCKLINE_OK; DOCKLINE_BAD_REQUEST if the service was never updated; or another
/// negative status.
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

/// Removes a service.
///
/// DELETE /services/{id}. Its tasks are stopped and removed after the function has returned.
///
/// id: name, ID or ID prefix of the service.
///
/// Returns DOCKLINE_OK; DOCKLINE_NOT_FOUND if the service does not exist; or another negative
/// status.
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

/// Reads the logs of all tasks of a service.
///
/// GET /services/{id}/logs. Since API 1.25. By default the output is what the tasks have
/// written to stdout and stderr so far. With "follow" it continues, also with the output of
/// tasks that start later.
///
/// Engines before API 1.42 do not report whether the stream is multiplexed. With them the
/// service is inspected first.
///
/// id: name, ID or ID prefix of the service.
/// options: "since" takes Unix seconds, an RFC 3339 string, or a string such as "10m" for ten
/// minutes ago. "tail" takes a number of lines for each task, or "all".
/// output: receives the output; free it with dockline_output_free().
///
/// Returns DOCKLINE_OK, or a negative status.
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

/// Waits until a service has converged.
///
/// Since API 1.29. Polls the service, its tasks and the nodes. A service has converged when
/// the desired number of up-to-date tasks is running and no task has ended for "monitor"
/// seconds. A job has converged when the desired number of tasks has completed.
///
/// The items of progress are objects. The first describes the current state, each further one
/// a change:
///
///    State         "converging" in all items except the last
///    Running       number of up-to-date tasks that are running
///    Desired       desired number of such tasks
///    Completed     number of completed tasks of a job
///    UpdateStatus  the engine's status of the update, or null
///    Problems      Task objects that failed, were rejected or have no suitable node, each
///                  reported once; "/Status/Err" is the reason
///
/// The state of the last item is "converged"; "paused" if too many tasks of an update failed;
/// "rolled_back" if the spec from before the last update is active again; or "rollback_paused"
/// if too many tasks of the rollback failed.
///
/// Some services never converge, for example if no node can run the tasks. The context's
/// "deadline", which applies to the whole wait, or the token of dockline_stream_cancel_token()
/// end the wait. The service is not affected.
///
/// id: name, ID or ID prefix of the service.
/// options:
/// progress: receives the stream; free it with dockline_stream_free().
///
/// Returns DOCKLINE_OK; DOCKLINE_NOT_FOUND if the service does not exist; or another negative
/// status. dockline_stream_next() fails with DOCKLINE_NOT_FOUND if the service is removed
/// during the wait, and with DOCKLINE_TIMEOUT after the deadline.
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

fn inspect(context: &Context, id: &str) -> Result<Value> {
    context.call_value(api::inspect(id, &ServiceInspectOptions::default()))
}

/// Sends an update. Returns the response, and the warning of a registry query that failed.
fn send_update(
    context: &Context,
    id: &str,
    options: &ServiceUpdateOptions,
    spec: &ServiceSpec,
) -> Result<(Value, Option<String>)> {
    api::update_resolved(context, id, options, spec, |request| context.call_value(request))
}

/// Adds the warning to the response's "Warnings".
fn with_warning((mut response, warning): (Value, Option<String>)) -> Result<dockline_value, Fail> {
    if let Some(warning) = warning {
        if response.get("/Warnings").is_none_or(Value::is_null) {
            response.set("/Warnings", Value::array())?;
        }
        response.set("/Warnings/-", warning)?;
    }
    Ok(response.into())
}
