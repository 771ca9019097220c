//! A terminal, with a program in it.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus};
use std::time::{Duration, Instant};
use std::{mem, ptr};

use super::LIMIT;
use crate::support::eventually;

/// A program that has a terminal of its own, killed when dropped.
pub struct Pty {
    child: Child,
    /// The end that a person would sit at.
    screen: File,
    /// Kept, so that the terminal outlives the program.
    terminal: OwnedFd,
    seen: String,
}

impl Pty {
    /// Starts a program in a terminal of this size.
    #[track_caller]
    pub fn spawn(command: &mut Command, rows: u16, columns: u16) -> Pty {
        let (mut screen, mut terminal) = (-1, -1);
        // SAFETY: two descriptors are written; without a name and settings.
        let result = unsafe {
            libc::openpty(&mut screen, &mut terminal, ptr::null_mut(), ptr::null(), ptr::null())
        };
        assert_eq!(result, 0, "{}", std::io::Error::last_os_error());
        // SAFETY: both are open, and nobody else's.
        let (screen, terminal) =
            unsafe { (File::from_raw_fd(screen), OwnedFd::from_raw_fd(terminal)) };
        let copy = || terminal.try_clone().unwrap();
        command.stdin(copy()).stdout(copy()).stderr(copy());
        // SAFETY: two plain system calls, on what is its standard input by then.
        unsafe {
            command.pre_exec(|| {
                libc::setsid();
                libc::ioctl(libc::STDIN_FILENO, libc::TIOCSCTTY, 0);
                libc::close_range(3, libc::c_uint::MAX, libc::CLOSE_RANGE_CLOEXEC as libc::c_int);
                Ok(())
            });
        }
        let pty = Pty { child: command.spawn().unwrap(), screen, terminal, seen: String::new() };
        pty.resize(rows, columns);
        pty
    }

    /// Types.
    pub fn write(&mut self, text: &str) {
        self.screen.write_all(text.as_bytes()).unwrap();
    }

    /// Waits for `text` to appear, behind what was waited for before.
    #[track_caller]
    pub fn await_text(&mut self, text: &str) {
        let end = Instant::now() + LIMIT;
        loop {
            if let Some(at) = self.seen.find(text) {
                self.seen.drain(..at + text.len());
                return;
            }
            assert!(self.is_readable(end), "no {text:?} in {:?}", self.seen);
            let mut buffer = [0; 4096];
            let count = self.screen.read(&mut buffer).unwrap();
            self.seen += &String::from_utf8_lossy(&buffer[..count]);
        }
    }

    fn is_readable(&self, end: Instant) -> bool {
        let left = end.saturating_duration_since(Instant::now()).as_millis();
        let mut poll =
            libc::pollfd { fd: self.screen.as_raw_fd(), events: libc::POLLIN, revents: 0 };
        // SAFETY: one pollfd, alive during the call.
        unsafe { libc::poll(&mut poll, 1, left.try_into().unwrap()) == 1 }
    }

    /// Makes the window so large.
    pub fn resize(&self, rows: u16, columns: u16) {
        let size = libc::winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
        // SAFETY: a winsize is read.
        assert_eq!(unsafe { libc::ioctl(self.screen.as_raw_fd(), libc::TIOCSWINSZ, &size) }, 0);
    }

    /// Whether keys go to the program as they are typed.
    pub fn is_raw(&self) -> bool {
        // SAFETY: all-zero is a valid termios, and tcgetattr fills it.
        let settings = unsafe {
            let mut settings: libc::termios = mem::zeroed();
            assert_eq!(libc::tcgetattr(self.terminal.as_raw_fd(), &mut settings), 0);
            settings
        };
        settings.c_lflag & (libc::ICANON | libc::ECHO | libc::ISIG) == 0
    }

    /// Waits for the end of the program.
    #[track_caller]
    pub fn wait(&mut self, limit: Duration) -> ExitStatus {
        let mut status = None;
        eventually(limit, "the program ends", || {
            status = self.child.try_wait().unwrap();
            status.is_some()
        });
        status.unwrap()
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        // Neither does anything to a child that was waited for.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
