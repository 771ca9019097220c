//! Values of types of their own.

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

/// Makes a [`JsonType`](super::JsonType) of a type that implements [`Leaf`] and `Default`.
macro_rules! leaf {
    ($($type:ty),*) => {$(
        impl $crate::codec::JsonType for $type {
            const KIND: &'static $crate::codec::Kind =
                &$crate::codec::Kind::Leaf(|| Box::new(<$type as $crate::codec::JsonType>::empty()));
            fn empty() -> Self {
                Default::default()
            }
            fn slot(&mut self) -> $crate::codec::Slot<'_> {
                $crate::codec::Slot::Leaf(self)
            }
            fn view(&self) -> $crate::codec::View<'_> {
                $crate::codec::View::Leaf(self)
            }
        }
    )*};
}
pub(crate) use leaf;

/// Makes a [`JsonType`](super::JsonType) of a type that implements [`Tree`] and `Default`.
macro_rules! tree {
    ($type:ty) => {
        impl $crate::codec::JsonType for $type {
            const KIND: &'static $crate::codec::Kind =
                &$crate::codec::Kind::Tree(|| Box::new(<$type as Default>::default()));
            fn empty() -> Self {
                Default::default()
            }
            fn slot(&mut self) -> $crate::codec::Slot<'_> {
                $crate::codec::Slot::Tree(self)
            }
            fn view(&self) -> $crate::codec::View<'_> {
                $crate::codec::View::Tree(self)
            }
        }
    };
}
pub(crate) use tree;

/// `Serialize` and `Deserialize` of a node, by the reader and the writer.
macro_rules! thunks {
    ($type:ty) => {
        impl ::serde::Serialize for $type {
            fn serialize<S: ::serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                $crate::codec::serialize(self, to)
            }
        }
        impl<'de> ::serde::Deserialize<'de> for $type {
            fn deserialize<D: ::serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                $crate::codec::deserialize(from)
            }
        }
    };
}
pub(crate) use thunks;

tree!([u64; 2]);

impl Tree for [u64; 2] {
    fn set(&mut self, value: serde_json::Value) -> Result<(), String> {
        let items = value.as_array().filter(|items| items.len() == 2);
        let numbers = items.and_then(|items| Some([items[0].as_u64()?, items[1].as_u64()?]));
        *self = numbers.ok_or("an array of 2 integers that are not negative")?;
        Ok(())
    }

    fn get(&self) -> serde_json::Value {
        self.as_slice().into()
    }

    fn is_empty(&self) -> bool {
        false
    }
}

leaf!(std::time::Duration);

impl Leaf for std::time::Duration {
    /// Reads seconds.
    fn set(&mut self, value: Scalar<'_>) -> Result<(), String> {
        let seconds = value.as_number().and_then(|it| Self::try_from_secs_f64(it).ok());
        *self = seconds.ok_or("a number of seconds that is not negative")?;
        Ok(())
    }

    fn get(&self, pass: &mut dyn FnMut(Scalar<'_>)) {
        pass(Scalar::Number(self.as_secs_f64()));
    }

    fn is_empty(&self) -> bool {
        false
    }
}
