//! Requests with all their headers, and errors of API versions.

use dockline::{Context, Error, Result};

use super::{Expected, FakeEngine, speaking};

/// Opens a context pinned to API 1.`minor`.
pub fn pinned(engine: &FakeEngine, minor: u16) -> Context {
    speaking(&engine.host(), &format!("1.{minor}"))
}

/// A request without a body over a Unix socket, with all its headers.
pub fn bare(line: &str) -> Expected {
    let expected = plain(line);
    // Go's HTTP server requires a length for POST.
    if line.starts_with("POST") { expected.header("content-length", "0") } else { expected }
}

/// A request with exactly this JSON over a Unix socket, with all its headers.
pub fn with_json(line: &str, json: &str) -> Expected {
    plain(line)
        .header("content-type", "application/json")
        .header("content-length", &json.len().to_string())
        .body(json)
}

fn plain(line: &str) -> Expected {
    Expected::new(line)
        .header("host", "localhost")
        .header("user-agent", "dockline/VERSION")
        .header("accept", "*/*")
        .no_others()
}

/// Returns the message of [`Error::EngineTooOld`] and the minor version that is needed.
#[track_caller]
pub fn too_old<T: std::fmt::Debug>(result: Result<T>) -> (String, u16) {
    match result {
        Err(Error::EngineTooOld { message, needed, .. }) => (message, needed.minor),
        other => panic!("expected EngineTooOld: {other:?}"),
    }
}
