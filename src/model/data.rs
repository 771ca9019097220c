//! Bytes in JSON.

use std::fmt;
use std::ops::Deref;

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroize;

use crate::codec::leaf::{leaf, thunks};
use crate::codec::{Leaf, Scalar};

/// Bytes, which travel as base64 text in JSON: the content of a secret or of a config, a
/// certificate.
///
/// `Debug` shows how many there are and not what they are, so that secrets stay out of logs, and
/// their memory is wiped when they are dropped.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Data(pub Vec<u8>);

/// The engine writes standard base64 with padding and reads nothing else. Texts from other sources
/// may lack the padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

impl fmt::Debug for Data {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Data({} bytes)", self.0.len())
    }
}

impl Drop for Data {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl Deref for Data {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl From<Vec<u8>> for Data {
    fn from(bytes: Vec<u8>) -> Self {
        Data(bytes)
    }
}

impl From<&[u8]> for Data {
    fn from(bytes: &[u8]) -> Self {
        Data(bytes.to_vec())
    }
}

impl<const N: usize> From<&[u8; N]> for Data {
    fn from(bytes: &[u8; N]) -> Self {
        Data(bytes.to_vec())
    }
}

impl<const N: usize> From<[u8; N]> for Data {
    fn from(bytes: [u8; N]) -> Self {
        Data(bytes.to_vec())
    }
}

impl From<String> for Data {
    /// The text's own bytes; it is not taken for base64.
    fn from(text: String) -> Self {
        Data(text.into_bytes())
    }
}

impl From<&str> for Data {
    /// The text's own bytes; it is not taken for base64.
    fn from(text: &str) -> Self {
        Data(text.as_bytes().to_vec())
    }
}

leaf!(Data);
thunks!(Data);

impl Leaf for Data {
    fn set(&mut self, value: Scalar<'_>) -> Result<(), String> {
        let Scalar::Text(text) = value else { return Err("text".to_owned()) };
        self.0 = BASE64.decode(text).map_err(|_| "base64 text".to_owned())?;
        Ok(())
    }

    fn get(&self, pass: &mut dyn FnMut(Scalar<'_>)) {
        let mut text = BASE64.encode(&self.0);
        pass(Scalar::Text(&text));
        text.zeroize();
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn is_secret(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::testing::from_answer;

    #[test]
    fn standard_alphabet_with_padding() {
        let data = Data(vec![0xfb, 0xff, 0xfe, 0]);
        assert_eq!(serde_json::to_string(&data).unwrap(), r#""+//+AA==""#);
        assert_eq!(serde_json::from_str::<Data>(r#""+//+AA==""#).unwrap(), data);
        assert_eq!(serde_json::from_str::<Data>(r#""+//+AA""#).unwrap(), data);
        assert_eq!(from_answer::<Data>(b"null").unwrap(), Data::default());
    }

    #[test]
    fn what_is_no_base64_is_an_error() {
        let error = serde_json::from_str::<Data>(r#""a secret""#).unwrap_err().to_string();
        assert!(error.starts_with("expected base64 text, got another value"), "{error}");
        assert!(!error.contains("secret"), "{error}");
    }

    #[test]
    fn stays_out_of_logs() {
        assert_eq!(format!("{:?}", Data::from("hunter2")), "Data(7 bytes)");
    }
}
