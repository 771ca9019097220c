//! System
//!
//! Ping, version, state, disk usage and events of the engine.

use std::ffi::c_int;

use serde::Serialize;

use super::arg;
use super::context::{context, dockline_context};
use super::failure::dockline_error;
use super::guard::guard;
use super::json::dockline_value;
use super::stream::dockline_stream;
use crate::api::reconnecting_events::ReconnectingReader;
use crate::api::system as api;
use crate::model::{AuthConfig, DiskUsageTotal, SystemDataUsage};
use crate::{SystemDataUsageOptions, SystemEventsOptions};

/// Checks whether the engine responds.
///
/// HEAD /_ping, or GET /_ping if the engine does not support HEAD.
///
/// ping: receives an object with "/APIVersion" (string, or null if the engine does not send
/// it), "/OSType", "/Experimental" (boolean), "/BuilderVersion", "/Swarm" and "/Server"
/// (strings); free it with dockline_value_free().
///
/// Returns DOCKLINE_OK; DOCKLINE_CONNECT if the engine cannot be reached; or another negative
/// status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_system_ping(
    context: *const dockline_context,
    ping: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("SystemPing", error, || {
        let ping = arg::out("ping", ping)?;
        let response = self::context(context)?.system().ping()?;
        ping.put_handle(arg::to_value(&response)?);
        Ok(())
    })
}

/// Returns the versions of the engine.
///
/// GET /version.
///
/// version: receives an object with "/Version", "/ApiVersion", "/Components" and so on, a
/// SystemVersion; free it with dockline_value_free().
///
/// Returns DOCKLINE_OK; or a negative status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_system_version(
    context: *const dockline_context,
    version: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("SystemVersion", error, || {
        let version = arg::out("version", version)?;
        version.put_handle(self::context(context)?.call_value(api::version())?.into());
        Ok(())
    })
}

/// Returns information about the engine and its host.
///
/// GET /info.
///
/// info: receives an object with numbers of objects, drivers, limits, host and swarm, a
/// SystemInfo; free it with dockline_value_free().
///
/// Returns DOCKLINE_OK; or a negative status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_system_info(
    context: *const dockline_context,
    info: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("SystemInfo", error, || {
        let info = arg::out("info", info)?;
        info.put_handle(self::context(context)?.call_value(api::info())?.into());
        Ok(())
    })
}

/// Checks credentials with a registry.
///
/// POST /auth. Neither the engine nor this library stores them, and the result callback does
/// not receive them. See dockline_credentials_login() to store them.
///
/// credentials: an object with "username" and "password", or "identitytoken", and with
/// "serveraddress" (string: the registry; Docker Hub by default). An AuthConfig.
/// response: receives an object with "/Status" (string) and "/IdentityToken" (string: to be
/// used in place of the password from now on; empty if the registry sends none); free it with
/// dockline_value_free().
///
/// Returns DOCKLINE_OK; DOCKLINE_UNAUTHORIZED if the registry rejects the credentials;
/// DOCKLINE_ENGINE if the registry cannot be reached; or another negative status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_system_auth(
    context: *const dockline_context,
    credentials: *const dockline_value,
    response: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("SystemAuth", error, || {
        let response = arg::out("response", response)?;
        let context = self::context(context)?;
        let credentials: AuthConfig = arg::body("credentials", credentials)?;
        response.put_handle(arg::to_value(&context.system().auth(&credentials)?)?);
        Ok(())
    })
}

/// Returns the disk usage of the engine's objects.
///
/// GET /system/df. Since API 1.25. The engine may read every file of every volume for this, so
/// "stream_timeout" applies in place of "read_timeout".
///
/// options: values of "type" are "container", "image", "volume" and "build-cache".
/// usage: receives an object with "/Images", "/Containers", "/Volumes" and "/BuildCache"
/// (arrays of objects) and "/LayersSize" (bytes). Since API 1.52 also with "/ImageUsage",
/// "/ContainerUsage", "/VolumeUsage" and "/BuildCacheUsage" (objects with "TotalCount",
/// "TotalSize", "ActiveCount" and "Reclaimable"); with "verbose" the arrays are their "Items"
/// instead. See dockline_system_data_usage_totals(). Free it with dockline_value_free().
///
/// Returns DOCKLINE_OK; or a negative status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_system_data_usage(
    context: *const dockline_context,
    options: *const dockline_value,
    usage: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("SystemDataUsage", error, || {
        let usage = arg::out("usage", usage)?;
        let context = self::context(context)?;
        let options: SystemDataUsageOptions = arg::options(options)?;
        usage.put_handle(context.call_value(api::data_usage(&options))?.into());
        Ok(())
    })
}

/// Returns the sums of a disk usage.
///
/// The result has the same form for all API versions. Before API 1.52 the sums are computed
/// from the arrays, as the docker command does. No engine is called.
///
/// usage: the object from dockline_system_data_usage().
/// totals: receives an object with "/Images", "/Containers", "/Volumes" and "/BuildCache":
/// objects with "TotalCount", "ActiveCount" (number in use), "TotalSize" (bytes) and
/// "Reclaimable" (bytes that are freed if those not in use are removed); free it with
/// dockline_value_free().
///
/// Returns DOCKLINE_OK; or DOCKLINE_INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_system_data_usage_totals(
    usage: *const dockline_value,
    totals: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("dockline_system_data_usage_totals", error, || {
        let totals = arg::out("totals", totals)?;
        let usage: SystemDataUsage = arg::response("usage", arg::handle("usage", usage)?)?;
        totals.put_handle(arg::to_value(&Totals {
            images: usage.images_total(),
            containers: usage.containers_total(),
            volumes: usage.volumes_total(),
            build_cache: usage.build_cache_total(),
        })?);
        Ok(())
    })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Totals {
    images: DiskUsageTotal,
    containers: DiskUsageTotal,
    volumes: DiskUsageTotal,
    build_cache: DiskUsageTotal,
}

/// Streams the events of the engine.
///
/// GET /events. Without "until" the stream does not end: see dockline_stream_cancel_token().
///
/// options: an example of "filters" is {"type": "container", "event": ["start", "die"]}.
/// events: receives the stream; free it with dockline_stream_free(). Its items are
/// EventMessage objects with "/Type", "/Action", "/Actor" and so on.
///
/// Returns DOCKLINE_OK; or a negative status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_system_events(
    context: *const dockline_context,
    options: *const dockline_value,
    events: *mut *mut dockline_stream,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("SystemEvents", error, || {
        let events = arg::out("events", events)?;
        let context = self::context(context)?;
        let options: SystemEventsOptions = arg::options(options)?;
        let response = context.open_stream(api::events(&options), None)?;
        events.put_handle(dockline_stream::records(response.body));
        Ok(())
    })
}

/// Streams events across lost connections.
///
/// GET /events. After a failure, the next call of dockline_stream_next() or
/// dockline_stream_each() connects again. Events that occurred in the meantime are then
/// returned, as far as the engine still has them; none is returned twice. The caller decides
/// when to try again and when to give up. The stream ends at "until" and after
/// DOCKLINE_CANCELLED.
///
/// options: as for dockline_system_events().
/// events: receives the stream; free it with dockline_stream_free(). A lost connection is
/// reported by its functions as DOCKLINE_DISCONNECTED or another negative status.
///
/// Returns DOCKLINE_OK; or a negative status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_system_events_reconnecting(
    context: *const dockline_context,
    options: *const dockline_value,
    events: *mut *mut dockline_stream,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("SystemEvents", error, || {
        let events = arg::out("events", events)?;
        let context = self::context(context)?;
        let options: SystemEventsOptions = arg::options(options)?;
        let reader = ReconnectingReader::open(context, &options)?;
        events.put_handle(dockline_stream::reconnecting(reader));
        Ok(())
    })
}
