//! Enums of strings, which keep values of newer engines.

/// Declares an enum for a string field with a set of values.
///
/// All other strings are kept in `Other`. An empty `Other` is the default and stands for an absent field.
macro_rules! string_enum {
    ($(
        $(#[$attribute:meta])*
        pub enum $name:ident {
            $($(#[$value_attribute:meta])* $variant:ident = $value:literal,)*
        }
    )*) => {$(
        $(#[$attribute])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$value_attribute])* $variant,)*
            /// Any other value; empty if the engine sent none.
            Other(String),
        }

        impl $name {
            /// Returns the value as the engine spells it.
            pub fn as_str(&self) -> &str {
                match self {
                    $($name::$variant => $value,)*
                    $name::Other(value) => value,
                }
            }
        }

        impl Default for $name {
            fn default() -> Self {
                $name::Other(String::new())
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl From<&str> for $name {
            fn from(value: &str) -> Self {
                match value {
                    $($value => $name::$variant,)*
                    _ => $name::Other(value.to_owned()),
                }
            }
        }

        impl From<String> for $name {
            fn from(value: String) -> Self {
                match value.as_str() {
                    $($value => $name::$variant,)*
                    _ => $name::Other(value),
                }
            }
        }

        impl $crate::codec::Leaf for $name {
            fn set(&mut self, value: $crate::codec::Scalar<'_>) -> Result<(), String> {
                match value {
                    $crate::codec::Scalar::Str(value) => *self = value.into(),
                    _ => return Err("a string".to_owned()),
                }
                Ok(())
            }
            fn get(&self, receive: &mut dyn FnMut($crate::codec::Scalar<'_>)) {
                receive($crate::codec::Scalar::Str(self.as_str()))
            }
            fn is_empty(&self) -> bool {
                self.as_str().is_empty()
            }
        }

        $crate::codec::leaf::leaf!($name);
        $crate::codec::leaf::serde_impls!($name);
    )*};
}
pub(crate) use string_enum;

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use crate::codec::record;
    use crate::codec::testing::decode_response;
    use crate::codec::testing::to_body;

    string_enum! {
        pub enum Colour {
            Green = "green",
            DarkBlue = "dark-blue",
        }
    }

    record! {
        #[derive(Default, PartialEq)]
        struct Paint {
            colour: Colour = "colour",
            more: Vec<Colour> = "more",
        }
    }

    #[test]
    fn unknown_values_are_kept() {
        let paint: Paint = decode_response(
            br#"{"colour":"dark-blue","more":["green","mauve","",null,"d\u0061rk-blue"]}"#,
        )
        .unwrap();
        let other = |value: &str| Colour::Other(value.to_owned());
        assert_eq!(paint.colour, Colour::DarkBlue);
        assert_eq!(paint.more, [Colour::Green, other("mauve"), other(""), Colour::DarkBlue]);
        assert_eq!(
            String::from_utf8(to_body(&paint)).unwrap(),
            r#"{"colour":"dark-blue","more":["green","mauve","","dark-blue"]}"#
        );
    }

    #[test]
    fn absent_values_are_the_default() {
        let default = Paint::default();
        assert_eq!(default.colour.as_str(), "");
        assert_eq!(decode_response::<Paint>(b"{}").unwrap(), default);
        assert_eq!(decode_response::<Paint>(br#"{"colour":null}"#).unwrap(), default);
        assert_eq!(decode_response::<Paint>(br#"{"colour":""}"#).unwrap(), default);
        assert_eq!(to_body(&default), b"{}");
    }

    #[test]
    fn converts_from_and_to_strings() {
        for value in ["green", "dark-blue", "mauve", ""] {
            assert_eq!(Colour::from(value).as_str(), value);
            assert_eq!(Colour::from(value.to_owned()), Colour::from(value));
            assert_eq!(Colour::from(value).to_string(), value);
        }
        assert_eq!(format!("{:>6}|", Colour::Green), " green|");
        assert_eq!(HashSet::from([Colour::Green, "green".into()]).len(), 1);
        assert!(decode_response::<Colour>(b"5").is_err());
    }
}
