//! Docker contexts
//!
//! The contexts that "docker context" manages, for programs that list them. No engine is
//! called.

use std::ffi::{c_char, c_int};

use super::arg;
use super::failure::{Fail, dockline_error};
use super::guard::guard;
use super::json::dockline_value;
use crate::{DockerContext, Pem, Value, ValueError};

/// Lists the docker contexts of the docker command.
///
/// Reads the same files as "docker context ls"; no engine is called. The first context is
/// "default", which is not stored in a file: it follows DOCKER_HOST and the default socket. To
/// open a docker context, see the option "docker_context" of dockline_context_open().
///
/// list: receives an array of objects with "Name", "Description", "Host" (the address as the
/// docker command has it), "Current" (boolean: dockline_context_from_env() opens it) and, if
/// it uses TLS, "TLS" (object: as "tls" of dockline_context_open()); free it with
/// dockline_value_free().
///
/// Returns DOCKLINE_OK; DOCKLINE_INVALID_ARGUMENT if a variable or configuration file is
/// malformed; DOCKLINE_IO if a file cannot be read; or another negative status. The message
/// names the variable or file.
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

/// Returns a docker context by its name.
///
/// No engine is called.
///
/// name: the name of the docker context.
/// found: receives an object, as in the list of dockline_docker_context_list(); free it with
/// dockline_value_free().
///
/// Returns the same statuses as dockline_docker_context_list(), and DOCKLINE_INVALID_ARGUMENT
/// if the docker context does not exist: the message lists those that do.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_docker_context_inspect(
    name: *const c_char,
    found: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("Context", error, || {
        let found = arg::out("found", found)?;
        let name = arg::text("name", name)?;
        found.put_handle(value(&DockerContext::inspect(name)?)?.into());
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
                // JSON is UTF-8.
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
