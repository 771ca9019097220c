//! A fake engine that responds by a closure: for several threads, and if the order is unknown.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::conn::{Address, Conn, Fault, Listener, Stop};
use super::http::{RecordedRequest, Response};
use super::{LIMIT, TempDir, frame};

/// An engine that responds to each request by a closure and records all requests. Each connection
/// has a thread; all are joined by [`finish`](Self::finish) or on drop.
///
/// A request that is not valid HTTP and a panic of the closure are failures. A client that closes
/// the connection early is not.
pub struct Responder {
    address: Address,
    shared: Arc<Shared>,
    acceptor: Option<JoinHandle<()>>,
    _dir: Option<TempDir>,
}

type Handler = dyn Fn(&RecordedRequest) -> Response + Send + Sync;

struct Shared {
    response: Box<Handler>,
    version: Option<String>,
    stop: Arc<Stop>,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    connections: usize,
    requests: Vec<RecordedRequest>,
    failure: Option<String>,
    threads: Vec<JoinHandle<()>>,
}

impl Responder {
    /// Listens on a Unix socket in a temporary directory. With a version, the engine responds to
    /// `/_ping` itself; with `None` the closure must.
    pub fn unix<'a>(
        version: impl Into<Option<&'a str>>,
        response: impl Fn(&RecordedRequest) -> Response + Send + Sync + 'static,
    ) -> Responder {
        let dir = TempDir::new();
        let listener = Listener::unix_in(&dir);
        Responder::start(listener, Some(dir), version.into(), Box::new(response))
    }

    /// Like [`unix`](Self::unix), on a socket whose directory belongs to the test.
    pub fn unix_at<'a>(
        path: &Path,
        version: impl Into<Option<&'a str>>,
        response: impl Fn(&RecordedRequest) -> Response + Send + Sync + 'static,
    ) -> Responder {
        Responder::start(Listener::unix(path), None, version.into(), Box::new(response))
    }

    /// Like [`unix`](Self::unix), on a free TCP port of 127.0.0.1.
    pub fn tcp<'a>(
        version: impl Into<Option<&'a str>>,
        response: impl Fn(&RecordedRequest) -> Response + Send + Sync + 'static,
    ) -> Responder {
        Responder::start(Listener::tcp(), None, version.into(), Box::new(response))
    }

    fn start(
        listener: Listener,
        dir: Option<TempDir>,
        version: Option<&str>,
        response: Box<Handler>,
    ) -> Responder {
        let address = listener.address().clone();
        let shared = Arc::new(Shared {
            response,
            version: version.map(str::to_string),
            stop: Stop::new(),
            state: Mutex::default(),
            changed: Condvar::new(),
        });
        let acceptor = thread::Builder::new().name("fake engine".into());
        let acceptor = acceptor.spawn({
            let shared = Arc::clone(&shared);
            move || shared.accept(&listener)
        });
        let acceptor = Some(acceptor.unwrap());
        Responder { address, shared, acceptor, _dir: dir }
    }

    /// Returns the address in the notation of `DOCKER_HOST`.
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

    /// Returns all requests so far, including pings, in the order in which they were complete.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.shared.state.lock().unwrap().requests.clone()
    }

    /// Returns the number of connections accepted so far.
    pub fn connections(&self) -> usize {
        self.shared.state.lock().unwrap().connections
    }

    /// Waits for `count` requests, including pings; panics after [`LIMIT`].
    #[track_caller]
    pub fn wait_requests(&self, count: usize) {
        let state = self.shared.state.lock().unwrap();
        let incomplete = |state: &mut State| state.requests.len() < count;
        let (state, time) =
            self.shared.changed.wait_timeout_while(state, LIMIT, incomplete).unwrap();
        let count_so_far = state.requests.len();
        drop(state);
        assert!(!time.timed_out(), "{count_so_far} requests within {LIMIT:?}, expected {count}");
    }

    /// Stops, joins all threads and returns the requests; panics if something failed.
    #[track_caller]
    pub fn finish(mut self) -> Vec<RecordedRequest> {
        if let Some(failure) = self.conclude() {
            panic!("{failure}");
        }
        self.requests()
    }

    fn conclude(&mut self) -> Option<String> {
        let acceptor = self.acceptor.take()?;
        self.shared.stop.stop();
        let mut ended = acceptor.join().is_ok();
        let threads = std::mem::take(&mut self.shared.state.lock().unwrap().threads);
        for thread in threads {
            ended &= thread.join().is_ok();
        }
        assert!(ended || thread::panicking(), "a thread of the fake engine panicked");
        self.shared.state.lock().unwrap().failure.take()
    }
}

impl Drop for Responder {
    fn drop(&mut self) {
        match self.conclude() {
            Some(failure) if thread::panicking() => eprintln!("{failure}"),
            Some(failure) => panic!("{failure}"),
            None => {}
        }
    }
}

impl Shared {
    fn accept(self: &Arc<Self>, listener: &Listener) {
        while let Ok(Some(conn)) = listener.accept(&self.stop, None) {
            let shared = Arc::clone(self);
            let mut state = self.state.lock().unwrap();
            let number = state.connections;
            state.connections += 1;
            // Otherwise finished threads would accumulate in a test of a thousand connections.
            let (ended, running): (Vec<_>, Vec<_>) =
                std::mem::take(&mut state.threads).into_iter().partition(|t| t.is_finished());
            state.threads = running;
            let thread = thread::Builder::new().name(format!("fake engine {number}"));
            state.threads.push(thread.spawn(move || shared.serve(conn, number)).unwrap());
            drop(state);
            for thread in ended {
                thread.join().expect("a thread of the fake engine panicked");
            }
        }
    }

    fn serve(&self, mut conn: Conn, number: usize) {
        let why = loop {
            match self.serve_one(&mut conn, number) {
                Ok(true) => {}
                Ok(false) | Err(Fault::Stopped | Fault::Closed(_)) => return,
                Err(Fault::Failed(why)) => break why,
            }
        };
        let message = format!("fake engine: connection {number}: {why}");
        self.state.lock().unwrap().failure.get_or_insert(message);
    }

    /// Returns false if the connection must be closed.
    fn serve_one(&self, conn: &mut Conn, number: usize) -> Result<bool, Fault> {
        // An idle connection may stay open for the whole test.
        if conn.unread().is_empty() {
            conn.fill_until(None)?;
        }
        conn.begin(LIMIT);
        let Some(mut request) = RecordedRequest::read_head(conn, number)? else {
            return Ok(false);
        };
        request.read_body(conn, |_| Ok(()))?;
        let to_head = request.method == "HEAD";
        {
            self.state.lock().unwrap().requests.push(request.clone());
            self.changed.notify_all();
        }
        let response = match &self.version {
            Some(version) if request.path() == "/_ping" => Response::ping(version),
            _ => catch_unwind(AssertUnwindSafe(|| (self.response)(&request))).map_err(|panic| {
                let line = format!("{} {}", request.method, request.target);
                format!("responding to {line}: {}", panic_message(&*panic))
            })?,
        };
        conn.begin(LIMIT);
        response.send(conn, to_head)
    }
}

fn panic_message(panic: &(dyn std::any::Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("a panic")
}

/// Returns an engine (1.41) that responds to every request except the ping with `frames` frames of
/// `payload` bytes on stdout, chunked, as fast as they are read.
pub fn log_hose(frames: u64, payload: usize) -> Responder {
    assert!(payload > 0);
    Responder::unix("1.41", move |_| {
        let one = frame(1, vec![b'x'; payload]);
        // Short frames are combined into chunks of 64 KiB.
        let batch = (65_536 / one.len()).clamp(1, 65_536) as u64;
        let mut response = Response::chunked(200)
            .header("Content-Type", "application/vnd.docker.multiplexed-stream")
            .repeat(one.repeat(batch as usize), frames / batch);
        if frames % batch > 0 {
            response = response.then(one.repeat((frames % batch) as usize));
        }
        response
    })
}

/// Returns an engine (1.41) that accepts an upload of any size, records its beginning and its
/// length (see [`RecordedRequest::body_length`]), and responds with 200 and this JSON.
pub fn upload_sink(json: &'static str) -> Responder {
    Responder::unix("1.41", move |_| Response::json(json))
}
