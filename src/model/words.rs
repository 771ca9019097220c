//! Words the engine uses, as enums that survive words of newer engines.

/// Defines an enum of known words.
///
/// Any other word is kept as text in `Other`; the empty `Other` is the default and means that
/// nothing was said. Compare with the known words or with [`str`] through `as_str`.
macro_rules! words {
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
            /// A word this library does not know, or empty when nothing was said.
            Other(String),
        }

        impl $name {
            /// The word as the engine spells it.
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

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Self, D::Error> {
                $crate::model::words::word(deserializer)
            }
        }
    )*};
}

use std::fmt;
use std::marker::PhantomData;

use serde::Deserializer;
use serde::de::{Error, Visitor};

pub(crate) use words;

/// Reads a word without an allocation where it is known.
pub(crate) fn word<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: From<String> + for<'a> From<&'a str>,
    D: Deserializer<'de>,
{
    struct Word<T>(PhantomData<T>);

    impl<T: From<String> + for<'a> From<&'a str>> Visitor<'_> for Word<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string")
        }

        fn visit_str<E: Error>(self, word: &str) -> Result<T, E> {
            Ok(word.into())
        }

        fn visit_string<E: Error>(self, word: String) -> Result<T, E> {
            Ok(word.into())
        }
    }

    deserializer.deserialize_str(Word(PhantomData))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use serde::{Deserialize, Serialize};

    use super::super::lenient::from_answer;
    use super::super::sparse::to_body;

    words! {
        /// Test words.
        pub enum Colour {
            /// As grass.
            Green = "green",
            /// As the sea.
            DarkBlue = "dark-blue",
        }
    }

    #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(default)]
    struct Paint {
        colour: Colour,
        more: Vec<Colour>,
    }

    #[test]
    fn known_and_unknown_words() {
        let paint: Paint = from_answer(
            br#"{"colour":"dark-blue","more":["green","mauve","",null,"d\u0061rk-blue"]}"#,
        )
        .unwrap();
        let other = |word: &str| Colour::Other(word.to_owned());
        assert_eq!(paint.colour, Colour::DarkBlue);
        assert_eq!(paint.more, [Colour::Green, other("mauve"), other(""), Colour::DarkBlue]);
        assert_eq!(
            String::from_utf8(to_body(&paint).unwrap()).unwrap(),
            r#"{"colour":"dark-blue","more":["green","mauve","","dark-blue"]}"#
        );
    }

    #[test]
    fn silence_is_the_default() {
        let silent = Paint::default();
        assert_eq!(silent.colour.as_str(), "");
        assert_eq!(from_answer::<Paint>(b"{}").unwrap(), silent);
        assert_eq!(from_answer::<Paint>(br#"{"colour":null}"#).unwrap(), silent);
        assert_eq!(from_answer::<Paint>(br#"{"colour":""}"#).unwrap(), silent);
        assert_eq!(to_body(&silent).unwrap(), b"{}");
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
        assert!(from_answer::<Colour>(b"5").is_err());
    }
}
