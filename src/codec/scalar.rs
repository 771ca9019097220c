//! Values without parts, and types that travel as such or as JSON of a shape of their own.

use std::fmt;

/// A JSON value without parts, other than `null`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Scalar<'a> {
    /// `true` or `false`.
    Bool(bool),
    /// A negative integer.
    Int(i64),
    /// An integer that is not negative.
    Uint(u64),
    /// Another number.
    Number(f64),
    /// Text.
    Str(&'a str),
}

impl fmt::Display for Scalar<'_> {
    /// As in a message: text in quotes, at most 200 bytes of it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Scalar::Bool(it) => write!(f, "{it}"),
            Scalar::Int(it) => write!(f, "{it}"),
            Scalar::Uint(it) => write!(f, "{it}"),
            Scalar::Number(it) => write!(f, "{it}"),
            Scalar::Str(it) => f.write_str(&quote_text(it)),
        }
    }
}

/// Text in quotes, at most 200 bytes of it.
fn quote_text(text: &str) -> String {
    let end = (0..=text.len().min(200)).rev().find(|at| text.is_char_boundary(*at));
    let (quoted, rest) = text.split_at(end.unwrap_or(0));
    format!("{quoted:?}{}", if rest.is_empty() { "" } else { "…" })
}

impl Scalar<'_> {
    /// The value in a message, as [`Display`](fmt::Display) shows it. A floating-point number is quoted
    /// only if it has at most six decimal places and some nine digits before them.
    ///
    /// For messages that every program links: the formatting of any `f64` takes 30 KB of code and tables.
    pub(crate) fn quote(self) -> String {
        let number = match self {
            Scalar::Bool(it) => return it.to_string(),
            Scalar::Int(it) => return it.to_string(),
            Scalar::Uint(it) => return it.to_string(),
            Scalar::Str(it) => return quote_text(it),
            Scalar::Number(it) => it,
        };
        const MILLION: f64 = 1e6;
        let millionths = (number.abs() * MILLION).round();
        // Up to here an f64 holds every integer, so that the division gives the number nearest to it.
        if millionths >= (1u64 << 53) as f64 || millionths / MILLION != number.abs() {
            let integer = number.fract() == 0.0 && number.is_finite();
            return if integer { "a large integer" } else { "another number" }.to_owned();
        }
        let millionths = millionths as u64;
        let sign = if number < 0.0 { "-" } else { "" };
        let text = format!("{sign}{}.{:06}", millionths / 1_000_000, millionths % 1_000_000);
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    }

    /// The integer, if it is one, also if it is written with a fraction of zero or an exponent.
    pub(crate) fn as_integer(self) -> Option<i128> {
        match self {
            Scalar::Int(it) => Some(it.into()),
            Scalar::Uint(it) => Some(it.into()),
            // Beyond 2^64 no field could hold it.
            Scalar::Number(it) if it.fract() == 0.0 && it.abs() < 2e19 => Some(it as i128),
            _ => None,
        }
    }

    /// The number, if it is one.
    pub(crate) fn as_number(self) -> Option<f64> {
        match self {
            Scalar::Int(it) => Some(it as f64),
            Scalar::Uint(it) => Some(it as f64),
            Scalar::Number(it) => Some(it),
            _ => None,
        }
    }
}

/// A type that travels as a scalar: a word, a timestamp, bytes in base64.
pub trait Leaf: fmt::Debug {
    /// Reads a value; fails with what was expected, and is then as it was.
    fn set(&mut self, value: Scalar<'_>) -> Result<(), String>;
    /// Passes its value on.
    fn get(&self, pass: &mut dyn FnMut(Scalar<'_>));
    /// Whether it is left out of bodies.
    fn is_empty(&self) -> bool;
    /// Whether messages must not quote what was given for it.
    fn is_secret(&self) -> bool {
        false
    }
}

/// A type that travels as JSON of a shape of its own.
pub trait Tree: fmt::Debug {
    /// Reads a value; fails with what was expected, and is then as it was.
    fn set(&mut self, value: serde_json::Value) -> Result<(), String>;
    /// Its value.
    fn get(&self) -> serde_json::Value;
    /// Whether it is left out of bodies and queries.
    fn is_empty(&self) -> bool;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_quoted_exactly_or_not_at_all() {
        for number in [0.0, 1.5, -1.5, 0.1, 2.000001, -0.25, 1e3, 123456789.123456, 0.3] {
            assert_eq!(Scalar::Number(number).quote(), number.to_string());
        }
        assert_eq!(Scalar::Number(1e30).quote(), "a large integer");
        for number in [1e-7, 0.1 + 0.2, 1.0 / 3.0, f64::NAN, f64::INFINITY] {
            assert_eq!(Scalar::Number(number).quote(), "another number");
        }
    }
}
