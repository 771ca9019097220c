//! Downloads (dockline_download)
//!
//! Read the bytes with dockline_download_next() until it returns DOCKLINE_END, or write all of
//! them to a descriptor, file or callback. Then free the download.

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

/// Bytes from the engine, such as a tar archive.
///
/// They are read in constant memory, whatever their number. One thread may use a download at a
/// time. dockline_download_free() frees it and closes its connection, at the end or before.
pub struct dockline_download(pub(super) Download);

/// Waits for the next bytes of a download.
///
/// download: the download.
/// data: receives the bytes, which belong to the download and are valid until the next call
/// with it.
/// length: receives their number.
///
/// Returns DOCKLINE_OK; DOCKLINE_END at the end of the download; DOCKLINE_DISCONNECTED if the
/// connection broke; DOCKLINE_CANCELLED; DOCKLINE_TIMEOUT; or another negative status. A
/// failure ends the download.
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
        let chunk = arg::handle_mut("download", download)?.0.next_chunk()?;
        if chunk.is_empty() {
            return Ok(DOCKLINE_END);
        }
        data.put(chunk.as_ptr().cast());
        length.put(chunk.len());
        Ok(DOCKLINE_OK)
    })
}

/// Writes the rest of a download to a descriptor.
///
/// download: the download.
/// fd: an open descriptor, which is not closed. Writing to a socket or pipe that its peer has
/// closed raises SIGPIPE, as with write().
/// total: receives the number of bytes; may be NULL.
///
/// Returns DOCKLINE_OK; DOCKLINE_IO if writing fails; or a negative status as for
/// dockline_download_next().
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
            return Err(Fail::argument(format!("fd is {fd}, not an open descriptor")));
        }
        // SAFETY: `ManuallyDrop` never closes it; write() fails if it is not open.
        let mut file = ManuallyDrop::new(unsafe { File::from_raw_fd(fd as RawFd) });
        copy(download, &mut *file, total)
    })
}

/// Writes the rest of a download to a file.
///
/// download: the download.
/// path: the file, which is created, or truncated if it exists.
/// total: receives the number of bytes; may be NULL.
///
/// Returns DOCKLINE_OK; DOCKLINE_IO if writing fails; or a negative status as for
/// dockline_download_next(). After a failure the file may contain a part of the download.
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
            message: format!("creating {path:?}"),
            source,
        })?;
        copy(download, &mut file, total)
    })
}

/// Writes to a C callback.
struct Callback {
    write: unsafe extern "C" fn(*mut c_void, *const c_void, usize) -> c_int,
    user_data: *mut c_void,
}

impl Write for Callback {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // SAFETY: the caller supplied the function; the bytes are readable for their length.
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

/// Calls a callback with the rest of a download.
///
/// download: the download, which is read to its end.
/// callback: receives user_data, and bytes that are valid until it returns. It returns 0 if it
/// has taken all of them. Another value fails the download with DOCKLINE_IO; a positive one is
/// taken as an errno.
/// total: receives the number of bytes; may be NULL.
///
/// Returns DOCKLINE_OK; or a negative status as for dockline_download_next().
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

/// Returns a token that cancels a download.
///
/// It ends the download from another thread, also during dockline_download_next(). Obtain it
/// before the cancelling thread starts.
///
/// download: may be NULL.
///
/// Returns the token, to be freed with dockline_cancel_token_free(), before or after the
/// download; NULL if download is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_download_cancel_token(
    download: *const dockline_download,
) -> *mut dockline_cancel_token {
    guard_or(ptr::null_mut(), || match arg::optional(download) {
        Some(download) => arg::boxed(dockline_cancel_token(download.0.cancel_token())),
        None => ptr::null_mut(),
    })
}

/// Frees a download and closes its connection.
///
/// download: may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_download_free(download: *mut dockline_download) {
    guard_or((), || arg::free(download))
}
