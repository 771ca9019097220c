//! Updates of a spec by a C callback; see [`crate::api::update`].

use std::ffi::{c_int, c_void};

use super::arg;
use super::failure::Fail;
use super::json::dockline_value;
use super::status::dockline_status::{self, *};
use crate::api::update::try_update_with;
use crate::codec::JsonType;
use crate::{Error, Result, Value};

/// Changes a spec in place; a return value other than 0 stops the update.
pub(super) type Change =
    unsafe extern "C" fn(user_data: *mut c_void, spec: *mut dockline_value) -> c_int;

/// Reads an object, lets `change` change its spec, and writes it; repeats this after a conflict with
/// another client. `object` is the JSON Pointer of the object that has `Version` and `Spec` within the
/// value from `read`. Returns `None` if the callback stopped the update.
///
/// # Safety
/// `change` may be called with `user_data`.
pub(super) unsafe fn update_with<S: JsonType, R>(
    change: Option<Change>,
    user_data: *mut c_void,
    object: &str,
    read: impl Fn() -> Result<Value>,
    write: impl Fn(u64, S) -> Result<R>,
) -> Result<Option<R>, Fail> {
    let change = change.ok_or_else(|| Fail::argument("change is NULL"))?;
    let part = |value: &Value, name: &str| value.get(&format!("{object}/{name}")).cloned();
    let result = try_update_with(
        || {
            let value = read()?;
            let version = part(&value, "Version/Index").and_then(|it| it.as_u64());
            let spec = part(&value, "Spec").unwrap_or_else(Value::object);
            Ok((version.unwrap_or_default(), (dockline_value::from(spec), None)))
        },
        |(value, spec)| match change(user_data, value) {
            0 => {
                *spec = Some(arg::read("spec", value)?);
                Ok(())
            }
            _ => Err(UpdateError::Stopped),
        },
        |version, (_, spec)| write(version, spec.expect("set by the callback")),
    );
    match result {
        Ok(response) => Ok(Some(response)),
        Err(UpdateError::Stopped) => Ok(None),
        Err(UpdateError::Failed(fail)) => Err(fail),
    }
}

/// The status of an update that has no response.
pub(super) fn status(result: Option<()>) -> dockline_status {
    result.map_or(DOCKLINE_STOPPED, |()| DOCKLINE_OK)
}

/// Why an update ended without a response.
enum UpdateError {
    Stopped,
    Failed(Fail),
}

impl From<Error> for UpdateError {
    fn from(error: Error) -> UpdateError {
        UpdateError::Failed(error.into())
    }
}

impl From<Fail> for UpdateError {
    fn from(fail: Fail) -> UpdateError {
        UpdateError::Failed(fail)
    }
}
