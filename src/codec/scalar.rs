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
    Text(&'a str),
}

impl fmt::Display for Scalar<'_> {
    /// As in a message: text in quotes, at most 200 bytes of it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Scalar::Bool(it) => write!(f, "{it}"),
            Scalar::Int(it) => write!(f, "{it}"),
            Scalar::Uint(it) => write!(f, "{it}"),
            Scalar::Number(it) => write!(f, "{it}"),
            Scalar::Text(it) => {
                let end = (0..=it.len().min(200)).rev().find(|at| it.is_char_boundary(*at));
                let (quoted, rest) = it.split_at(end.unwrap_or(0));
                write!(f, "{quoted:?}{}", if rest.is_empty() { "" } else { "…" })
            }
        }
    }
}

impl Scalar<'_> {
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
