//! Containers: files
//!
//! Files are copied as tar archives: see dockline_download to store an archive, and
//! dockline_source to send one.

use std::ffi::{c_char, c_int};

use crate::PutContainerArchiveOptions;
use crate::api::containers::files as api;
use crate::call::to_value;
use crate::codec::Shape;
use crate::ffi::arg;
use crate::ffi::context::{context, dockline_context};
use crate::ffi::download::dockline_download;
use crate::ffi::failure::dockline_error;
use crate::ffi::guard::guard;
use crate::ffi::json::dockline_value;
use crate::ffi::source::dockline_source;
use crate::{Result, Value};

fn read_stat(operation: &'static str, json: &[u8]) -> Result<Value> {
    to_value(operation, json, Shape::Any)
}

/// Lists changes to the filesystem of a container.
///
/// GET /containers/{id}/changes. The files are compared with the container's image.
///
/// id: name, ID or ID prefix of the container.
/// changes: receives an array of objects with "Path" and "Kind" (0 modified, 1 added, 2
/// deleted); free it with dockline_value_free().
///
/// Returns DOCKLINE_OK, or a negative status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_container_changes(
    context: *const dockline_context,
    id: *const c_char,
    changes: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ContainerChanges", error, || {
        let changes = arg::out("changes", changes)?;
        let context = self::context(context)?;
        changes.put_handle(context.call_value(api::changes(arg::text("id", id)?))?.into());
        Ok(())
    })
}

/// Exports the filesystem of a container as a tar.
///
/// GET /containers/{id}/export.
///
/// id: name, ID or ID prefix of the container.
/// tar: receives the download; free it with dockline_download_free().
///
/// Returns DOCKLINE_OK, or a negative status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_container_export(
    context: *const dockline_context,
    id: *const c_char,
    tar: *mut *mut dockline_download,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ContainerExport", error, || {
        let tar = arg::out("tar", tar)?;
        let context = self::context(context)?;
        tar.put_handle(dockline_download(context.containers().export(arg::text("id", id)?)?));
        Ok(())
    })
}

/// Returns size and mode of a file in a container.
///
/// HEAD /containers/{id}/archive.
///
/// id: name, ID or ID prefix of the container.
/// path: path of the file or directory.
/// stat: receives an object with "name", "size" (bytes), "mode", "mtime" (RFC 3339 string) and
/// "linkTarget"; free it with dockline_value_free(). "mode" is a FileMode of Go and not an
/// st_mode of POSIX: the lowest nine bits are the permissions, bit 31 is set for a directory
/// and bit 27 for a symbolic link.
///
/// Returns DOCKLINE_OK; DOCKLINE_NOT_FOUND if the container or the path does not exist; or
/// another negative status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_container_archive_info(
    context: *const dockline_context,
    id: *const c_char,
    path: *const c_char,
    stat: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ContainerArchiveInfo", error, || {
        let stat = arg::out("stat", stat)?;
        let context = self::context(context)?;
        let (id, path) = (arg::text("id", id)?, arg::text("path", path)?);
        stat.put_handle(context.containers().archive_info_as(id, path, read_stat)?.into());
        Ok(())
    })
}

/// Copies files from a container, as a tar.
///
/// GET /containers/{id}/archive. If the path ends with "/.", the tar holds the contents of the
/// directory without the directory itself.
///
/// id: name, ID or ID prefix of the container.
/// path: path of the file or directory.
/// tar: receives the download; free it with dockline_download_free().
/// stat: receives the same object as from dockline_container_archive_info(); free it with
/// dockline_value_free(). May be NULL.
///
/// Returns DOCKLINE_OK; DOCKLINE_NOT_FOUND if the container or the path does not exist; or
/// another negative status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_container_archive(
    context: *const dockline_context,
    id: *const c_char,
    path: *const c_char,
    tar: *mut *mut dockline_download,
    stat: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ContainerArchive", error, || {
        let tar = arg::out("tar", tar)?;
        let stat = arg::optional_out(stat);
        let context = self::context(context)?;
        let (id, path) = (arg::text("id", id)?, arg::text("path", path)?);
        let (path_stat, download) = context.containers().archive_as(id, path, read_stat)?;
        tar.put_handle(dockline_download(download));
        if let Some(stat) = stat {
            stat.put_handle(path_stat.into());
        }
        Ok(())
    })
}

/// Extracts a tar into a directory of a container.
///
/// PUT /containers/{id}/archive. The tar is streamed, and may be compressed.
///
/// id: name, ID or ID prefix of the container.
/// options: "path", an existing directory in the container, is required.
/// tar: the source of the tar, which is read to its end. It remains owned by the caller.
///
/// Returns DOCKLINE_OK; DOCKLINE_NOT_FOUND if the container or the directory does not exist;
/// DOCKLINE_BAD_REQUEST if the tar is invalid or the path is not a directory;
/// DOCKLINE_FORBIDDEN or DOCKLINE_BAD_REQUEST if the directory is read-only; or another
/// negative status. Older engines return DOCKLINE_ENGINE for all of these except
/// DOCKLINE_NOT_FOUND.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_container_put_archive(
    context: *const dockline_context,
    id: *const c_char,
    options: *const dockline_value,
    tar: *mut dockline_source,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("PutContainerArchive", error, || {
        let context = self::context(context)?;
        let id = arg::text("id", id)?;
        let options: PutContainerArchiveOptions = arg::options(options)?;
        let tar = arg::handle_mut("tar", tar)?.reader();
        Ok(context.containers().put_archive(id, &options, tar)?)
    })
}
