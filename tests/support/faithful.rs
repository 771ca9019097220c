//! Comparison of models with responses of real engines.

use serde_json::Value;

use super::{Operation, Responder, Response, speaking};

/// Returns the fields that are lost or added when the library reads this response of an operation
/// and serializes it again.
pub fn model_differences(operation: &str, response: &Value) -> Vec<String> {
    let Some(row) = Operation::find(operation) else {
        return vec![format!("{operation} is not in tests/support/operations.rs")];
    };
    let body = response.to_string();
    let engine = Responder::unix(None, move |_| Response::json(&*body));
    let serialized = match row.serialized(&speaking(&engine.host(), "1.55")) {
        Some(Ok(serialized)) => serialized,
        Some(Err(error)) => return vec![error.to_string()],
        None => {
            return vec![format!("{operation}: no JSON response in tests/support/operations.rs")];
        }
    };
    let mut differences = Vec::new();
    compare(response, &serialized, operation, &mut differences);
    differences
}

/// Returns whether the models omit a field because engines never fill it: only an inspect lists the
/// containers of a network.
fn is_always_empty(path: &str) -> bool {
    path.starts_with("NetworkList/") && path.ends_with("/Containers")
}

/// Lists the differences between `sent` and `serialized`. Empty fields may be missing in `sent`,
/// but every field in `sent` must exist in the model.
fn compare(sent: &Value, serialized: &Value, path: &str, differences: &mut Vec<String>) {
    match (sent, serialized) {
        (Value::Object(sent), Value::Object(serialized)) => {
            for (name, value) in sent {
                let path = format!("{path}/{name}");
                match serialized.get(name) {
                    Some(serialized) => compare(value, serialized, &path, differences),
                    None if is_always_empty(&path) && is_empty(value) => {}
                    None => differences.push(format!("{path}: not in the model: {value}")),
                }
            }
            for (name, value) in serialized.iter().filter(|(name, _)| !sent.contains_key(*name)) {
                if !is_empty(value) {
                    differences.push(format!("{path}/{name}: not in the response: {value}"));
                }
            }
        }
        (Value::Array(sent), Value::Array(serialized)) if sent.len() == serialized.len() => {
            for (index, (sent, serialized)) in sent.iter().zip(serialized).enumerate() {
                compare(sent, serialized, &format!("{path}/{index}"), differences);
            }
        }
        _ if sent == serialized || is_empty(sent) && is_empty(serialized) => {}
        _ => differences.push(format!("{path}: {sent}, serialized as {serialized}")),
    }
}

/// Returns whether a value is empty: null, false, 0, or without content.
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
