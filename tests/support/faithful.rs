//! Whether the models hold all that is in a response of a real engine.

use serde_json::Value;

use super::{Operation, Responder, Response, speaking};

/// What is lost or comes up when the library reads this response of an operation and writes it again.
pub fn unfaithful(operation: &str, response: &Value) -> Vec<String> {
    let Some(row) = Operation::find(operation) else {
        return vec![format!("{operation} is not in tests/support/operations.rs")];
    };
    let body = response.to_string();
    let engine = Responder::unix(None, move |_| Response::json(&*body));
    let written = match row.written(&speaking(&engine.host(), "1.55")) {
        Some(Ok(written)) => written,
        Some(Err(error)) => return vec![error.to_string()],
        None => {
            return vec![format!(
                "{operation}: its row in tests/support/operations.rs has no JSON"
            )];
        }
    };
    let mut faults = Vec::new();
    compare(response, &written, operation, &mut faults);
    faults
}

/// Whether models leave out this field since engines never fill it: of networks in a list only an
/// inspect tells the containers.
fn is_always_empty(path: &str) -> bool {
    path.starts_with("NetworkList/") && path.ends_with("/Containers")
}

/// Lists where `written` is not what the engine `sent`. Of what is empty the engine need not speak,
/// but a name that it does say must be known.
fn compare(sent: &Value, written: &Value, path: &str, faults: &mut Vec<String>) {
    match (sent, written) {
        (Value::Object(sent), Value::Object(written)) => {
            for (name, value) in sent {
                let path = format!("{path}/{name}");
                match written.get(name) {
                    Some(written) => compare(value, written, &path, faults),
                    None if is_always_empty(&path) && is_empty(value) => {}
                    None => faults.push(format!("{path}: the model does not know it: {value}")),
                }
            }
            for (name, value) in written.iter().filter(|(name, _)| !sent.contains_key(*name)) {
                if !is_empty(value) {
                    faults.push(format!("{path}/{name}: the engine does not say {value}"));
                }
            }
        }
        (Value::Array(sent), Value::Array(written)) if sent.len() == written.len() => {
            for (index, (sent, written)) in sent.iter().zip(written).enumerate() {
                compare(sent, written, &format!("{path}/{index}"), faults);
            }
        }
        _ if sent == written || is_empty(sent) && is_empty(written) => {}
        _ => faults.push(format!("{path}: {sent}, written as {written}")),
    }
}

/// Whether a value says nothing.
pub fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Bool(true) => false,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.values().all(is_empty),
    }
}
