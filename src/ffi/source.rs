//! Uploads (dockline_source)
//!
//! Create a source, pass it to a function that uploads, and free it afterwards.

use std::ffi::{c_char, c_int, c_void};
use std::fs::File;
use std::io::{self, Read};
use std::mem::ManuallyDrop;
use std::os::fd::{FromRawFd, RawFd};
use std::path::Path;

use super::arg;
use super::context::UserData;
use super::failure::{Fail, dockline_error};
use super::guard::{guard, guard_or};

/// Source of an upload: a callback, descriptor or file.
///
/// An upload reads it to its end, in a few KiB of memory whatever its size. The upload does
/// not free it: call dockline_source_free() afterwards. One thread may use it at a time.
pub struct dockline_source(Box<dyn Read>);

/// Reads from a C callback.
struct Callback {
    read: unsafe extern "C" fn(*mut c_void, *mut c_void, usize, *mut usize) -> c_int,
    user_data: UserData,
}

impl Read for Callback {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut length = 0;
        // SAFETY: the caller supplied the function; the buffer is writable for its length.
        let code = unsafe {
            (self.read)(
                self.user_data.pointer(),
                buffer.as_mut_ptr().cast(),
                buffer.len(),
                &mut length,
            )
        };
        match code {
            0 if length <= buffer.len() => Ok(length),
            0 => Err(io::Error::other(format!(
                "the callback returned {length} bytes in a buffer of {} bytes",
                buffer.len()
            ))),
            errno if errno > 0 => Err(io::Error::from_raw_os_error(errno)),
            code => Err(io::Error::other(format!("the callback returned {code}"))),
        }
    }
}

/// Reads from a descriptor that is never closed here.
struct Borrowed(ManuallyDrop<File>);

impl Read for Borrowed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

/// Creates a source that reads from a callback.
///
/// read: writes at most capacity bytes to buffer, sets *length to their number, and returns 0.
/// A length of 0 is the end of the data. Another return value fails the upload with
/// DOCKLINE_IO; a positive one is taken as an errno. It runs on the thread that uploads, and
/// may call this library.
/// release: called once with user_data when the source is freed; may be NULL.
/// source: receives the source; free it with dockline_source_free().
///
/// Returns DOCKLINE_OK; or DOCKLINE_INVALID_ARGUMENT, and release is not called.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_source_from_callback(
    read: Option<
        unsafe extern "C" fn(
            user_data: *mut c_void,
            buffer: *mut c_void,
            capacity: usize,
            length: *mut usize,
        ) -> c_int,
    >,
    user_data: *mut c_void,
    release: Option<unsafe extern "C" fn(user_data: *mut c_void)>,
    source: *mut *mut dockline_source,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("dockline_source_from_callback", error, || {
        let source = arg::out("source", source)?;
        let read = read.ok_or_else(|| Fail::argument("read is NULL"))?;
        let user_data = UserData { pointer: user_data, release };
        source.put_handle(dockline_source(Box::new(Callback { read, user_data })));
        Ok(())
    })
}

/// Creates a source that reads from a descriptor.
///
/// fd: a file, pipe or socket, which is read from its current position to its end. It must be
/// open while the source is used, and it is not closed.
/// source: receives the source; free it with dockline_source_free().
///
/// Returns DOCKLINE_OK; or DOCKLINE_INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_source_from_fd(
    fd: c_int,
    source: *mut *mut dockline_source,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("dockline_source_from_fd", error, || {
        let source = arg::out("source", source)?;
        if fd < 0 {
            return Err(Fail::argument(format!("fd is {fd}, not an open descriptor")));
        }
        // SAFETY: `ManuallyDrop` never closes it; read() fails if it is not open.
        let file = unsafe { File::from_raw_fd(fd as RawFd) };
        source.put_handle(dockline_source(Box::new(Borrowed(ManuallyDrop::new(file)))));
        Ok(())
    })
}

/// Creates a source that reads a file.
///
/// path: the file, which is opened at once.
/// source: receives the source; free it with dockline_source_free().
///
/// Returns DOCKLINE_OK; DOCKLINE_IO with an errno if the file cannot be opened; or
/// DOCKLINE_INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_source_from_path(
    path: *const c_char,
    source: *mut *mut dockline_source,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("dockline_source_from_path", error, || {
        let source = arg::out("source", source)?;
        let path = Path::new(arg::text("path", path)?);
        let file = File::open(path).map_err(|problem| crate::Error::Io {
            operation: "dockline_source_from_path",
            message: format!("opening {path:?}"),
            source: problem,
        })?;
        source.put_handle(dockline_source(Box::new(file)));
        Ok(())
    })
}

/// Frees a source.
///
/// source: may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_source_free(source: *mut dockline_source) {
    guard_or((), || arg::free(source))
}

impl dockline_source {
    pub(super) fn reader(&mut self) -> &mut dyn Read {
        &mut *self.0
    }
}
