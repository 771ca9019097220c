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

/// Where the bytes of an upload come from: a callback, a descriptor or a file.
///
/// An upload reads a source to its end and takes a few KiB of memory whatever its size. It does not
/// own it: free it afterwards with dockline_source_free(). One thread at a time.
pub struct dockline_source(Box<dyn Read>);

/// Reads from a callback of C's.
struct Callback {
    read: unsafe extern "C" fn(*mut c_void, *mut c_void, usize, *mut usize) -> c_int,
    user_data: UserData,
}

impl Read for Callback {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut length = 0;
        // SAFETY: the caller's own function; the buffer is writable for its length.
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
                "the callback says it read {length} bytes into {}",
                buffer.len()
            ))),
            errno if errno > 0 => Err(io::Error::from_raw_os_error(errno)),
            code => Err(io::Error::other(format!("the callback returned {code}"))),
        }
    }
}

/// Reads from a descriptor that C owns.
struct Borrowed(ManuallyDrop<File>);

impl Read for Borrowed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

/// A source that asks a callback for bytes.
///
/// read: puts at most capacity bytes into buffer and their number into *length, and returns 0; a
/// number of 0 is the end. Anything but 0 ends the upload with DOCKLINE_IO: a positive value is
/// taken for an errno. It is called on the thread that uploads, may call this library, and must
/// return, not jump out or throw. user_data: passed on. release: called once with user_data when the
/// source is freed; may be NULL.
///
/// Returns DOCKLINE_OK, or DOCKLINE_INVALID_ARGUMENT (then release is not called).
/// Free *source with dockline_source_free().
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

/// A source that reads from a descriptor: a file, a pipe or a socket, from where it stands to its
/// end. The descriptor stays yours and must be open as long as the source is used.
///
/// Returns DOCKLINE_OK, or DOCKLINE_INVALID_ARGUMENT. Free *source with dockline_source_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_source_from_fd(
    fd: c_int,
    source: *mut *mut dockline_source,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("dockline_source_from_fd", error, || {
        let source = arg::out("source", source)?;
        if fd < 0 {
            return Err(Fail::argument(format!("fd is {fd}, which is no open descriptor")));
        }
        // SAFETY: not owned, so it is never closed; reading from a closed one is an error of read().
        let file = unsafe { File::from_raw_fd(fd as RawFd) };
        source.put_handle(dockline_source(Box::new(Borrowed(ManuallyDrop::new(file)))));
        Ok(())
    })
}

/// A source that reads a file.
///
/// Returns DOCKLINE_OK; DOCKLINE_IO, with errno, when the file cannot be opened; or
/// DOCKLINE_INVALID_ARGUMENT. Free *source with dockline_source_free().
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

/// Frees a source. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_source_free(source: *mut dockline_source) {
    guard_or((), || arg::free(source))
}

impl dockline_source {
    pub(super) fn reader(&mut self) -> &mut dyn Read {
        &mut *self.0
    }
}
