use std::ffi::{c_char, c_int};

use crate::api::containers::usage as api;
use crate::ffi::arg;
use crate::ffi::context::{context, dockline_context};
use crate::ffi::failure::dockline_error;
use crate::ffi::guard::{guard, guard_or};
use crate::ffi::json::dockline_value;
use crate::ffi::stream::dockline_stream;
use crate::model::ContainerStatsResponse;
use crate::{ContainerStatsOnceOptions, ContainerTopOptions};

/// Lists the processes of a container (GET /containers/{id}/top).
///
/// Options: "ps_args" (text: arguments of the ps that runs on the engine's host; -ef unless given).
///
/// Returns DOCKLINE_OK, DOCKLINE_CONFLICT or DOCKLINE_ENGINE when it does not run, or another
/// negative dockline_status.
/// *processes has "/Titles" (array of texts) and "/Processes" (array of arrays of texts, in the
/// order of the titles); free it with dockline_value_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_container_top(
    context: *const dockline_context,
    id: *const c_char,
    options: *const dockline_value,
    processes: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ContainerTop", error, || {
        let processes = arg::out("processes", processes)?;
        let context = self::context(context)?;
        let id = arg::text("id", id)?;
        let options: ContainerTopOptions = arg::options(options)?;
        processes.put_handle(context.call_value(api::top(id, &options))?.into());
        Ok(())
    })
}

/// Tells what a container uses, once a second until it is deleted (GET /containers/{id}/stats). The
/// first sample has no earlier one to compare with.
///
/// Returns DOCKLINE_OK, or a negative dockline_status. Free *samples with dockline_stream_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_container_stats(
    context: *const dockline_context,
    id: *const c_char,
    samples: *mut *mut dockline_stream,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ContainerStats", error, || {
        let samples = arg::out("samples", samples)?;
        let context = self::context(context)?;
        let response = context.open_stream(api::stats(arg::text("id", id)?), None)?;
        samples.put_handle(dockline_stream::records(response.body));
        Ok(())
    })
}

/// Tells what a container uses now (GET /containers/{id}/stats). This takes the engine one or two
/// seconds, unless "one-shot" is set.
///
/// Options: "one-shot" (boolean, since API 1.41: one sample at once instead of two a second apart,
/// so that there is no earlier one to compare with).
///
/// Returns DOCKLINE_OK, or a negative dockline_status. Free *sample with dockline_value_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_container_stats_once(
    context: *const dockline_context,
    id: *const c_char,
    options: *const dockline_value,
    sample: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ContainerStats", error, || {
        let sample = arg::out("sample", sample)?;
        let context = self::context(context)?;
        let id = arg::text("id", id)?;
        let options: ContainerStatsOnceOptions = arg::options(options)?;
        sample.put_handle(context.call_value(api::stats_once(id, &options))?.into());
        Ok(())
    })
}

/// CPU that a container used between the sample before and this one, in percent of one CPU, so up
/// to 100 per CPU: what docker stats shows. Linux only.
///
/// sample: an item of dockline_container_stats(), or the response of dockline_container_stats_once().
///
/// Returns fallback where there is no sample before or no time between them, and for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_stats_cpu_percent(
    sample: *const dockline_value,
    fallback: f64,
) -> f64 {
    guard_or(fallback, || read(sample).and_then(|it| it.cpu_percent()).unwrap_or(fallback))
}

/// The same between a sample of the container that was kept (see dockline_value_clone()) and this one.
/// With it two samples of dockline_container_stats_once() with "one-shot" do, which cost no time.
///
/// Returns fallback where no time is between them, and for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_stats_cpu_percent_since(
    sample: *const dockline_value,
    before: *const dockline_value,
    fallback: f64,
) -> f64 {
    guard_or(fallback, || match (read(sample), read(before)) {
        (Some(sample), Some(before)) => sample.cpu_percent_since(&before).unwrap_or(fallback),
        _ => fallback,
    })
}

/// Bytes of memory that a container uses without files that the kernel can drop at once: what
/// docker stats shows, which has them as a share of "/memory_stats/limit". Linux only.
///
/// sample: as dockline_stats_cpu_percent().
///
/// Returns fallback for NULL and for what is no sample.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_stats_memory_used(
    sample: *const dockline_value,
    fallback: u64,
) -> u64 {
    guard_or(fallback, || read(sample).map_or(fallback, |it| it.memory_stats.used()))
}

unsafe fn read(sample: *const dockline_value) -> Option<ContainerStatsResponse> {
    arg::response("sample", arg::optional(sample)?).ok()
}
