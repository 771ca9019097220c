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

/// Lists what a container has changed in the files of its image (GET /containers/{id}/changes).
///
/// Returns DOCKLINE_OK, or a negative dockline_status.
/// *changes is an array of objects with "Path" and "Kind" (0 changed, 1 added, 2 deleted); free it
/// with dockline_value_free().
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

/// Reads all files of a container as one tar (GET /containers/{id}/export).
///
/// Returns DOCKLINE_OK, or a negative dockline_status. Free *tar with dockline_download_free().
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

/// Tells size, mode and kind of a file or directory in a container (HEAD /containers/{id}/archive).
///
/// Returns DOCKLINE_OK, DOCKLINE_NOT_FOUND when the container or the path is not there, or another
/// negative dockline_status.
/// *stat has "/name", "/size" (bytes), "/mode" (integer: the permissions, and above them the kind
/// as Go writes it), "/mtime" (RFC 3339 text) and "/linkTarget"; free it with
/// dockline_value_free().
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
        let told = context.containers().archive_info_as(id, path, read_stat)?;
        stat.put_handle(told.into());
        Ok(())
    })
}

/// Reads a file or directory of a container as a tar (GET /containers/{id}/archive). With /. at the
/// end of the path the tar holds what is in the directory and not the directory.
///
/// stat: where to put what dockline_container_archive_info() tells of the path; may be NULL.
///
/// Returns DOCKLINE_OK, DOCKLINE_NOT_FOUND when the container or the path is not there, or another
/// negative dockline_status.
/// Free *tar with dockline_download_free() and *stat with dockline_value_free().
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
        let (told, download) = context.containers().archive_as(id, path, read_stat)?;
        tar.put_handle(dockline_download(download));
        if let Some(stat) = stat {
            stat.put_handle(told.into());
        }
        Ok(())
    })
}

/// Unpacks a tar, packed or not, into a directory of a container (PUT /containers/{id}/archive).
///
/// Options: "path" (text: the directory, which must exist; must be given), "noOverwriteDirNonDir"
/// (boolean: fails where a file would take the place of a directory, or a directory that of a file),
/// "copyUIDGID" (boolean: gives the files the owner and group that they have in the tar, by
/// number).
/// tar: where the bytes come from.
///
/// Returns DOCKLINE_OK; DOCKLINE_NOT_FOUND when the container or the directory is not there;
/// DOCKLINE_BAD_REQUEST when the tar is broken or the path no directory; DOCKLINE_FORBIDDEN or
/// DOCKLINE_BAD_REQUEST when it is read-only; or another negative dockline_status.
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
