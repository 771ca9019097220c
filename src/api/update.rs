//! Updates of the cluster's objects: read, changed, and sent back whole with the version that was
//! read.

use crate::{Error, Result};

/// How often an update is tried: who comes too late so many times in a row is told so.
const TRIES: usize = 10;

/// Reads an object's version and spec, lets `change` change the spec, and sends both; anew where
/// somebody else has changed the object in between.
pub(crate) fn update_with<S, R>(
    read: impl Fn() -> Result<(u64, S)>,
    mut change: impl FnMut(&mut S),
    write: impl Fn(u64, S) -> Result<R>,
) -> Result<R> {
    let change = |spec: &mut S| {
        change(spec);
        Ok::<_, Error>(())
    };
    try_update_with(read, change, write)
}

/// As [`update_with`]. Where `change` fails nothing is sent, and that is the end of it.
pub(crate) fn try_update_with<S, R, E: From<Error>>(
    read: impl Fn() -> Result<(u64, S)>,
    mut change: impl FnMut(&mut S) -> Result<(), E>,
    write: impl Fn(u64, S) -> Result<R>,
) -> Result<R, E> {
    let mut tries = 1;
    loop {
        let (version, mut spec) = read()?;
        change(&mut spec)?;
        match write(version, spec) {
            Err(Error::Conflict(api_error)) if tries < TRIES && api_error.is_stale() => tries += 1,
            result => return Ok(result?),
        }
    }
}
