//! Read-modify-write updates of swarm objects, guarded by their version.

use crate::{Error, Result};

/// The number of attempts before a conflict is returned.
const MAX_ATTEMPTS: usize = 10;

/// Reads the version and spec of an object, applies `change` and writes both. Retries if the object
/// has changed in between.
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

/// As [`update_with`], with a `change` that can fail. Nothing is sent or retried in that case.
pub(crate) fn try_update_with<S, R, E: From<Error>>(
    read: impl Fn() -> Result<(u64, S)>,
    mut change: impl FnMut(&mut S) -> Result<(), E>,
    write: impl Fn(u64, S) -> Result<R>,
) -> Result<R, E> {
    let mut attempts = 1;
    loop {
        let (version, mut spec) = read()?;
        change(&mut spec)?;
        match write(version, spec) {
            Err(Error::Conflict(api_error)) if attempts < MAX_ATTEMPTS && api_error.is_stale() => {
                attempts += 1
            }
            result => return Ok(result?),
        }
    }
}
