//! Scalars, and the traits of types that are encoded as a scalar or as JSON of their own.

use std::fmt;

/// A JSON boolean, number or string.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Scalar<'a> {
    /// `true` or `false`.
    Bool(bool),
    /// A negative integer.
    Int(i64),
    /// A non-negative integer.
    Uint(u64),
    /// Any other number.
    Number(f64),
    /// A string.
    Str(&'a str),
}

impl fmt::Display for Scalar<'_> {
    /// Formats for messages: strings are quoted and cut to 200 bytes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Scalar::Bool(it) => write!(f, "{it}"),
            Scalar::Int(it) => write!(f, "{it}"),
            Scalar::Uint(it) => write!(f, "{it}"),
            Scalar::Number(it) => write!(f, "{it}"),
            Scalar::Str(it) => f.write_str(&quote_str(it)),
        }
    }
}

/// Returns at most 200 bytes of a string, in quotes.
fn quote_str(text: &str) -> String {
    let end = (0..=text.len().min(200)).rev().find(|at| text.is_char_boundary(*at));
    let (quoted, rest) = text.split_at(end.unwrap_or(0));
    format!("{quoted:?}{}", if rest.is_empty() { "" } else { "…" })
}

impl Scalar<'_> {
    /// Formats for messages without linking `f64` formatting (30 KB).
    ///
    /// Same as [`Display`](fmt::Display), except that a floating-point number is only quoted if it has at
    /// most six decimal places and about nine digits before them.
    pub(crate) fn quote(self) -> String {
        let number = match self {
            Scalar::Bool(it) => return it.to_string(),
            Scalar::Int(it) => return it.to_string(),
            Scalar::Uint(it) => return it.to_string(),
            Scalar::Str(it) => return quote_str(it),
            Scalar::Number(it) => it,
        };
        const MILLION: f64 = 1e6;
        let millionths = (number.abs() * MILLION).round();
        // Below 2^53 an f64 represents every integer, so the division yields the nearest number.
        if millionths >= (1u64 << 53) as f64 || millionths / MILLION != number.abs() {
            let integer = number.fract() == 0.0 && number.is_finite();
            return if integer { "a large integer" } else { "another number" }.to_owned();
        }
        let millionths = millionths as u64;
        let sign = if number < 0.0 { "-" } else { "" };
        let text = format!("{sign}{}.{:06}", millionths / 1_000_000, millionths % 1_000_000);
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    }

    /// Returns the value if it is an integer, including `1.0` and `1e3`.
    pub(crate) fn as_integer(self) -> Option<i128> {
        match self {
            Scalar::Int(it) => Some(it.into()),
            Scalar::Uint(it) => Some(it.into()),
            // No field can hold integers beyond 2^64.
            Scalar::Number(it) if it.fract() == 0.0 && it.abs() < 2e19 => Some(it as i128),
            _ => None,
        }
    }

    /// Returns the value if it is a number.
    pub(crate) fn as_number(self) -> Option<f64> {
        match self {
            Scalar::Int(it) => Some(it as f64),
            Scalar::Uint(it) => Some(it as f64),
            Scalar::Number(it) => Some(it),
            _ => None,
        }
    }
}

/// A type that is encoded as a scalar, such as an enum, a timestamp or bytes in base64.
pub trait Leaf: fmt::Debug {
    /// Parses a value.
    ///
    /// # Errors
    /// Fails with a description of the expected value, such as "a string". `self` is then unchanged.
    fn set(&mut self, value: Scalar<'_>) -> Result<(), String>;
    /// Calls `receive` with its value, exactly once.
    fn get(&self, receive: &mut dyn FnMut(Scalar<'_>));
    /// Returns whether it is omitted from bodies.
    fn is_empty(&self) -> bool;
    /// Returns whether error messages must not quote its value.
    fn is_secret(&self) -> bool {
        false
    }
}

/// A JSON value of any type, to read into.
///
/// A trait object, so that programs whose types hold no such value do not link the maps of [`Value`](serde_json::Value). The
/// reader does not use `Value`'s own implementation of serde either: it also recognizes `RawValue`, and
/// therefore links the formatting of floating-point numbers (20 KB).
pub trait AnyJson {
    /// Makes it `null`.
    fn clear(&mut self);
    /// Makes it a boolean, number or string.
    fn set(&mut self, value: Scalar<'_>);
    /// Makes it an empty array.
    fn begin_array(&mut self);
    /// Appends `null` to the array.
    fn push_item(&mut self) -> &mut dyn AnyJson;
    /// Removes the last item of the array.
    fn pop_item(&mut self);
    /// Makes it an empty object.
    fn begin_object(&mut self);
    /// Adds a member to the object, unless there is one with this name.
    fn push_member(&mut self, name: String) -> &mut dyn AnyJson;
    /// Takes the value, and leaves `null`.
    fn take(&mut self) -> serde_json::Value;
}

/// A type that is encoded as JSON of its own.
pub trait Tree: fmt::Debug {
    /// Returns an empty JSON value, which the reader fills and passes to `set`.
    fn json(&self) -> Box<dyn AnyJson> {
        Box::new(serde_json::Value::Null)
    }
    /// Parses a value.
    ///
    /// # Errors
    /// Fails with a description of the expected value. `self` is then unchanged.
    fn set(&mut self, value: serde_json::Value) -> Result<(), String>;
    /// Returns its value.
    fn get(&self) -> serde_json::Value;
    /// Returns whether it is omitted from bodies and queries.
    fn is_empty(&self) -> bool;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_quoted_exactly_or_described() {
        for number in [0.0, 1.5, -1.5, 0.1, 2.000001, -0.25, 1e3, 123456789.123456, 0.3] {
            assert_eq!(Scalar::Number(number).quote(), number.to_string());
        }
        assert_eq!(Scalar::Number(1e30).quote(), "a large integer");
        for number in [1e-7, 0.1 + 0.2, 1.0 / 3.0, f64::NAN, f64::INFINITY] {
            assert_eq!(Scalar::Number(number).quote(), "another number");
        }
    }
}
