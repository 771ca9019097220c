//! Reading arbitrary JSON into a [`Value`].

use serde_json::{Map, Number, Value};

use super::{AnyJson, Scalar};

impl AnyJson for Value {
    fn clear(&mut self) {
        *self = Value::Null;
    }

    fn set(&mut self, value: Scalar<'_>) {
        *self = match value {
            Scalar::Bool(it) => Value::Bool(it),
            Scalar::Int(it) => Value::Number(it.into()),
            Scalar::Uint(it) => Value::Number(it.into()),
            Scalar::Number(it) => Number::from_f64(it).map_or(Value::Null, Value::Number),
            Scalar::Str(it) => Value::String(it.to_owned()),
        };
    }

    fn begin_array(&mut self) {
        *self = Value::Array(Vec::new());
    }

    fn push_item(&mut self) -> &mut dyn AnyJson {
        match self {
            Value::Array(array) => {
                array.push(Value::Null);
                let last = array.len() - 1;
                &mut array[last]
            }
            other => other,
        }
    }

    fn pop_item(&mut self) {
        if let Value::Array(array) = self {
            array.pop();
        }
    }

    fn begin_object(&mut self) {
        *self = Value::Object(Map::new());
    }

    fn push_member(&mut self, name: String) -> &mut dyn AnyJson {
        match self {
            Value::Object(object) => object.entry(name).or_insert(Value::Null),
            other => other,
        }
    }

    fn take(&mut self) -> Value {
        Value::take(self)
    }
}
