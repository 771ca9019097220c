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

/// Asks whether the engine is there, and what it says of itself (HEAD /_ping, and GET /_ping where
/// HEAD is not understood).
///
/// *ping has "/APIVersion" (text, or null when not said), "/OSType", "/Experimental" (boolean),
/// "/BuilderVersion", "/Swarm" and "/Server".
///
/// Returns DOCKLINE_OK, or a negative dockline_status. Free *ping with dockline_value_free().
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

/// Versions of the engine and of its components (GET /version).
///
/// Returns DOCKLINE_OK, or a negative dockline_status. Free *version with dockline_value_free().
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

/// The state of the whole engine: counts, drivers, limits, host, swarm (GET /info).
///
/// Returns DOCKLINE_OK, or a negative dockline_status. Free *info with dockline_value_free().
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

/// Asks a registry whether it accepts these credentials (POST /auth). Nothing is stored, by the
/// engine or here; the result callback does not get to see them.
///
/// credentials: "username" and "password", or "identitytoken"; "serveraddress" (text: the registry;
/// Docker Hub unless given).
///
/// Returns DOCKLINE_OK, DOCKLINE_UNAUTHORIZED when the registry does not accept them,
/// DOCKLINE_ENGINE when it cannot be reached, or another negative dockline_status.
/// *answer has "/Status" and "/IdentityToken" (text: to be used from now on instead of the
/// password; empty where the registry gives none); free it with dockline_value_free().
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

/// What the disk is used for (GET /system/df). Since API 1.25. The engine may look at every file of
/// every volume for it, so only "stream_timeout" counts.
///
/// Options: "type" (array of texts, since API 1.42: only these of "container", "image", "volume"
/// and "build-cache"), "verbose" (boolean, since API 1.52: also each of them; engines below send
/// them always).
///
/// Returns DOCKLINE_OK, or a negative dockline_status.
/// *usage has "/Images", "/Containers", "/Volumes" and "/BuildCache" (arrays of objects) and
/// "/LayersSize" (bytes). Since API 1.52 also "/ImageUsage", "/ContainerUsage", "/VolumeUsage" and
/// "/BuildCacheUsage" (objects with "TotalCount", "TotalSize", "ActiveCount" and "Reclaimable"),
/// which with "verbose" hold the arrays in their place, as "Items". Free it with
/// dockline_value_free().
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

/// What dockline_system_data_usage() told, summed up the same way for all API versions. Below 1.52
/// the sums are reckoned from the arrays, as the docker CLI does.
///
/// usage: the response of dockline_system_data_usage().
///
/// Returns DOCKLINE_OK, or DOCKLINE_INVALID_ARGUMENT.
/// *totals has "/Images", "/Containers", "/Volumes" and "/BuildCache", objects with "TotalCount",
/// "ActiveCount" (how many are in use), "TotalSize" (bytes) and "Reclaimable" (bytes that removing
/// the others would free); free it with dockline_value_free().
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

/// What happens in the engine, as it happens (GET /events).
///
/// Options: "since" and "until" (Unix seconds; RFC 3339 text; or text such as "1h30m" for so long
/// ago), "filters" (object, such as {"type": "container", "event": ["start", "die"]}). Without
/// "until" the stream has no end of its own: see dockline_stream_cancel_token().
///
/// Returns DOCKLINE_OK, or a negative dockline_status. Free *events with dockline_stream_free().
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

/// As dockline_system_events(), and goes on where the connection was lost: what happened meanwhile is
/// told then, as far as the engine still knows, and nothing twice.
///
/// That it is lost is told by dockline_stream_next() or dockline_stream_each() with
/// DOCKLINE_DISCONNECTED or another failure; the next call of either connects anew. So when to try
/// again, and when to give up, is the caller's to say. After DOCKLINE_CANCELLED, and at "until", it has
/// ended.
///
/// Options: those of dockline_system_events().
///
/// Returns DOCKLINE_OK, or a negative dockline_status. Free *events with dockline_stream_free().
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
        events.put_handle(dockline_stream::resumed(reader));
        Ok(())
    })
}
