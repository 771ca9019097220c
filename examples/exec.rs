//! Runs a program in a container on this terminal, as `docker exec --interactive --tty` does: in
//! raw mode, with the size of the window. Without a terminal, as `docker exec --interactive`.
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
    let exec = docker.exec().run(container, &body)?;
    let id = exec.id().to_owned();
    let (mut output, input) = exec.into_duplex().split();

    let _raw = tty.then(RawMode::enter).transpose()?;
    if tty {
        let (docker, id) = (docker.clone(), id.clone());
        thread::spawn(move || forward_size(&docker, &id));
    }
    // The threads are not joined: a read of the keyboard may still block when the program exits.
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

/// Forwards standard input to the program, and closes its input at the end of file.
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

/// Polls the size of the window, and resizes the program's terminal if it changes.
fn forward_size(docker: &Context, id: &str) {
    let mut last = None;
    loop {
        let size = window_size();
        if size != last {
            if let Some((rows, columns)) = size {
                if docker.exec().resize(id, rows, columns).is_err() {
                    return;
                }
            }
            last = size;
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

/// Raw mode of the terminal, until dropped: every key, also Ctrl-C, goes to the program at once.
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
        // SAFETY: `before` was filled by tcgetattr.
        unsafe { libc::tcsetattr(libc::STDIN_FILENO, libc::TCSANOW, &self.before) };
    }
}
