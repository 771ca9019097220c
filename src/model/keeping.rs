//! Records that keep unknown fields and yet tell which fields they know.
//!
//! Serde reads a struct with a flattened field as a map and does not tell the reader its fields. A
//! spec of a service needs no more: it keeps everything. But mounts, limits and health checks stand
//! in specs, where unknown fields are kept, and in the body of container create, where a misspelt
//! one must be found. These types tell their fields, and the reader decides.

use serde::de::{Deserializer, Visitor};
use serde::forward_to_deserialize_any;

/// Implements `Serialize` and `Deserialize` for structs that derive both with
/// `#[serde(remote = "Self")]`, from the names of their fields on the wire.
macro_rules! keeping {
    ($($type:ident { $($field:literal),* $(,)? })*) => {
        $(
            impl ::serde::Serialize for $type {
                fn serialize<S: ::serde::Serializer>(
                    &self,
                    serializer: S,
                ) -> Result<S::Ok, S::Error> {
                    $type::serialize(self, serializer)
                }
            }

            impl<'de> ::serde::Deserialize<'de> for $type {
                fn deserialize<D: ::serde::Deserializer<'de>>(
                    deserializer: D,
                ) -> Result<Self, D::Error> {
                    $type::deserialize($crate::model::keeping::AsStruct {
                        deserializer,
                        name: stringify!($type),
                        fields: &[$($field),*],
                    })
                }
            }
        )*

        #[cfg(test)]
        #[test]
        fn kept_records_name_all_their_fields() {
            $({
                let value = serde_json::to_value($type::default()).unwrap();
                let mut written: Vec<_> = value.as_object().unwrap().keys().cloned().collect();
                let mut named = vec![$($field),*];
                written.sort_unstable();
                named.sort_unstable();
                assert_eq!(written, named, stringify!($type));
            })*
        }
    };
}

pub(super) use keeping;

/// Asks for a struct where serde asks for a map.
pub(super) struct AsStruct<D> {
    pub(super) deserializer: D,
    pub(super) name: &'static str,
    pub(super) fields: &'static [&'static str],
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for AsStruct<D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.deserializer.deserialize_struct(self.name, self.fields, visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier
        ignored_any
    }
}
