//! Enums of the API's strings, which keep values of newer engines.

/// Declares an enum of known values.
///
/// Any other value is kept as text in `Other`; the empty `Other` is the default and means absent.
macro_rules! string_enum {
    ($(
        $(#[$attribute:meta])*
        pub enum $name:ident {
            $($(#[$word_attribute:meta])* $variant:ident = $word:literal,)*
        }
    )*) => {$(
        $(#[$attribute])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$word_attribute])* $variant,)*
            /// A value that this library does not know; empty if the engine sent none.
            Other(String),
        }

        impl $name {
            /// The value as the engine spells it.
            pub fn as_str(&self) -> &str {
                match self {
                    $($name::$variant => $word,)*
                    $name::Other(word) => word,
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
            fn from(word: &str) -> Self {
                match word {
                    $($word => $name::$variant,)*
                    _ => $name::Other(word.to_owned()),
                }
            }
        }

        impl From<String> for $name {
            fn from(word: String) -> Self {
                match word.as_str() {
                    $($word => $name::$variant,)*
                    _ => $name::Other(word),
                }
            }
        }

        impl $crate::codec::Leaf for $name {
            fn set(&mut self, value: $crate::codec::Scalar<'_>) -> Result<(), String> {
                match value {
                    $crate::codec::Scalar::Str(word) => *self = word.into(),
                    _ => return Err("a string".to_owned()),
                }
                Ok(())
            }
            fn get(&self, pass: &mut dyn FnMut($crate::codec::Scalar<'_>)) {
                pass($crate::codec::Scalar::Str(self.as_str()))
            }
            fn is_empty(&self) -> bool {
                self.as_str().is_empty()
            }
        }

        $crate::codec::leaf::leaf!($name);
        $crate::codec::leaf::thunks!($name);
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
        /// Test words.
        pub enum Colour {
            /// As grass.
            Green = "green",
            /// As the sea.
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
    fn known_and_unknown_words() {
        let paint: Paint = decode_response(
            br#"{"colour":"dark-blue","more":["green","mauve","",null,"d\u0061rk-blue"]}"#,
        )
        .unwrap();
        let other = |word: &str| Colour::Other(word.to_owned());
        assert_eq!(paint.colour, Colour::DarkBlue);
        assert_eq!(paint.more, [Colour::Green, other("mauve"), other(""), Colour::DarkBlue]);
        assert_eq!(
            String::from_utf8(to_body(&paint)).unwrap(),
            r#"{"colour":"dark-blue","more":["green","mauve","","dark-blue"]}"#
        );
    }

    #[test]
    fn silence_is_the_default() {
        let silent = Paint::default();
        assert_eq!(silent.colour.as_str(), "");
        assert_eq!(decode_response::<Paint>(b"{}").unwrap(), silent);
        assert_eq!(decode_response::<Paint>(br#"{"colour":null}"#).unwrap(), silent);
        assert_eq!(decode_response::<Paint>(br#"{"colour":""}"#).unwrap(), silent);
        assert_eq!(to_body(&silent), b"{}");
    }

    #[test]
    fn text_both_ways() {
        for word in ["green", "dark-blue", "mauve", ""] {
            assert_eq!(Colour::from(word).as_str(), word);
            assert_eq!(Colour::from(word.to_owned()), Colour::from(word));
            assert_eq!(Colour::from(word).to_string(), word);
        }
        assert_eq!(format!("{:>6}|", Colour::Green), " green|");
        assert_eq!(HashSet::from([Colour::Green, "green".into()]).len(), 1);
        assert!(decode_response::<Colour>(b"5").is_err());
    }
}
