//! Runs a program in a container, on this terminal: raw mode, and the size of the window follows.
//! As `docker exec --interactive --tty`; without a terminal as `docker exec --interactive`.
//!
//!     cargo run --example exec CONTAINER PROGRAM [ARG...]

use std::error::Error;
use std::io::{self, IsTerminal, Read, Write};
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use dockline::model::ContainerExecRequest;
use dockline::{Context, Input, StdStream};

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let (Some(container), program) = (args.next(), args.collect::<Vec<_>>()) else {
        eprintln!("usage: exec CONTAINER PROGRAM [ARG...]");
        return ExitCode::from(2);
    };
    match exec(&container, program) {
        Ok(code) => ExitCode::from(u8::try_from(code).unwrap_or(255)),
        Err(error) => {
            eprintln!("exec: {error}");
            ExitCode::FAILURE
        }
    }
}

fn exec(container: &str, cmd: Vec<String>) -> Result<i64, Box<dyn Error>> {
    let docker = Context::from_env()?;
    let tty = io::stdin().is_terminal() && io::stdout().is_terminal();
    let body = ContainerExecRequest {
        cmd: cmd.into(),
        tty,
        attach_stdin: true,
        attach_stdout: true,
        attach_stderr: true,
        ..Default::default()
    };
    let execution = docker.exec().run(container, &body)?;
    let id = execution.id().to_owned();
    let (mut output, input) = execution.into_duplex().split();

    let _raw = tty.then(RawMode::enter).transpose()?;
    if tty {
        let (docker, id) = (docker.clone(), id.clone());
        thread::spawn(move || follow_size(&docker, &id));
    }
    // Both threads end with the process: they may be waiting for a key when the program ends.
    thread::spawn(move || forward(input));

    while let Some((stream, data)) = output.next_frame()? {
        match stream {
            StdStream::Stdout => io::stdout().write_all(data)?,
            StdStream::Stderr => io::stderr().write_all(data)?,
        }
        io::stdout().flush()?;
    }
    Ok(docker.exec().wait(&id, Duration::from_secs(5))?)
}

/// Hands on what is typed, and its end.
fn forward(mut input: Input) {
    let mut buffer = [0; 4096];
    let mut stdin = io::stdin().lock();
    while let Ok(count) = stdin.read(&mut buffer) {
        let sent = if count == 0 { input.close() } else { input.send(&buffer[..count]) };
        if count == 0 || sent.is_err() {
            return;
        }
    }
}

/// Tells the program the size of the window whenever it has changed.
fn follow_size(docker: &Context, id: &str) {
    let mut known = None;
    loop {
        let size = window_size();
        if size != known {
            if let Some((rows, columns)) = size {
                if docker.exec().resize(id, rows, columns).is_err() {
                    return;
                }
            }
            known = size;
        }
        thread::sleep(Duration::from_millis(200));
    }
}

fn window_size() -> Option<(u16, u16)> {
    // SAFETY: all-zero is a valid winsize, and ioctl fills it.
    let size = unsafe {
        let mut size: libc::winsize = std::mem::zeroed();
        (libc::ioctl(libc::STDOUT_FILENO, libc::TIOCGWINSZ, &mut size) == 0).then_some(size)?
    };
    (size.ws_row > 0).then_some((size.ws_row, size.ws_col))
}

/// Keys go to the program as they are typed, Ctrl-C too. Undone when dropped.
struct RawMode {
    before: libc::termios,
}

impl RawMode {
    fn enter() -> io::Result<RawMode> {
        // SAFETY: all-zero is a valid termios, and tcgetattr fills it.
        unsafe {
            let mut before: libc::termios = std::mem::zeroed();
            if libc::tcgetattr(libc::STDIN_FILENO, &mut before) != 0 {
                return Err(io::Error::last_os_error());
            }
            let mut raw = before;
            libc::cfmakeraw(&mut raw);
            libc::tcsetattr(libc::STDIN_FILENO, libc::TCSANOW, &raw);
            Ok(RawMode { before })
        }
    }
}

impl Drop for RawMode {
    fn drop(&mut self) {
        // SAFETY: what tcgetattr gave.
        unsafe { libc::tcsetattr(libc::STDIN_FILENO, libc::TCSANOW, &self.before) };
    }
}
