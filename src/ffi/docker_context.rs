use std::ffi::{c_char, c_int};

use super::arg;
use super::failure::{Fail, dockline_error};
use super::guard::guard;
use super::json::dockline_value;
use crate::{DockerContext, Pem, Value, ValueError};

/// Lists the contexts of the docker command, as "docker context ls" does, "default" first, which is no
/// file but what the environment says. Opens none: see "docker_context" of dockline_context_open().
///
/// Returns DOCKLINE_OK; DOCKLINE_INVALID_ARGUMENT where a variable or a file of the configuration is
/// broken, DOCKLINE_IO where a file cannot be read; both say which.
/// *list is an array of objects: "Name", "Description", "Host" (in the docker command's words),
/// "Current" (boolean: dockline_context_from_env() would open it), and where it is reached by TLS "TLS"
/// (object, as "tls" of dockline_context_open() takes it). Free it with dockline_value_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_docker_context_list(
    list: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("Context", error, || {
        let list = arg::out("list", list)?;
        let mut array = Value::array();
        for context in DockerContext::list()? {
            array.set("/-", value(&context)?)?;
        }
        list.put_handle(array.into());
        Ok(())
    })
}

/// Finds one context of the docker command by its name. Opens nothing.
///
/// Returns as dockline_docker_context_list(), and DOCKLINE_INVALID_ARGUMENT where there is none of the
/// name, saying which there are.
/// *context is an object, as in that list; free it with dockline_value_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_docker_context_inspect(
    name: *const c_char,
    context: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("Context", error, || {
        let context = arg::out("context", context)?;
        let name = arg::text("name", name)?;
        context.put_handle(value(&DockerContext::inspect(name)?)?.into());
        Ok(())
    })
}

fn value(context: &DockerContext) -> Result<Value, Fail> {
    let DockerContext { name, description, host, tls, current } = context;
    let mut value = Value::object();
    value.set("/Name", name)?;
    value.set("/Description", description)?;
    value.set("/Host", host)?;
    value.set("/Current", *current)?;
    if let Some(tls) = tls {
        let mut set = |name: &str, pem: &Option<Pem>| -> Result<(), ValueError> {
            match pem {
                // What is no UTF-8 has no place in JSON.
                Some(Pem::File(path)) => value.set(name, path.to_string_lossy().as_ref()),
                _ => Ok(()),
            }
        };
        set("/TLS/ca", &tls.ca)?;
        set("/TLS/cert", &tls.cert)?;
        set("/TLS/key", &tls.key)?;
        value.set("/TLS/skip_verify", tls.skip_verify)?;
    }
    Ok(value)
}
