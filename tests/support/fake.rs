//! A fake engine that follows a script: what must come in, byte for byte, and what to answer.

use std::os::fd::OwnedFd;
use std::panic::Location;
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::conn::{Address, Conn, Fault, Got, Listener, Stop};
use super::http::{Expected, RecordedRequest, Response, versioned};
use super::{Gate, LIMIT, TempDir};

/// An engine that plays a script on a thread of its own.
///
/// Each method adds a step and returns at once; steps are played in order, from the moment they are
/// added. A step that needs a connection accepts one if none is open. [`finish`](Self::finish) (or
/// dropping it) waits for the last step and panics if one failed, or if the client did more than
/// the script says. Every step gives up after [`LIMIT`] without progress.
pub struct FakeEngine {
    address: Address,
    steps: Option<Sender<Step>>,
    player: Option<JoinHandle<()>>,
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
    place: &'static Location<'static>,
    action: Action,
}

/// Without a next step, a client that stays connected is given up after so many idle limits.
const LONGEST_IDLE: u32 = 6;

/// What the steps act on.
struct Stage {
    listener: Listener,
    conns: Vec<Option<Conn>>,
    current: Option<usize>,
    patience: Duration,
    idle_limit: Duration,
    stop: Arc<Stop>,
    shared: Arc<Shared>,
    backlog: Vec<OwnedFd>,
}

impl FakeEngine {
    /// Listens on a Unix socket in a directory of its own.
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
            patience: LIMIT,
            idle_limit: LIMIT,
            stop: Arc::clone(&stop),
            shared: Arc::clone(&shared),
            backlog: Vec::new(),
        };
        let player = thread::Builder::new().name("fake engine".into());
        let player = player.spawn(move || stage.play(script)).unwrap();
        let (steps, player) = (Some(steps), Some(player));
        FakeEngine { address, steps, player, shared, stop, _dir: dir }
    }

    /// Where it listens, as in `DOCKER_HOST`: `unix:///…` or `tcp://127.0.0.1:…`.
    pub fn host(&self) -> String {
        self.address.host()
    }

    /// The path of its socket.
    pub fn path(&self) -> &Path {
        match &self.address {
            Address::Unix(path) => path,
            Address::Tcp(_) => panic!("a TCP engine has no path"),
        }
    }

    /// Its TCP port.
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
        let step = Step { name, place: Location::caller(), action: Box::new(action) };
        *self.shared.added.lock().unwrap() += 1;
        // If the player has given up, finish() tells why.
        let _ = self.steps.as_ref().unwrap().send(step);
        self
    }

    /// Does anything else with the connection.
    #[track_caller]
    pub fn talk(
        &self,
        talk: impl FnOnce(&mut Conn) -> Result<(), Fault> + Send + 'static,
    ) -> &Self {
        self.step("talk", move |stage| talk(stage.conn()?))
    }

    /// From here on steps give up after this long without progress.
    #[track_caller]
    pub fn patience(&self, patience: Duration) -> &Self {
        self.step("patience", move |stage| {
            stage.patience = patience;
            Ok(())
        })
    }

    /// From here on, while the script has no next step, a client that sends or connects is given up
    /// after this long ([`LIMIT`] at first), and one that only stays connected after six times as
    /// long. For a test that is busy elsewhere with an engine at hand.
    #[track_caller]
    pub fn idle_limit(&self, limit: Duration) -> &Self {
        self.step("idle_limit", move |stage| {
            stage.idle_limit = limit;
            Ok(())
        })
    }

    // Connections.

    /// Accepts a fresh connection and goes on with it. Those accepted before stay open.
    #[track_caller]
    pub fn accept(&self) -> &Self {
        self.step("accept", |stage| stage.accept())
    }

    /// Goes on with another open connection; they are numbered from 0 in the order of accept.
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

    /// Closes the connection. Bytes that came and were not expected are a failure.
    #[track_caller]
    pub fn close(&self) -> &Self {
        self.step("close", |stage| {
            let mut conn = stage.take()?;
            no_stray(&mut conn)
        })
    }

    /// Closes the connection whatever the client is doing, as an engine that dies.
    #[track_caller]
    pub fn abort(&self) -> &Self {
        self.step("abort", |stage| stage.take().map(drop))
    }

    /// Closes with a TCP reset. On a Unix socket the client sees one only if it sent something that
    /// was not read.
    #[track_caller]
    pub fn reset(&self) -> &Self {
        self.step("reset", |stage| stage.take().map(Conn::reset))
    }

    /// Ends the sending side; the client may go on sending.
    #[track_caller]
    pub fn shutdown_write(&self) -> &Self {
        self.step("shutdown_write", |stage| stage.conn()?.shutdown_write())
    }

    /// Stays silent until the client closes the connection, having sent nothing more.
    #[track_caller]
    pub fn expect_close(&self) -> &Self {
        self.step("expect_close", |stage| {
            let result = stage.conn()?.expect_end();
            stage.take()?;
            match result {
                Err(Fault::Gone(_)) => Ok(()),
                other => other,
            }
        })
    }

    /// Waits until the client ends its sending side, having sent nothing more; the connection stays
    /// open for a response.
    #[track_caller]
    pub fn expect_end(&self) -> &Self {
        self.step("expect_end", |stage| stage.conn()?.expect_end())
    }

    /// Reads anything until the client closes the connection.
    #[track_caller]
    pub fn drain(&self) -> &Self {
        self.step("drain", |stage| {
            stage.conn()?.drain()?;
            stage.take().map(drop)
        })
    }

    /// Accepts the connections that have come meanwhile, however many, and reads each to its end.
    #[track_caller]
    pub fn drain_all(&self) -> &Self {
        self.step("drain_all", |stage| {
            while let Some(mut conn) = stage.listener.accept(&stage.stop, Some(Instant::now()))? {
                conn.begin(stage.patience);
                conn.drain()?;
            }
            Ok(())
        })
    }

    /// Stops accepting: the queue of waiting connections is made short and filled, so that the
    /// client's `connect` gets no response. Returns when it is so. No other step can follow.
    #[track_caller]
    pub fn fill_backlog(&self) {
        self.step("fill_backlog", |stage| {
            stage.backlog = stage.listener.fill_backlog(Instant::now() + stage.patience);
            Ok(())
        });
        self.sync();
    }

    // Requests.

    /// Expects exactly these bytes, where `dockline/VERSION` stands for the version under test.
    #[track_caller]
    pub fn expect(&self, bytes: impl AsRef<[u8]>) -> &Self {
        let expected = versioned(bytes.as_ref());
        self.step("expect", move |stage| stage.conn()?.expect(&expected))
    }

    /// Expects a request by its parts.
    #[track_caller]
    pub fn expect_request(&self, expected: Expected) -> &Self {
        self.step("expect_request", move |stage| {
            let request = stage.meet(&expected)?;
            stage.shared.requests.lock().unwrap().push(request);
            Ok(())
        })
    }

    /// The requests taken by [`expect_request`](Self::expect_request) and what builds on it. Call
    /// [`sync`](Self::sync) first.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.shared.requests.lock().unwrap().clone()
    }

    // Answers.

    /// Sends these bytes.
    #[track_caller]
    pub fn send(&self, bytes: impl AsRef<[u8]>) -> &Self {
        let bytes = bytes.as_ref().to_vec();
        self.step("send", move |stage| stage.conn()?.send(&bytes))
    }

    /// Sends the first `at` bytes, lets the client read them, and sends the rest: no read of the
    /// client brings bytes of both (on TCP: hardly ever).
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

    /// Sends such that each read of the client brings one byte (on TCP: nearly always).
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

    /// Sends these bytes again and again until the client closes the connection.
    #[track_caller]
    pub fn send_until_closed(&self, bytes: impl AsRef<[u8]>) -> &Self {
        let bytes = bytes.as_ref().to_vec();
        assert!(!bytes.is_empty());
        self.step("send_until_closed", move |stage| {
            let conn = stage.conn()?;
            let end = Instant::now() + conn.patience();
            while Instant::now() < end {
                match conn.send(&bytes) {
                    Ok(()) => {}
                    Err(Fault::Gone(_)) => return stage.take().map(drop),
                    Err(fault) => return Err(fault),
                }
            }
            Err("the client did not close the connection".to_string().into())
        })
    }

    /// Waits until the client has read all that was sent (on TCP: a short pause).
    #[track_caller]
    pub fn let_client_read(&self) -> &Self {
        self.step("let_client_read", |stage| stage.conn()?.let_client_read())
    }

    /// Sends a response; the connection is closed after it if the response says so. A client that leaves
    /// before it has all of it is no failure.
    #[track_caller]
    pub fn reply(&self, response: Response) -> &Self {
        self.step("reply", move |stage| stage.reply(response, false))
    }

    // A request and its response in one.

    /// Expects this request without a body, such as `GET /v1.41/info`, and answers it.
    #[track_caller]
    pub fn exchange(&self, line: &str, response: Response) -> &Self {
        self.exchange_for(Expected::new(line), response)
    }

    /// Expects this request, and answers it.
    #[track_caller]
    pub fn exchange_for(&self, expected: Expected, response: Response) -> &Self {
        self.step("exchange", move |stage| {
            let request = stage.meet(&expected)?;
            let to_head = request.method == "HEAD";
            stage.shared.requests.lock().unwrap().push(request);
            stage.reply(response, to_head)
        })
    }

    /// The negotiation: `HEAD /_ping`, answered by an engine that speaks up to `version`.
    #[track_caller]
    pub fn ping(&self, version: &str) -> &Self {
        self.exchange("HEAD /_ping", Response::ping(version))
    }

    /// The negotiation with an engine that does not say its version.
    #[track_caller]
    pub fn ping_unversioned(&self) -> &Self {
        self.exchange("HEAD /_ping", Response::ping_unversioned())
    }

    /// The negotiation with an engine that refuses HEAD (with 404, 405 …) and answers GET.
    #[track_caller]
    pub fn ping_head_refused(&self, status: u16, version: &str) -> &Self {
        self.exchange("HEAD /_ping", Response::text(status, "page not found\n"))
            .exchange("GET /_ping", Response::ping(version))
    }

    /// The negotiation with something that refuses HEAD and GET with an error in plain text, as
    /// very old engines and proxies do.
    #[track_caller]
    pub fn ping_text_error(&self, status: u16, text: &str) -> &Self {
        self.exchange("HEAD /_ping", Response::text(status, text))
            .exchange("GET /_ping", Response::text(status, text))
    }

    // Time.

    /// Goes on when the gate is open.
    #[track_caller]
    pub fn hold(&self, gate: &Gate) -> &Self {
        let gate = gate.clone();
        self.step("hold", move |stage| stage.stop.pass(&gate, Instant::now() + stage.patience))
    }

    /// Opens the gate when the script has come so far.
    #[track_caller]
    pub fn open(&self, gate: &Gate) -> &Self {
        let gate = gate.clone();
        self.step("open", move |_| {
            gate.open();
            Ok(())
        })
    }

    /// Blocks the test until all steps so far are played; panics if one failed.
    #[track_caller]
    pub fn sync(&self) {
        let (done, reached) = channel();
        self.step("sync", move |_| {
            let _ = done.send(());
            Ok(())
        });
        // Bounded: each step before it is.
        if reached.recv().is_err() {
            let failure = self.shared.failure.lock().unwrap().take();
            panic!("{}", failure.expect("the player ends early only by a failure"));
        }
    }

    /// Waits for the end of the script; panics if a step failed or the client did more than the
    /// script says.
    #[track_caller]
    pub fn finish(mut self) -> Vec<RecordedRequest> {
        if let Some(failure) = self.conclude() {
            panic!("{failure}");
        }
        self.requests()
    }

    fn conclude(&mut self) -> Option<String> {
        drop(self.steps.take());
        let ended = self.player.take()?.join();
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
            // The failure here is often why the test panics.
            Some(failure) if thread::panicking() => eprintln!("{failure}"),
            Some(failure) => panic!("{failure}"),
            None => {}
        }
    }
}

impl Stage {
    fn play(mut self, script: Receiver<Step>) {
        let mut number = 0;
        while let Some(step) = self.next(&script, number) {
            let Step { name, place, action } = step;
            number += 1;
            let done = self.stop.check().and_then(|()| action(&mut self));
            let why = match done {
                Ok(()) => continue,
                Err(Fault::Stopped) => return,
                Err(Fault::Gone(why)) => format!("the client closed the connection: {why}"),
                Err(Fault::Failed(why)) => why,
            };
            let connection = match self.current {
                Some(current) => format!("connection {current}"),
                None => "no connection".to_string(),
            };
            let steps = *self.shared.added.lock().unwrap();
            let host = self.listener.address().host();
            self.fail(format!(
                "fake engine {host}: step {number} of {steps} failed: {name} at {place}, on {connection}\n{why}{}",
                self.knocking(),
            ));
            return;
        }
        if self.shared.failure.lock().unwrap().is_some() {
            return;
        }
        if let Err(Fault::Failed(why)) = self.nothing_more() {
            let host = self.listener.address().host();
            self.fail(format!("fake engine {host}: after the {number} steps of the script: {why}"));
        }
    }

    /// The next step; None at the end of the script. The client may be waiting for what the script
    /// lacks, and the test for the client: so the wait for a next step has a bound as well.
    fn next(&mut self, script: &Receiver<Step>, number: usize) -> Option<Step> {
        let mut knocks = 0;
        for idle in 1.. {
            match script.recv_timeout(self.idle_limit) {
                Ok(step) => return Some(step),
                Err(RecvTimeoutError::Disconnected) => return None,
                Err(RecvTimeoutError::Timeout) => {}
            }
            // Twice in a row: the first may have come just now.
            let more = self.unheard();
            knocks = if more { knocks + 1 } else { 0 };
            let connected = self.conns.iter().any(Option::is_some);
            if knocks == 2 || (idle == LONGEST_IDLE && connected) {
                let host = self.listener.address().host();
                let why = match self.nothing_more() {
                    Err(Fault::Failed(why)) => why,
                    _ => "does the client wait for a response?".to_string(),
                };
                self.fail(format!(
                    "fake engine {host}: no step came after the {number} so far, with a client connected: {why}"
                ));
                return None;
            }
        }
        unreachable!("an idle client is given up before")
    }

    /// Whether something came in that no step has taken.
    fn unheard(&mut self) -> bool {
        let knocking = self.backlog.is_empty() && self.listener.is_knocked(&self.stop);
        knocking || self.conns.iter_mut().flatten().any(|conn| no_stray(conn).is_err())
    }

    fn fail(&self, message: String) {
        *self.shared.failure.lock().unwrap() = Some(message);
    }

    fn nothing_more(&mut self) -> Result<(), Fault> {
        if !self.backlog.is_empty() {
            return Ok(());
        }
        for conn in self.conns.iter_mut().flatten() {
            no_stray(conn)?;
        }
        match self.knocking() {
            more if more.is_empty() => Ok(()),
            more => Err(more.trim_start().to_string().into()),
        }
    }

    /// For messages: a connection that the script did not accept, and what came on it.
    fn knocking(&self) -> String {
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
        let deadline = Instant::now() + self.patience;
        match self.listener.accept(&self.stop, Some(deadline))? {
            Some(conn) => {
                self.current = Some(self.conns.len());
                self.conns.push(Some(conn));
                Ok(())
            }
            None => Err(format!("no connection came within {:?}", self.patience).into()),
        }
    }

    /// The connection at hand, accepted if there is none.
    fn conn(&mut self) -> Result<&mut Conn, Fault> {
        if self.current.is_none() {
            self.accept()?;
        }
        let conn = self.conns[self.current.unwrap()].as_mut().unwrap();
        conn.begin(self.patience);
        Ok(conn)
    }

    /// The same, to be closed.
    fn take(&mut self) -> Result<Conn, Fault> {
        self.conn()?;
        let current = self.current.take().unwrap();
        Ok(self.conns[current].take().unwrap())
    }

    fn meet(&mut self, expected: &Expected) -> Result<RecordedRequest, Fault> {
        self.conn()?;
        let current = self.current.unwrap();
        expected.meet(self.conn()?, current)
    }

    /// A client may leave in the middle of a response, as one does who has read of a failure in it:
    /// what it must have read is for the test to check.
    fn reply(&mut self, response: Response, to_head: bool) -> Result<(), Fault> {
        match response.send(self.conn()?, to_head) {
            Ok(true) | Err(Fault::Gone(_)) => Ok(()),
            Ok(false) => self.take().map(drop),
            Err(fault) => Err(fault),
        }
    }
}

fn no_stray(conn: &mut Conn) -> Result<(), Fault> {
    match conn.stray()? {
        b"" => Ok(()),
        stray => Err(format!("the client sent more: \"{}\"", super::escape(stray)).into()),
    }
}
