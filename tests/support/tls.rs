//! TLS in front of a fake engine.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use dockline::{Context, ContextBuilder, Tls};
use rustls::{ServerConfig, ServerConnection};

/// Takes TLS off what comes to a port of 127.0.0.1, and puts it on what an engine on a Unix socket
/// says, each connection on a thread of its own. The end of either direction goes through as such.
pub struct TlsFront {
    port: u16,
    stop: UnixStream,
    acceptor: Option<JoinHandle<()>>,
}

/// How the front behaves.
#[derive(Clone, Copy, Default)]
pub struct Manners {
    /// Ends without a closing message, as an engine that dies or somebody in between.
    pub abrupt: bool,
    /// Sends each byte of a record for itself.
    pub bytewise: bool,
    /// Answers the first request with a record that nobody has encrypted.
    pub garbage: bool,
}

impl TlsFront {
    pub fn before(engine: &Path, config: ServerConfig) -> TlsFront {
        TlsFront::with_manners(engine, config, Manners::default())
    }

    pub fn with_manners(engine: &Path, config: ServerConfig, manners: Manners) -> TlsFront {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (stop, ear) = UnixStream::pair().unwrap();
        let (engine, config) = (engine.to_owned(), Arc::new(config));
        let acceptor = thread::spawn(move || accept(&listener, &ear, &engine, &config, manners));
        TlsFront { port, stop, acceptor: Some(acceptor) }
    }

    /// Where it listens: `https://127.0.0.1:…`.
    pub fn host(&self) -> String {
        format!("https://127.0.0.1:{}", self.port)
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// A context for the engine behind it, which speaks this version.
    pub fn speaking(&self, version: &str, tls: Tls) -> Context {
        self.client(tls).api_version(version.parse().unwrap()).build().unwrap()
    }

    pub fn client(&self, tls: Tls) -> ContextBuilder {
        super::client(&self.host()).tls(tls)
    }
}

impl Drop for TlsFront {
    fn drop(&mut self) {
        let _ = self.stop.shutdown(Shutdown::Both);
        let acceptor = self.acceptor.take().unwrap().join();
        if let (Err(panic), false) = (acceptor, thread::panicking()) {
            std::panic::resume_unwind(panic);
        }
    }
}

fn accept(
    listener: &TcpListener,
    stop: &UnixStream,
    engine: &Path,
    config: &Arc<ServerConfig>,
    manners: Manners,
) {
    let mut relays = Vec::new();
    loop {
        let [knocked, stopped] =
            ready([(listener.as_raw_fd(), libc::POLLIN), (stop.as_raw_fd(), libc::POLLIN)]);
        if stopped {
            break;
        }
        assert!(knocked);
        let client = listener.accept().unwrap().0;
        let (config, stop, engine) = (config.clone(), stop.try_clone().unwrap(), engine.to_owned());
        relays.push(thread::spawn(move || {
            let tls = ServerConnection::new(config).unwrap();
            // That a side is gone ends the relay, and with it the other side.
            let _ = shake_hands(client, tls, &stop).and_then(|(client, tls)| {
                let engine = UnixStream::connect(engine)?;
                engine.set_nonblocking(true)?;
                Relay { client, engine, tls, manners }.run(&stop)
            });
        }));
    }
    relays.into_iter().for_each(|relay| relay.join().unwrap());
}

/// An engine knows nothing of clients that are turned away.
fn shake_hands(
    mut client: TcpStream,
    mut tls: ServerConnection,
    stop: &UnixStream,
) -> io::Result<(TcpStream, ServerConnection)> {
    client.set_nonblocking(true)?;
    client.set_nodelay(true)?;
    while tls.is_handshaking() {
        let events = if tls.wants_write() { libc::POLLOUT } else { libc::POLLIN };
        let [_, stopped] = ready([(client.as_raw_fd(), events), (stop.as_raw_fd(), libc::POLLIN)]);
        if stopped {
            return Err(io::ErrorKind::Interrupted.into());
        }
        if tls.wants_write() {
            now(tls.write_tls(&mut client))?;
            continue;
        }
        if now(tls.read_tls(&mut client))? == Some(0) {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if let Err(error) = tls.process_new_packets() {
            // The alert, so that the client learns why.
            tls.write_tls(&mut client)?;
            return Err(io::Error::other(error));
        }
    }
    Ok((client, tls))
}

struct Relay {
    client: TcpStream,
    engine: UnixStream,
    tls: ServerConnection,
    manners: Manners,
}

impl Relay {
    fn run(mut self, stop: &UnixStream) -> io::Result<()> {
        // What the client sent and the engine has not taken.
        let mut up: Vec<u8> = Vec::new();
        let (mut client_ended, mut engine_ended) = (false, false);
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let wanted = |condition, events| if condition { events } else { 0 };
            let to_client = self.tls.wants_write();
            let [client, engine, stopped] = ready([
                (
                    self.client.as_raw_fd(),
                    wanted(up.is_empty(), libc::POLLIN) | wanted(to_client, libc::POLLOUT),
                ),
                (
                    self.engine.as_raw_fd(),
                    wanted(!to_client && !engine_ended, libc::POLLIN)
                        | wanted(!up.is_empty(), libc::POLLOUT),
                ),
                (stop.as_raw_fd(), libc::POLLIN),
            ]);
            if stopped {
                return Ok(());
            }
            if client {
                self.send()?;
                if client_ended {
                    // Nothing can come but the end of the connection.
                    if now(self.client.read(&mut [0]))? == Some(0) {
                        return Ok(());
                    }
                } else if up.is_empty() {
                    match now(self.tls.read_tls(&mut self.client))? {
                        // Gone, with or without a word.
                        Some(0) => return Ok(()),
                        Some(_) => {
                            if let Err(error) = self.tls.process_new_packets() {
                                self.send()?;
                                return Err(io::Error::other(error));
                            }
                        }
                        None => {}
                    }
                    match self.tls.reader().read_to_end(&mut up) {
                        // Only at the end that the client told.
                        Ok(_) if !client_ended => {
                            client_ended = true;
                            if up.is_empty() {
                                let _ = self.engine.shutdown(Shutdown::Write);
                            }
                        }
                        _ => {}
                    }
                }
            }
            if self.manners.garbage && !up.is_empty() {
                self.client.write_all(b"\x17\x03\x03\x00\x20")?;
                self.client.write_all(&[b'x'; 32])?;
                self.manners.garbage = false;
            }
            if !up.is_empty() {
                // What an engine said before it left still goes to the client.
                if let Some(count) = now(self.engine.write(&up)).unwrap_or(Some(up.len())) {
                    up.drain(..count);
                    if up.is_empty() && client_ended {
                        let _ = self.engine.shutdown(Shutdown::Write);
                    }
                }
            }
            if engine && !to_client && !engine_ended {
                match now(self.engine.read(&mut buffer)) {
                    Ok(None) => {}
                    Ok(Some(count)) if count > 0 => {
                        self.tls.writer().write_all(&buffer[..count])?
                    }
                    // The end, or a reset.
                    _ if self.manners.abrupt => return Ok(()),
                    _ => {
                        engine_ended = true;
                        self.tls.send_close_notify();
                    }
                }
                self.send()?;
            }
        }
    }

    /// Sends what there is to send, as far as that goes without waiting.
    fn send(&mut self) -> io::Result<()> {
        while self.tls.wants_write() {
            if self.manners.bytewise {
                let mut records = Vec::new();
                self.tls.write_tls(&mut records)?;
                // Few enough to fit.
                for byte in records {
                    self.client.write_all(&[byte])?;
                    thread::yield_now();
                }
            } else if now(self.tls.write_tls(&mut self.client))?.is_none() {
                break;
            }
        }
        Ok(())
    }
}

/// None for what would have to wait.
fn now(result: io::Result<usize>) -> io::Result<Option<usize>> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(None),
        result => result.map(Some),
    }
}

/// Waits until one of these can go on, and tells which can.
fn ready<const N: usize>(wanted: [(i32, i16); N]) -> [bool; N] {
    // No events at all: not even the end is wanted.
    let mut fds = wanted.map(|(fd, events)| libc::pollfd {
        fd: if events == 0 { -1 } else { fd },
        events,
        revents: 0,
    });
    loop {
        let count = unsafe { libc::poll(fds.as_mut_ptr(), N as _, -1) };
        if count >= 0 {
            return fds.map(|fd| fd.revents != 0);
        }
        assert_eq!(io::Error::last_os_error().kind(), io::ErrorKind::Interrupted);
    }
}
