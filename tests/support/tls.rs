//! A TLS proxy for a fake engine.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use dockline::{Context, ContextBuilder, Tls};
use rustls::{ServerConfig, ServerConnection};

/// Terminates TLS on a port of 127.0.0.1 and forwards to an engine on a Unix socket, with a thread
/// for each connection. The end of either direction is forwarded.
pub struct TlsFront {
    port: u16,
    stop: UnixStream,
    acceptor: Option<JoinHandle<()>>,
}

/// Faults of the proxy.
#[derive(Clone, Copy, Default)]
pub struct TlsBehaviour {
    /// Closes the connection without close_notify, like a dying engine or an attacker.
    pub abrupt: bool,
    /// Sends each byte of a record separately.
    pub bytewise: bool,
    /// Responds to the first request with a record that is not encrypted correctly.
    pub garbage: bool,
}

impl TlsFront {
    pub fn before(engine: &Path, config: ServerConfig) -> TlsFront {
        TlsFront::with_behaviour(engine, config, TlsBehaviour::default())
    }

    pub fn with_behaviour(
        engine: &Path,
        config: ServerConfig,
        behaviour: TlsBehaviour,
    ) -> TlsFront {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (stop, stopped) = UnixStream::pair().unwrap();
        let (engine, config) = (engine.to_owned(), Arc::new(config));
        let acceptor =
            thread::spawn(move || accept(&listener, &stopped, &engine, &config, behaviour));
        TlsFront { port, stop, acceptor: Some(acceptor) }
    }

    /// Returns its address, `https://127.0.0.1:…`.
    pub fn host(&self) -> String {
        format!("https://127.0.0.1:{}", self.port)
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// Opens a context with a pinned API version for the engine.
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
    behaviour: TlsBehaviour,
) {
    let mut relays = Vec::new();
    loop {
        let [has_client, stopped] =
            ready([(listener.as_raw_fd(), libc::POLLIN), (stop.as_raw_fd(), libc::POLLIN)]);
        if stopped {
            break;
        }
        assert!(has_client);
        let client = listener.accept().unwrap().0;
        let (config, stop, engine) = (config.clone(), stop.try_clone().unwrap(), engine.to_owned());
        relays.push(thread::spawn(move || {
            let tls = ServerConnection::new(config).unwrap();
            // An error of either side ends the relay and closes both sides.
            let _ = handshake(client, tls, &stop).and_then(|(client, tls)| {
                let engine = UnixStream::connect(engine)?;
                engine.set_nonblocking(true)?;
                Relay { client, engine, tls, behaviour }.run(&stop)
            });
        }));
    }
    relays.into_iter().for_each(|relay| relay.join().unwrap());
}

/// Completes the handshake. The engine gets no connection if it fails.
fn handshake(
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
            non_blocking(tls.write_tls(&mut client))?;
            continue;
        }
        if non_blocking(tls.read_tls(&mut client))? == Some(0) {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if let Err(error) = tls.process_new_packets() {
            // Sends the alert, so that the client learns the reason.
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
    behaviour: TlsBehaviour,
}

impl Relay {
    fn run(mut self, stop: &UnixStream) -> io::Result<()> {
        // Bytes of the client that the engine has not read.
        let mut to_engine: Vec<u8> = Vec::new();
        let (mut client_ended, mut engine_ended) = (false, false);
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let wanted = |condition, events| if condition { events } else { 0 };
            let to_client = self.tls.wants_write();
            let [client, engine, stopped] = ready([
                (
                    self.client.as_raw_fd(),
                    wanted(to_engine.is_empty(), libc::POLLIN) | wanted(to_client, libc::POLLOUT),
                ),
                (
                    self.engine.as_raw_fd(),
                    wanted(!to_client && !engine_ended, libc::POLLIN)
                        | wanted(!to_engine.is_empty(), libc::POLLOUT),
                ),
                (stop.as_raw_fd(), libc::POLLIN),
            ]);
            if stopped {
                return Ok(());
            }
            if client {
                self.send()?;
                if client_ended {
                    // Only the end of the connection is possible.
                    if non_blocking(self.client.read(&mut [0]))? == Some(0) {
                        return Ok(());
                    }
                } else if to_engine.is_empty() {
                    match non_blocking(self.tls.read_tls(&mut self.client))? {
                        // Closed, with or without close_notify.
                        Some(0) => return Ok(()),
                        Some(_) => {
                            if let Err(error) = self.tls.process_new_packets() {
                                self.send()?;
                                return Err(io::Error::other(error));
                            }
                        }
                        None => {}
                    }
                    match self.tls.reader().read_to_end(&mut to_engine) {
                        // Only after close_notify.
                        Ok(_) if !client_ended => {
                            client_ended = true;
                            if to_engine.is_empty() {
                                let _ = self.engine.shutdown(Shutdown::Write);
                            }
                        }
                        _ => {}
                    }
                }
            }
            if self.behaviour.garbage && !to_engine.is_empty() {
                self.client.write_all(b"\x17\x03\x03\x00\x20")?;
                self.client.write_all(&[b'x'; 32])?;
                self.behaviour.garbage = false;
            }
            if !to_engine.is_empty() {
                // Bytes that the engine sent before it closed the connection are still forwarded.
                if let Some(count) =
                    non_blocking(self.engine.write(&to_engine)).unwrap_or(Some(to_engine.len()))
                {
                    to_engine.drain(..count);
                    if to_engine.is_empty() && client_ended {
                        let _ = self.engine.shutdown(Shutdown::Write);
                    }
                }
            }
            if engine && !to_client && !engine_ended {
                match non_blocking(self.engine.read(&mut buffer)) {
                    Ok(None) => {}
                    Ok(Some(count)) if count > 0 => {
                        self.tls.writer().write_all(&buffer[..count])?
                    }
                    // End or reset.
                    _ if self.behaviour.abrupt => return Ok(()),
                    _ => {
                        engine_ended = true;
                        self.tls.send_close_notify();
                    }
                }
                self.send()?;
            }
        }
    }

    /// Sends pending records without blocking.
    fn send(&mut self) -> io::Result<()> {
        while self.tls.wants_write() {
            if self.behaviour.bytewise {
                let mut records = Vec::new();
                self.tls.write_tls(&mut records)?;
                // Small enough for the socket buffer.
                for byte in records {
                    self.client.write_all(&[byte])?;
                    thread::yield_now();
                }
            } else if non_blocking(self.tls.write_tls(&mut self.client))?.is_none() {
                break;
            }
        }
        Ok(())
    }
}

/// Returns `None` if the operation would block.
fn non_blocking(result: io::Result<usize>) -> io::Result<Option<usize>> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(None),
        result => result.map(Some),
    }
}

/// Waits until one of the descriptors is ready; returns which are.
fn ready<const N: usize>(wanted: [(i32, i16); N]) -> [bool; N] {
    // Without events, not even the end is polled.
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
