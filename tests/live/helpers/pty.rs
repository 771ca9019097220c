//! A program in a pseudoterminal.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus};
use std::time::{Duration, Instant};
use std::{mem, ptr};

use super::LIMIT;
use crate::support::eventually;

/// A program with its own pseudoterminal, killed on drop.
pub struct Pty {
    child: Child,
    /// The master side.
    master: File,
    /// The slave side. Kept open, so that the terminal outlives the program.
    slave: OwnedFd,
    seen: String,
}

impl Pty {
    /// Starts a program in a terminal of the given size.
    #[track_caller]
    pub fn spawn(command: &mut Command, rows: u16, columns: u16) -> Pty {
        let (mut master, mut slave) = (-1, -1);
        // SAFETY: openpty writes two descriptors; name and settings are null.
        let result = unsafe {
            libc::openpty(&mut master, &mut slave, ptr::null_mut(), ptr::null(), ptr::null())
        };
        assert_eq!(result, 0, "{}", std::io::Error::last_os_error());
        // SAFETY: both descriptors are open and have no other owner.
        let (master, slave) = unsafe { (File::from_raw_fd(master), OwnedFd::from_raw_fd(slave)) };
        let copy = || slave.try_clone().unwrap();
        command.stdin(copy()).stdout(copy()).stderr(copy());
        // SAFETY: calls only async-signal-safe functions; standard input is the terminal by then.
        unsafe {
            command.pre_exec(|| {
                libc::setsid();
                libc::ioctl(libc::STDIN_FILENO, libc::TIOCSCTTY, 0);
                libc::close_range(3, libc::c_uint::MAX, libc::CLOSE_RANGE_CLOEXEC as libc::c_int);
                Ok(())
            });
        }
        let pty = Pty { child: command.spawn().unwrap(), master, slave, seen: String::new() };
        pty.resize(rows, columns);
        pty
    }

    /// Types text.
    pub fn write(&mut self, text: &str) {
        self.master.write_all(text.as_bytes()).unwrap();
    }

    /// Waits until `text` appears after the text of the last wait.
    #[track_caller]
    pub fn await_text(&mut self, text: &str) {
        let end = Instant::now() + LIMIT;
        loop {
            if let Some(at) = self.seen.find(text) {
                self.seen.drain(..at + text.len());
                return;
            }
            assert!(self.is_readable(end), "expected {text:?} in {:?}", self.seen);
            let mut buffer = [0; 4096];
            let count = self.master.read(&mut buffer).unwrap();
            self.seen += &String::from_utf8_lossy(&buffer[..count]);
        }
    }

    fn is_readable(&self, end: Instant) -> bool {
        let remaining = end.saturating_duration_since(Instant::now()).as_millis();
        let mut poll =
            libc::pollfd { fd: self.master.as_raw_fd(), events: libc::POLLIN, revents: 0 };
        // SAFETY: one pollfd, alive during the call.
        unsafe { libc::poll(&mut poll, 1, remaining.try_into().unwrap()) == 1 }
    }

    /// Changes the window size.
    pub fn resize(&self, rows: u16, columns: u16) {
        let size = libc::winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
        // SAFETY: the ioctl reads one winsize.
        assert_eq!(unsafe { libc::ioctl(self.master.as_raw_fd(), libc::TIOCSWINSZ, &size) }, 0);
    }

    /// Returns whether the terminal is in raw mode.
    pub fn is_raw(&self) -> bool {
        // SAFETY: all-zero is a valid termios, which tcgetattr overwrites.
        let settings = unsafe {
            let mut settings: libc::termios = mem::zeroed();
            assert_eq!(libc::tcgetattr(self.slave.as_raw_fd(), &mut settings), 0);
            settings
        };
        settings.c_lflag & (libc::ICANON | libc::ECHO | libc::ISIG) == 0
    }

    /// Waits until the program exits.
    #[track_caller]
    pub fn wait(&mut self, limit: Duration) -> ExitStatus {
        let mut status = None;
        eventually(limit, "the program exits", || {
            status = self.child.try_wait().unwrap();
            status.is_some()
        });
        status.unwrap()
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        // Both fail without effect if the child has been waited for.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
