//! Which engine a test runs on, and what is told of it in the table of `make test-engines`.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::Write;
use std::sync::{Arc, Mutex};
use std::{env, fmt, thread};

use dockline::{ApiVersion, Context, Error};

/// The engine under test, as it calls itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Engine {
    Docker(ApiVersion),
    /// Its own version, such as `4.3.1`.
    Podman(String),
}

impl Engine {
    #[track_caller]
    pub fn of(docker: &Context) -> Engine {
        let version = docker.with_result_handler(|_| {}).system().version().unwrap();
        if version.components.iter().any(|component| component.name == "Podman Engine") {
            Engine::Podman(version.version)
        } else {
            Engine::Docker(version.api_version.parse().unwrap())
        }
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Engine::Docker(version) => write!(f, "Docker, API {version}"),
            Engine::Podman(version) => write!(f, "Podman {version}"),
        }
    }
}

/// Whether the engine is Podman, of whose answers some differ from Docker's.
#[track_caller]
pub fn is_podman(docker: &Context) -> bool {
    matches!(Engine::of(docker), Engine::Podman(_))
}

/// Notes what the engine under test cannot do. The test has to see to it that it is a clear error:
/// this checks that it comes of what the engine says, and holds these words.
#[track_caller]
pub fn refused_by(error: &Error, words: &str) {
    let by_engine = error.api_error().is_some()
        || matches!(
            error,
            Error::Stream { .. } | Error::Decode { .. } | Error::EngineTooOld { .. }
        );
    assert!(by_engine && error.to_string().contains(words), "{error:?}");
    note("refused", error.operation(), &error.to_string());
}

/// Notes that the engine under test does otherwise than Docker what this operation asks of it. The
/// test has to show what it does.
pub fn differs(operation: &str, words: &str) {
    note("differs", operation, words);
}

/// The operations that one test has called, noted when it is over.
pub struct Report {
    test: String,
    /// Whether a call of it has succeeded.
    called: Arc<Mutex<BTreeMap<&'static str, bool>>>,
}

impl Report {
    /// Begins the report of the test that this thread runs.
    pub fn of_this_test() -> Report {
        let file = env!("CARGO_CRATE_NAME");
        let test = thread::current().name().unwrap_or("a test").to_owned();
        Report { test: format!("{file}::{test}"), called: Arc::default() }
    }

    /// A context whose calls it hears of.
    pub fn watch(&self, docker: &Context) -> Context {
        let called = Arc::clone(&self.called);
        docker.with_result_handler(move |result| {
            let good = result.error.is_none() && result.status.is_some_and(|status| status < 400);
            let operation = match (result.operation, &*result.method) {
                ("SystemPing", "HEAD") => "SystemPingHead",
                // Engines of today are never asked by GET, but by a test.
                ("Raw", "GET") if result.url.ends_with("/_ping") => "SystemPing",
                (operation, _) => operation,
            };
            *called.lock().unwrap().entry(operation).or_default() |= good;
        })
    }

    /// What a test that has passed got done is good. Which call has made another fail, only its
    /// reader knows: so all are doubtful.
    pub fn end(&self, passed: bool) {
        let called = self.called.lock().unwrap();
        for (operation, good) in &*called {
            match (passed, good) {
                (true, true) => note("passed", operation, &self.test),
                (true, false) => {}
                (false, _) => note("failed", operation, &self.test),
            }
        }
        if !passed && called.is_empty() {
            note("failed", "(before any call)", &self.test);
        }
    }
}

/// Appends a line to the file that `DOCKLINE_TEST_REPORT` names, if any.
fn note(outcome: &str, operation: &str, words: &str) {
    let Some(path) = env::var_os("DOCKLINE_TEST_REPORT") else { return };
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut file = OpenOptions::new().create(true).append(true).open(path).unwrap();
    // In one piece, since tests run side by side.
    file.write_all(format!("{outcome}\t{operation}\t{words}\n").as_bytes()).unwrap();
}
