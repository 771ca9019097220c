//! Types of their own as parts of records: the macros that make them so, and those of the standard
//! library.

use super::{Leaf, Scalar, Tree};

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
