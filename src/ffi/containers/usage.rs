//! Containers: processes and resource usage
//!
//! dockline_container_stats() returns samples of CPU, memory, network and block I/O. The
//! dockline_stats_...() functions compute the values that docker stats shows.

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

/// Lists the processes of a container.
///
/// GET /containers/{id}/top.
///
/// id: name, ID or ID prefix of the container.
/// options:
/// processes: receives an object with "Titles" (array of strings) and "Processes" (array of
/// arrays of strings, in the order of the titles); free it with dockline_value_free().
///
/// Returns DOCKLINE_OK; DOCKLINE_CONFLICT or DOCKLINE_ENGINE if the container is not running;
/// or another negative status.
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

/// Streams the resource usage of a container.
///
/// GET /containers/{id}/stats. The engine sends one sample a second until the container is
/// removed. The first sample has no previous sample to compare with.
///
/// id: name, ID or ID prefix of the container.
/// samples: receives a stream of objects (ContainerStatsResponse); free it with
/// dockline_stream_free().
///
/// Returns DOCKLINE_OK, or a negative status.
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

/// Returns the current resource usage of a container.
///
/// GET /containers/{id}/stats. The engine takes one to two seconds for this unless "one-shot"
/// is set.
///
/// id: name, ID or ID prefix of the container.
/// options:
/// sample: receives an object (ContainerStatsResponse); free it with dockline_value_free().
///
/// Returns DOCKLINE_OK, or a negative status.
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

/// Computes the CPU usage of a container.
///
/// The usage is taken between the previous sample and this one, in percent of one CPU, as in
/// docker stats. A container that uses two CPUs fully has 200 percent. Linux only.
///
/// sample: an item of dockline_container_stats(), or the sample of
/// dockline_container_stats_once(); may be NULL.
/// fallback: the value to return if the usage cannot be computed.
///
/// Returns the percentage, or fallback if the sample holds no previous sample, if no time has
/// passed between the two, if the number of CPUs is not known, or if sample is NULL. Podman
/// before 4.3 omits the number of CPUs: set "/cpu_stats/online_cpus" of the sample, such as to
/// "NCPU" of dockline_system_info().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_stats_cpu_percent(
    sample: *const dockline_value,
    fallback: f64,
) -> f64 {
    guard_or(fallback, || {
        parse_sample(sample).and_then(|sample| sample.cpu_percent()).unwrap_or(fallback)
    })
}

/// Computes the CPU usage between two samples.
///
/// Use it with two samples of dockline_container_stats_once() with "one-shot" set, which the
/// engine returns without delay. The result is as for dockline_stats_cpu_percent().
///
/// sample: the newer sample; may be NULL.
/// before: the older sample of the same container, which dockline_value_clone() can keep; may
/// be NULL.
/// fallback: the value to return if the usage cannot be computed.
///
/// Returns the percentage, or fallback if no time has passed between the samples, if the number
/// of CPUs is not known, or if one of the samples is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_stats_cpu_percent_since(
    sample: *const dockline_value,
    before: *const dockline_value,
    fallback: f64,
) -> f64 {
    guard_or(fallback, || match (parse_sample(sample), parse_sample(before)) {
        (Some(sample), Some(before)) => sample.cpu_percent_since(&before).unwrap_or(fallback),
        _ => fallback,
    })
}

/// Computes the memory usage of a container.
///
/// File cache that the kernel can reclaim at once is not counted, as in docker stats, which
/// shows the result as a share of "/memory_stats/limit". Linux only.
///
/// sample: as for dockline_stats_cpu_percent().
/// fallback: the value to return if the usage cannot be computed.
///
/// Returns the number of bytes, or fallback if sample is NULL or not a valid sample.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_stats_memory_used(
    sample: *const dockline_value,
    fallback: u64,
) -> u64 {
    guard_or(fallback, || {
        parse_sample(sample).map_or(fallback, |sample| sample.memory_stats.used())
    })
}

unsafe fn parse_sample(sample: *const dockline_value) -> Option<ContainerStatsResponse> {
    arg::response("sample", arg::optional(sample)?).ok()
}
