//! The engine that a test runs on, and the report for the table of `make test-engines`.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::Write;
use std::sync::{Arc, Mutex};
use std::{env, fmt, thread};

use dockline::{ApiVersion, Context, Error};

/// The engine under test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Engine {
    Docker(ApiVersion),
    /// The version of Podman, such as `4.3.1`.
    Podman(String),
}

impl Engine {
    #[track_caller]
    pub fn detect(docker: &Context) -> Engine {
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

/// Returns whether the engine is Podman, whose responses sometimes differ from Docker's.
#[track_caller]
pub fn is_podman(docker: &Context) -> bool {
    matches!(Engine::detect(docker), Engine::Podman(_))
}

/// Checks that an error comes from the engine and contains a text, and reports the operation as
/// unsupported by the engine.
#[track_caller]
pub fn assert_unsupported(error: &Error, text: &str) {
    let by_engine = error.api_error().is_some()
        || matches!(
            error,
            Error::Stream { .. } | Error::Decode { .. } | Error::EngineTooOld { .. }
        );
    assert!(by_engine && error.to_string().contains(text), "{error:?}");
    note("refused", error.operation(), &error.to_string());
}

/// Reports that the engine differs from Docker in an operation. The test must check what the engine
/// does.
pub fn note_difference(operation: &str, description: &str) {
    note("differs", operation, description);
}

/// The operations that one test has called, reported at its end.
pub struct Report {
    test: String,
    /// By operation, whether a call has succeeded.
    called: Arc<Mutex<BTreeMap<&'static str, bool>>>,
}

impl Report {
    /// Creates the report of the test on this thread.
    pub fn for_current_test() -> Report {
        let file = env!("CARGO_CRATE_NAME");
        let test = thread::current().name().unwrap_or("a test").to_owned();
        Report { test: format!("{file}::{test}"), called: Arc::default() }
    }

    /// Returns a context whose calls are recorded.
    pub fn watch(&self, docker: &Context) -> Context {
        let called = Arc::clone(&self.called);
        docker.with_result_handler(move |result| {
            let good = result.error.is_none() && result.status.is_some_and(|status| status < 400);
            let operation = match (result.operation, &*result.method) {
                ("SystemPing", "HEAD") => "SystemPingHead",
                // The library pings with HEAD; only a test sends GET.
                ("Raw", "GET") if result.url.ends_with("/_ping") => "SystemPing",
                (operation, _) => operation,
            };
            *called.lock().unwrap().entry(operation).or_default() |= good;
        })
    }

    /// Reports the operations as passed if the test has passed. If it has failed, all its
    /// operations are reported as failed, since the failing call is unknown.
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

/// Appends a line to the file in `DOCKLINE_TEST_REPORT`, if set.
fn note(outcome: &str, operation: &str, text: &str) {
    let Some(path) = env::var_os("DOCKLINE_TEST_REPORT") else { return };
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut file = OpenOptions::new().create(true).append(true).open(path).unwrap();
    // A single write, since tests run in parallel.
    file.write_all(format!("{outcome}\t{operation}\t{text}\n").as_bytes()).unwrap();
}
