//! The macros that declare records and options.

/// Declares an object of the API.
///
/// Generates the struct, its table, and its `Debug`, `Serialize` and `Deserialize`.
///
/// ```ignore
/// record! {
///     /// Documentation.
///     #[derive(Clone, Default, PartialEq)]
///     pub struct EndpointSettings {
///         /// Documentation.
///         pub mac_address: String = "MacAddress" since 44,
///         /// A field that engines dropped: 1.41 is the last API version that honours it.
///         pub kernel_memory: i64 = "KernelMemory" until 41,
///         /// A field with a second name, which is read but not written.
///         pub id: String = "ID" alias "Id",
///         // A record whose members are flattened into this one.
///         + /** Documentation. */ config: ContainerConfig,
///         // Unknown fields are kept and sent back. With `..unknown within specs` the strict checker
///         // accepts them only inside of a record that keeps them, and elsewhere reports a misspelling.
///         ..unknown
///     }
/// }
/// ```
macro_rules! record {
    (
        $(#[$attribute:meta])*
        $visibility:vis struct $name:ident {
            $(
                $(#[$field_attribute:meta])*
                $field_visibility:vis $field:ident: $type:ty =
                    $($location:ident)? $wire:literal $(alias $alias:literal)*
                    $(since $since:literal)? $(until $until:literal)?,
            )*
            $(+ $(#[$base_attribute:meta])* $base:ident: $base_type:ty,)?
            $(.. $unknown:ident $($within:ident specs)?)?
        }
    ) => {
        $crate::codec::record! {
            @struct Ignore
            $(#[$attribute])*
            $visibility struct $name {
                $(
                    $(#[$field_attribute])*
                    $field_visibility $field: $type =
                        $($location)? $wire $(alias $alias)* $(since $since)? $(until $until)?,
                )*
                $(+ $(#[$base_attribute])* $base: $base_type,)?
                $(.. $unknown $($within specs)?)?
            }
        }
        $crate::codec::leaf::serde_impls!($name);
    };

    (
        @struct $policy:ident
        $(#[$attribute:meta])*
        $visibility:vis struct $name:ident {
            $(
                $(#[$field_attribute:meta])*
                $field_visibility:vis $field:ident: $type:ty =
                    $($location:ident)? $wire:literal $(alias $alias:literal)*
                    $(since $since:literal)? $(until $until:literal)?,
            )*
            $(+ $(#[$base_attribute:meta])* $base:ident: $base_type:ty,)?
            $(.. $unknown:ident $($within:ident specs)?)?
        }
    ) => {
        $(#[$attribute])*
        $visibility struct $name {
            $($(#[$base_attribute])* pub $base: $base_type,)?
            $($(#[$field_attribute])* $field_visibility $field: $type,)*
            $(
                /// Members without a field in this library, such as those of newer engines.
                pub $unknown: $crate::model::UnknownFields,
            )?
        }

        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                $crate::codec::debug(self, f)
            }
        }

        const _: () = {
            use $crate::codec;

            static TABLE: codec::Table = codec::Table {
                name: stringify!($name),
                // Operators and a method in place of nested macros: each expansion costs rustc 3 KB.
                fields: &[$(codec::Field::new(
                    concat!(stringify!($field), "\"", $wire, "\":"),
                    0 $(| $since)?,
                    u16::MAX $(& $until)?,
                    *<$type as codec::JsonType>::KIND,
                ) $(.at(codec::location::$location))?),*],
                aliases: &[$($(($alias, $field),)*)*],
                base: $crate::codec::record!(@or None; $(Some(codec::Base {
                    rust_name: stringify!($base),
                    table: match <$base_type as codec::JsonType>::KIND {
                        codec::Kind::Record(table) => table,
                        _ => panic!("the base must be a record"),
                    },
                }))?),
                unknown_fields: $crate::codec::record!(@unknown_fields $policy $($unknown $($within)?)?),
            };

            impl codec::JsonType for $name {
                const KIND: &'static codec::Kind = &codec::Kind::Record(&TABLE);
                fn empty() -> Self {
                    Default::default()
                }
                fn slot(&mut self) -> codec::Slot<'_> {
                    codec::Slot::Record(self)
                }
                fn view(&self) -> codec::View<'_> {
                    codec::View::Record(self)
                }
            }

            #[allow(non_camel_case_types, dead_code)]
            enum Index { $($field),* }
            $(
                #[allow(non_upper_case_globals)]
                const $field: usize = Index::$field as usize;
            )*

            #[allow(non_upper_case_globals, unused_variables)]
            impl codec::Record for $name {
                fn table(&self) -> &'static codec::Table {
                    &TABLE
                }
                fn slot(&mut self, field: usize) -> codec::Slot<'_> {
                    match field {
                        $($field => codec::JsonType::slot(&mut self.$field),)*
                        _ => $crate::codec::no_field(),
                    }
                }
                fn view(&self, field: usize) -> codec::View<'_> {
                    match field {
                        $($field => codec::JsonType::view(&self.$field),)*
                        _ => $crate::codec::no_field(),
                    }
                }
                $(
                    fn base(&self) -> Option<&dyn codec::Record> {
                        Some(&self.$base)
                    }
                    fn base_mut(&mut self) -> Option<&mut dyn codec::Record> {
                        Some(&mut self.$base)
                    }
                )?
                $(
                    fn unknown(&self) -> Option<&$crate::model::UnknownFields> {
                        Some(&self.$unknown)
                    }
                    fn push_unknown(&mut self, unknown_name: String) -> Option<codec::Slot<'_>> {
                        Some(codec::Slot::Any(self.$unknown.push(unknown_name)))
                    }
                )?
            }
        };
    };

    (@or $default:expr;) => { $default };
    (@or $default:expr; $value:expr) => { $value };
    (@unknown_fields $policy:ident) => { $crate::codec::UnknownFieldPolicy::$policy };
    (@unknown_fields $policy:ident $unknown:ident) => { $crate::codec::UnknownFieldPolicy::Keep };
    (@unknown_fields $policy:ident $unknown:ident $within:ident) => { $crate::codec::UnknownFieldPolicy::KeepWithinSpecs };
}
pub(crate) use record;

/// Declares the options of an operation: the struct, its table, and its `Debug` and `Deserialize`,
/// which rejects unknown members.
///
/// A word before the name of a field selects its [`Location`](super::Location): `query`, `always` (a
/// query parameter that is sent even if it is empty), `json` (a query parameter that holds JSON),
/// `header`, or `manual` (handled by the request function).
///
/// ```ignore
/// options! {
///     /// Options of [`Containers::create`].
///     #[derive(Clone, Default, PartialEq)]
///     pub struct ContainerCreateOptions {
///         /// Documentation.
///         pub platform: String = query "platform" since 41,
///     }
/// }
/// ```
macro_rules! options {
    ($(#[$attribute:meta])* $visibility:vis struct $name:ident $fields:tt) => {
        $crate::codec::record! {
            @struct Reject
            $(#[$attribute])*
            $visibility struct $name $fields
        }
        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                $crate::codec::deserialize(from)
            }
        }
    };
}
pub(crate) use options;
