//! A fake engine that follows a script of expected bytes and responses.

use std::os::fd::OwnedFd;
use std::panic::Location;
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::conn::{Address, Conn, Fault, Listener, Received, Stop};
use super::http::{Expected, RecordedRequest, Response, versioned};
use super::{Gate, LIMIT, TempDir};

/// An engine that runs a script on its own thread.
///
/// Each method adds a step and returns at once. Steps run in order, from the moment they are added.
/// A step that needs a connection accepts one if none is open. [`finish`](Self::finish) (or drop)
/// waits for the last step and panics if a step failed or the client sent more than the script
/// expects. Every step fails after [`LIMIT`] without progress.
pub struct FakeEngine {
    address: Address,
    steps: Option<Sender<Step>>,
    thread: Option<JoinHandle<()>>,
    shared: Arc<Shared>,
    stop: Arc<Stop>,
    _dir: Option<TempDir>,
}

#[derive(Default)]
struct Shared {
    added: Mutex<usize>,
    failure: Mutex<Option<String>>,
    requests: Mutex<Vec<RecordedRequest>>,
}

type Action = Box<dyn FnOnce(&mut Stage) -> Result<(), Fault> + Send>;

struct Step {
    name: &'static str,
    location: &'static Location<'static>,
    action: Action,
}

/// Without a next step, the engine gives up on a connected client after this many idle limits.
const LONGEST_IDLE: u32 = 6;

/// The state that the steps act on.
struct Stage {
    listener: Listener,
    conns: Vec<Option<Conn>>,
    current: Option<usize>,
    step_timeout: Duration,
    idle_limit: Duration,
    stop: Arc<Stop>,
    shared: Arc<Shared>,
    backlog: Vec<OwnedFd>,
}

impl FakeEngine {
    /// Listens on a Unix socket in a temporary directory.
    pub fn unix() -> FakeEngine {
        let dir = TempDir::new();
        let listener = Listener::unix_in(&dir);
        FakeEngine::start(listener, Some(dir))
    }

    /// Listens on a Unix socket at `path`, whose directory belongs to the test.
    pub fn unix_at(path: &Path) -> FakeEngine {
        FakeEngine::start(Listener::unix(path), None)
    }

    /// Listens on a free TCP port of 127.0.0.1.
    pub fn tcp() -> FakeEngine {
        FakeEngine::start(Listener::tcp(), None)
    }

    fn start(listener: Listener, dir: Option<TempDir>) -> FakeEngine {
        let (steps, script) = channel();
        let (shared, stop) = (Arc::new(Shared::default()), Stop::new());
        let address = listener.address().clone();
        let stage = Stage {
            listener,
            conns: Vec::new(),
            current: None,
            step_timeout: LIMIT,
            idle_limit: LIMIT,
            stop: Arc::clone(&stop),
            shared: Arc::clone(&shared),
            backlog: Vec::new(),
        };
        let thread = thread::Builder::new().name("fake engine".into());
        let thread = thread.spawn(move || stage.run(script)).unwrap();
        let (steps, thread) = (Some(steps), Some(thread));
        FakeEngine { address, steps, thread, shared, stop, _dir: dir }
    }

    /// Returns the address in the notation of `DOCKER_HOST`: `unix:///…` or `tcp://127.0.0.1:…`.
    pub fn host(&self) -> String {
        self.address.host()
    }

    /// Returns the path of its socket.
    pub fn path(&self) -> &Path {
        match &self.address {
            Address::Unix(path) => path,
            Address::Tcp(_) => panic!("a TCP engine has no path"),
        }
    }

    /// Returns its TCP port.
    pub fn port(&self) -> u16 {
        match self.address {
            Address::Tcp(port) => port,
            Address::Unix(_) => panic!("a Unix engine has no port"),
        }
    }

    // Any step.

    #[track_caller]
    fn step(
        &self,
        name: &'static str,
        action: impl FnOnce(&mut Stage) -> Result<(), Fault> + Send + 'static,
    ) -> &Self {
        let step = Step { name, location: Location::caller(), action: Box::new(action) };
        *self.shared.added.lock().unwrap() += 1;
        // If the script has failed, finish() reports the reason.
        let _ = self.steps.as_ref().unwrap().send(step);
        self
    }

    /// Runs a closure with the connection.
    #[track_caller]
    pub fn talk(
        &self,
        talk: impl FnOnce(&mut Conn) -> Result<(), Fault> + Send + 'static,
    ) -> &Self {
        self.step("talk", move |stage| talk(stage.conn()?))
    }

    /// Sets the timeout without progress for the following steps.
    #[track_caller]
    pub fn step_timeout(&self, step_timeout: Duration) -> &Self {
        self.step("patience", move |stage| {
            stage.step_timeout = step_timeout;
            Ok(())
        })
    }

    /// Sets how long the script may be idle while a client sends or connects ([`LIMIT`] at first);
    /// a client that is only connected may stay six times as long. For tests that are busy
    /// elsewhere.
    #[track_caller]
    pub fn idle_limit(&self, limit: Duration) -> &Self {
        self.step("idle_limit", move |stage| {
            stage.idle_limit = limit;
            Ok(())
        })
    }

    // Connections.

    /// Accepts a new connection and makes it current. Earlier connections stay open.
    #[track_caller]
    pub fn accept(&self) -> &Self {
        self.step("accept", |stage| stage.accept())
    }

    /// Makes another open connection current; they are numbered from 0 in the order of accept.
    #[track_caller]
    pub fn on(&self, connection: usize) -> &Self {
        self.step("on", move |stage| match stage.conns.get(connection) {
            Some(Some(_)) => {
                stage.current = Some(connection);
                Ok(())
            }
            _ => Err(format!("connection {connection} is not open").into()),
        })
    }

    /// Closes the connection. Unexpected bytes are a failure.
    #[track_caller]
    pub fn close(&self) -> &Self {
        self.step("close", |stage| {
            let mut conn = stage.take()?;
            check_no_more(&mut conn)
        })
    }

    /// Closes the connection in any state, as a dying engine does.
    #[track_caller]
    pub fn abort(&self) -> &Self {
        self.step("abort", |stage| stage.take().map(drop))
    }

    /// Closes the connection with a TCP reset. On a Unix socket the client gets one only if bytes
    /// that it sent are unread.
    #[track_caller]
    pub fn reset(&self) -> &Self {
        self.step("reset", |stage| stage.take().map(Conn::reset))
    }

    /// Closes the sending side (half-close); the client may continue to send.
    #[track_caller]
    pub fn shutdown_write(&self) -> &Self {
        self.step("shutdown_write", |stage| stage.conn()?.shutdown_write())
    }

    /// Waits until the client closes the connection without sending more.
    #[track_caller]
    pub fn expect_close(&self) -> &Self {
        self.step("expect_close", |stage| {
            let result = stage.conn()?.expect_end();
            stage.take()?;
            match result {
                Err(Fault::Closed(_)) => Ok(()),
                other => other,
            }
        })
    }

    /// Waits until the client closes its sending side without sending more; the connection stays
    /// open for a response.
    #[track_caller]
    pub fn expect_end(&self) -> &Self {
        self.step("expect_end", |stage| stage.conn()?.expect_end())
    }

    /// Reads everything until the client closes the connection.
    #[track_caller]
    pub fn drain(&self) -> &Self {
        self.step("drain", |stage| {
            stage.conn()?.drain()?;
            stage.take().map(drop)
        })
    }

    /// Accepts all pending connections and reads each to its end.
    #[track_caller]
    pub fn drain_all(&self) -> &Self {
        self.step("drain_all", |stage| {
            while let Some(mut conn) = stage.listener.accept(&stage.stop, Some(Instant::now()))? {
                conn.begin(stage.step_timeout);
                conn.drain()?;
            }
            Ok(())
        })
    }

    /// Stops accepting: the backlog is shortened and filled, so that the client's `connect` gets no
    /// response. Returns when this is done. No step may follow.
    #[track_caller]
    pub fn fill_backlog(&self) {
        self.step("fill_backlog", |stage| {
            stage.backlog = stage.listener.fill_backlog(Instant::now() + stage.step_timeout);
            Ok(())
        });
        self.sync();
    }

    // Requests.

    /// Expects exactly these bytes; `dockline/VERSION` stands for the version under test.
    #[track_caller]
    pub fn expect(&self, bytes: impl AsRef<[u8]>) -> &Self {
        let expected = versioned(bytes.as_ref());
        self.step("expect", move |stage| stage.conn()?.expect(&expected))
    }

    /// Expects a request by its parts.
    #[track_caller]
    pub fn expect_request(&self, expected: Expected) -> &Self {
        self.step("expect_request", move |stage| {
            let request = stage.receive(&expected)?;
            stage.shared.requests.lock().unwrap().push(request);
            Ok(())
        })
    }

    /// Returns the requests of [`expect_request`](Self::expect_request) and the steps that use it.
    /// Call [`sync`](Self::sync) first.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.shared.requests.lock().unwrap().clone()
    }

    // Responses.

    /// Sends these bytes.
    #[track_caller]
    pub fn send(&self, bytes: impl AsRef<[u8]>) -> &Self {
        let bytes = bytes.as_ref().to_vec();
        self.step("send", move |stage| stage.conn()?.send(&bytes))
    }

    /// Sends the first `at` bytes, waits until the client has read them, and sends the rest: no
    /// read of the client returns bytes of both (rarely on TCP).
    #[track_caller]
    pub fn send_split(&self, bytes: impl AsRef<[u8]>, at: usize) -> &Self {
        let bytes = bytes.as_ref().to_vec();
        assert!(at <= bytes.len());
        self.step("send_split", move |stage| {
            let conn = stage.conn()?;
            conn.send_apart(&bytes[..at])?;
            conn.send(&bytes[at..])
        })
    }

    /// Sends the bytes so that each read of the client returns one byte (on TCP nearly always).
    #[track_caller]
    pub fn send_bytewise(&self, bytes: impl AsRef<[u8]>) -> &Self {
        let bytes = bytes.as_ref().to_vec();
        self.step("send_bytewise", move |stage| {
            let conn = stage.conn()?;
            for byte in &bytes {
                conn.send_apart(&[*byte])?;
            }
            Ok(())
        })
    }

    /// Sends `length` bytes of the [`Pattern`](super::Pattern) at full speed.
    #[track_caller]
    pub fn send_pattern(&self, length: u64) -> &Self {
        self.step("send_pattern", move |stage| stage.conn()?.send_pattern(length))
    }

    /// Sends these bytes repeatedly until the client closes the connection.
    #[track_caller]
    pub fn send_until_closed(&self, bytes: impl AsRef<[u8]>) -> &Self {
        let bytes = bytes.as_ref().to_vec();
        assert!(!bytes.is_empty());
        self.step("send_until_closed", move |stage| {
            let conn = stage.conn()?;
            let end = Instant::now() + conn.step_timeout();
            while Instant::now() < end {
                match conn.send(&bytes) {
                    Ok(()) => {}
                    Err(Fault::Closed(_)) => return stage.take().map(drop),
                    Err(fault) => return Err(fault),
                }
            }
            Err("the client did not close the connection".to_string().into())
        })
    }

    /// Waits until the client has read everything (on TCP: a short pause).
    #[track_caller]
    pub fn let_client_read(&self) -> &Self {
        self.step("let_client_read", |stage| stage.conn()?.let_client_read())
    }

    /// Sends a response; the connection is closed after it if the response requires that. A client
    /// that disconnects early is not a failure.
    #[track_caller]
    pub fn reply(&self, response: Response) -> &Self {
        self.step("reply", move |stage| stage.reply(response, false))
    }

    // A request and its response.

    /// Expects this request without a body, such as `GET /v1.41/info`, and sends a response.
    #[track_caller]
    pub fn exchange(&self, line: &str, response: Response) -> &Self {
        self.exchange_for(Expected::new(line), response)
    }

    /// Expects this request and sends a response.
    #[track_caller]
    pub fn exchange_for(&self, expected: Expected, response: Response) -> &Self {
        self.step("exchange", move |stage| {
            let request = stage.receive(&expected)?;
            let to_head = request.method == "HEAD";
            stage.shared.requests.lock().unwrap().push(request);
            stage.reply(response, to_head)
        })
    }

    /// Negotiation: a response to `HEAD /_ping` with this API version.
    #[track_caller]
    pub fn ping(&self, version: &str) -> &Self {
        self.exchange("HEAD /_ping", Response::ping(version))
    }

    /// Negotiation with an engine that does not report its version.
    #[track_caller]
    pub fn ping_unversioned(&self) -> &Self {
        self.exchange("HEAD /_ping", Response::ping_unversioned())
    }

    /// Negotiation with an engine that rejects HEAD (with 404, 405 …) but not GET.
    #[track_caller]
    pub fn ping_without_head(&self, status: u16, version: &str) -> &Self {
        self.exchange("HEAD /_ping", Response::text(status, "page not found\n"))
            .exchange("GET /_ping", Response::ping(version))
    }

    /// Negotiation with a server that rejects HEAD and GET with plain text, as very old engines and
    /// proxies do.
    #[track_caller]
    pub fn ping_text_error(&self, status: u16, text: &str) -> &Self {
        self.exchange("HEAD /_ping", Response::text(status, text))
            .exchange("GET /_ping", Response::text(status, text))
    }

    // Time.

    /// Waits until the gate is open.
    #[track_caller]
    pub fn hold(&self, gate: &Gate) -> &Self {
        let gate = gate.clone();
        self.step("hold", move |stage| stage.stop.pass(&gate, Instant::now() + stage.step_timeout))
    }

    /// Opens the gate when the script reaches this step.
    #[track_caller]
    pub fn open(&self, gate: &Gate) -> &Self {
        let gate = gate.clone();
        self.step("open", move |_| {
            gate.open();
            Ok(())
        })
    }

    /// Blocks the test until all steps so far have run; panics if one failed.
    #[track_caller]
    pub fn sync(&self) {
        let (done, reached) = channel();
        self.step("sync", move |_| {
            let _ = done.send(());
            Ok(())
        });
        // Each step before it has a limit.
        if reached.recv().is_err() {
            let failure = self.shared.failure.lock().unwrap().take();
            panic!("{}", failure.expect("the script ends early only if a step fails"));
        }
    }

    /// Waits for the end of the script; panics if a step failed or the client sent more than
    /// expected.
    #[track_caller]
    pub fn finish(mut self) -> Vec<RecordedRequest> {
        if let Some(failure) = self.conclude() {
            panic!("{failure}");
        }
        self.requests()
    }

    fn conclude(&mut self) -> Option<String> {
        drop(self.steps.take());
        let ended = self.thread.take()?.join();
        assert!(ended.is_ok() || thread::panicking(), "the fake engine's thread panicked");
        self.shared.failure.lock().unwrap().take()
    }
}

impl Drop for FakeEngine {
    fn drop(&mut self) {
        if thread::panicking() {
            self.stop.stop();
        }
        match self.conclude() {
            // This failure is often the cause of the panic.
            Some(failure) if thread::panicking() => eprintln!("{failure}"),
            Some(failure) => panic!("{failure}"),
            None => {}
        }
    }
}

impl Stage {
    fn run(mut self, script: Receiver<Step>) {
        let mut number = 0;
        while let Some(step) = self.next(&script, number) {
            let Step { name, location, action } = step;
            number += 1;
            let done = self.stop.check().and_then(|()| action(&mut self));
            let why = match done {
                Ok(()) => continue,
                Err(Fault::Stopped) => return,
                Err(Fault::Closed(why)) => format!("the client closed the connection: {why}"),
                Err(Fault::Failed(why)) => why,
            };
            let connection = match self.current {
                Some(current) => format!("connection {current}"),
                None => "no connection".to_string(),
            };
            let steps = *self.shared.added.lock().unwrap();
            let host = self.listener.address().host();
            self.fail(format!(
                "fake engine {host}: step {number} of {steps} failed: {name} at {location}, on {connection}\n{why}{}",
                self.pending_connection(),
            ));
            return;
        }
        if self.shared.failure.lock().unwrap().is_some() {
            return;
        }
        if let Err(Fault::Failed(why)) = self.check_end() {
            let host = self.listener.address().host();
            self.fail(format!("fake engine {host}: after the {number} steps of the script: {why}"));
        }
    }

    /// Returns the next step, or `None` at the end of the script. The client may wait for a missing
    /// step and the test for the client, so this wait has a limit as well.
    fn next(&mut self, script: &Receiver<Step>, number: usize) -> Option<Step> {
        let mut unexpected_count = 0;
        for idle in 1.. {
            match script.recv_timeout(self.idle_limit) {
                Ok(step) => return Some(step),
                Err(RecvTimeoutError::Disconnected) => return None,
                Err(RecvTimeoutError::Timeout) => {}
            }
            // Twice in a row: the first may have arrived just now.
            let more = self.has_unexpected();
            unexpected_count = if more { unexpected_count + 1 } else { 0 };
            let connected = self.conns.iter().any(Option::is_some);
            if unexpected_count == 2 || (idle == LONGEST_IDLE && connected) {
                let host = self.listener.address().host();
                let why = match self.check_end() {
                    Err(Fault::Failed(why)) => why,
                    _ => "does the client wait for a response?".to_string(),
                };
                self.fail(format!(
                    "fake engine {host}: no further step after the {number} so far, but a client is connected: {why}"
                ));
                return None;
            }
        }
        unreachable!("an idle client ends the script before")
    }

    /// Returns whether there are bytes or connections that no step has expected.
    fn has_unexpected(&mut self) -> bool {
        let pending_connection = self.backlog.is_empty() && self.listener.has_pending(&self.stop);
        pending_connection
            || self.conns.iter_mut().flatten().any(|conn| check_no_more(conn).is_err())
    }

    fn fail(&self, message: String) {
        *self.shared.failure.lock().unwrap() = Some(message);
    }

    fn check_end(&mut self) -> Result<(), Fault> {
        if !self.backlog.is_empty() {
            return Ok(());
        }
        for conn in self.conns.iter_mut().flatten() {
            check_no_more(conn)?;
        }
        match self.pending_connection() {
            more if more.is_empty() => Ok(()),
            more => Err(more.trim_start().to_string().into()),
        }
    }

    /// Describes a connection that the script did not accept, and its bytes, for a failure message.
    fn pending_connection(&self) -> String {
        if !self.backlog.is_empty() {
            return String::new();
        }
        match self.listener.accept(&self.stop, Some(Instant::now())) {
            Ok(Some(mut conn)) => {
                conn.settle();
                let sent = super::escape(conn.unread());
                format!(
                    "\nthe client opened a connection that was not expected, and sent \"{sent}\""
                )
            }
            _ => String::new(),
        }
    }

    fn accept(&mut self) -> Result<(), Fault> {
        let deadline = Instant::now() + self.step_timeout;
        match self.listener.accept(&self.stop, Some(deadline))? {
            Some(conn) => {
                self.current = Some(self.conns.len());
                self.conns.push(Some(conn));
                Ok(())
            }
            None => Err(format!("no connection within {:?}", self.step_timeout).into()),
        }
    }

    /// Returns the current connection; accepts one if there is none.
    fn conn(&mut self) -> Result<&mut Conn, Fault> {
        if self.current.is_none() {
            self.accept()?;
        }
        let conn = self.conns[self.current.unwrap()].as_mut().unwrap();
        conn.begin(self.step_timeout);
        Ok(conn)
    }

    /// Takes the current connection, to close it.
    fn take(&mut self) -> Result<Conn, Fault> {
        self.conn()?;
        let current = self.current.take().unwrap();
        Ok(self.conns[current].take().unwrap())
    }

    fn receive(&mut self, expected: &Expected) -> Result<RecordedRequest, Fault> {
        self.conn()?;
        let current = self.current.unwrap();
        expected.receive(self.conn()?, current)
    }

    /// A client may disconnect in the middle of a response, for example after an error in it. The
    /// test checks what the client has read.
    fn reply(&mut self, response: Response, to_head: bool) -> Result<(), Fault> {
        match response.send(self.conn()?, to_head) {
            Ok(true) | Err(Fault::Closed(_)) => Ok(()),
            Ok(false) => self.take().map(drop),
            Err(fault) => Err(fault),
        }
    }
}

fn check_no_more(conn: &mut Conn) -> Result<(), Fault> {
    match conn.unexpected()? {
        b"" => Ok(()),
        unexpected => {
            Err(format!("the client sent more: \"{}\"", super::escape(unexpected)).into())
        }
    }
}
