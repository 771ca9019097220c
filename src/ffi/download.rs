use std::ffi::{c_char, c_int, c_void};
use std::fs::File;
use std::io::{self, Write};
use std::mem::ManuallyDrop;
use std::os::fd::{FromRawFd, RawFd};
use std::path::Path;
use std::ptr;

use super::arg;
use super::cancel::dockline_cancel_token;
use super::failure::{Fail, dockline_error};
use super::guard::{guard, guard_or};
use super::status::dockline_status::*;
use crate::Download;

/// Bytes that come from the engine, such as a tar: in constant memory whatever their number.
///
/// One thread at a time. Freeing it closes the connection, also in the middle.
pub struct dockline_download(pub(super) Download);

/// Waits for the next bytes.
///
/// Returns DOCKLINE_OK; DOCKLINE_END when there are no more; or a negative dockline_status, after
/// which nothing more comes: DOCKLINE_DISCONNECTED when the engine broke off, DOCKLINE_CANCELLED,
/// DOCKLINE_TIMEOUT. *data, with *length bytes, belongs to the download, until the next call with it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_download_next(
    download: *mut dockline_download,
    data: *mut *const c_void,
    length: *mut usize,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("dockline_download_next", error, || {
        let data = arg::out("data", data)?;
        let length = arg::out("length", length)?;
        let piece = arg::handle_mut("download", download)?.0.next_chunk()?;
        if piece.is_empty() {
            return Ok(DOCKLINE_END);
        }
        data.put(piece.as_ptr().cast());
        length.put(piece.len());
        Ok(DOCKLINE_OK)
    })
}

/// Writes what is left of a download to a descriptor, which stays yours. A socket whose peer may go
/// away raises SIGPIPE as every write does.
///
/// total: where to put the number of bytes; may be NULL.
/// Returns DOCKLINE_OK, DOCKLINE_IO when writing fails, or as dockline_download_next().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_download_to_fd(
    download: *mut dockline_download,
    fd: c_int,
    total: *mut u64,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("dockline_download_to_fd", error, || {
        let download = arg::handle_mut("download", download)?;
        if fd < 0 {
            return Err(Fail::argument(format!("fd is {fd}, which is no open descriptor")));
        }
        // SAFETY: not owned, so it is never closed; writing to a closed one is an error of write().
        let mut file = ManuallyDrop::new(unsafe { File::from_raw_fd(fd as RawFd) });
        copy(download, &mut *file, total)
    })
}

/// Writes what is left of a download to a file, which is made, or emptied if it is there.
///
/// total: where to put the number of bytes; may be NULL.
/// Returns DOCKLINE_OK, DOCKLINE_IO when writing fails, or as dockline_download_next(). After a
/// failure the file may hold a part.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_download_to_path(
    download: *mut dockline_download,
    path: *const c_char,
    total: *mut u64,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("dockline_download_to_path", error, || {
        let download = arg::handle_mut("download", download)?;
        let path = Path::new(arg::text("path", path)?);
        let mut file = File::create(path).map_err(|source| crate::Error::Io {
            operation: "dockline_download_to_path",
            message: format!("making {path:?}"),
            source,
        })?;
        copy(download, &mut file, total)
    })
}

/// A writer that calls back.
struct Callback {
    write: unsafe extern "C" fn(*mut c_void, *const c_void, usize) -> c_int,
    user_data: *mut c_void,
}

impl Write for Callback {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // SAFETY: the caller's own function; the bytes are readable for their length.
        match unsafe { (self.write)(self.user_data, bytes.as_ptr().cast(), bytes.len()) } {
            0 => Ok(bytes.len()),
            errno if errno > 0 => Err(io::Error::from_raw_os_error(errno)),
            code => Err(io::Error::other(format!("the callback returned {code}"))),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Calls callback with all that is left of a download, piece by piece.
///
/// callback: gets user_data and bytes that are valid during the call, takes all of them and returns
/// 0. Anything but 0 ends the download with DOCKLINE_IO: a positive value is taken for an errno.
///
/// total: where to put the number of bytes; may be NULL.
/// Returns DOCKLINE_OK, or as dockline_download_next().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_download_each(
    download: *mut dockline_download,
    callback: Option<
        unsafe extern "C" fn(user_data: *mut c_void, data: *const c_void, length: usize) -> c_int,
    >,
    user_data: *mut c_void,
    total: *mut u64,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("dockline_download_each", error, || {
        let write = callback.ok_or_else(|| Fail::argument("callback is NULL"))?;
        let download = arg::handle_mut("download", download)?;
        copy(download, &mut Callback { write, user_data }, total)
    })
}

unsafe fn copy(
    download: &mut dockline_download,
    target: &mut dyn Write,
    total: *mut u64,
) -> Result<(), Fail> {
    let count = download.0.copy_to(target)?;
    if let Some(total) = arg::optional_out(total) {
        total.put(count);
    }
    Ok(())
}

/// A handle that ends the download from another thread, also while this one waits for bytes. Take
/// it before that thread begins. NULL for NULL. Free it with dockline_cancel_token_free(); it may outlive
/// the download.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_download_cancel_token(
    download: *const dockline_download,
) -> *mut dockline_cancel_token {
    guard_or(ptr::null_mut(), || match arg::optional(download) {
        Some(download) => arg::boxed(dockline_cancel_token(download.0.cancel_token())),
        None => ptr::null_mut(),
    })
}

/// Frees a download and closes its connection. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_download_free(download: *mut dockline_download) {
    guard_or((), || arg::free(download))
}
