//! Macros for types that parse themselves ([`Leaf`] and [`Tree`]), and their use for standard types.

use super::{Leaf, Scalar, Tree, scalar};

/// Implements [`JsonType`](super::JsonType) for types that implement [`Leaf`] and `Default`.
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

/// Implements [`JsonType`](super::JsonType) for a type that implements [`Tree`] and `Default`.
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

/// Implements `Serialize` and `Deserialize` for a [`JsonType`](super::JsonType).
macro_rules! serde_impls {
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
pub(crate) use serde_impls;

tree!([u64; 2]);

impl Tree for [u64; 2] {
    fn set(&mut self, value: serde_json::Value) -> Result<(), String> {
        let unsigned = |value: &serde_json::Value| match value {
            serde_json::Value::Number(it) => u64::try_from(scalar(it).as_integer()?).ok(),
            _ => None,
        };
        let items = value.as_array().filter(|items| items.len() == 2);
        let numbers = items.and_then(|items| Some([unsigned(&items[0])?, unsigned(&items[1])?]));
        *self = numbers.ok_or("an array of 2 non-negative integers")?;
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
        *self = seconds.ok_or("a non-negative number of seconds")?;
        Ok(())
    }

    fn get(&self, receive: &mut dyn FnMut(Scalar<'_>)) {
        receive(Scalar::Number(self.as_secs_f64()));
    }

    fn is_empty(&self) -> bool {
        false
    }
}
