//! Binary data in JSON.

use std::fmt;
use std::ops::Deref;

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroize;

use crate::codec::leaf::{leaf, serde_impls};
use crate::codec::{Leaf, Scalar};

/// Binary data that is a base64 string in JSON, such as the content of a secret or a certificate.
///
/// The data may be secret: `Debug` shows only the length, and the memory is zeroed on drop.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Base64Bytes(pub Vec<u8>);

/// Standard alphabet with padding, as engines require it. Padding is optional in input, because other
/// sources omit it.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

impl fmt::Debug for Base64Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Base64Bytes({} bytes)", self.0.len())
    }
}

impl Drop for Base64Bytes {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl Deref for Base64Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl From<Vec<u8>> for Base64Bytes {
    fn from(bytes: Vec<u8>) -> Self {
        Base64Bytes(bytes)
    }
}

impl From<&[u8]> for Base64Bytes {
    fn from(bytes: &[u8]) -> Self {
        Base64Bytes(bytes.to_vec())
    }
}

impl<const N: usize> From<&[u8; N]> for Base64Bytes {
    fn from(bytes: &[u8; N]) -> Self {
        Base64Bytes(bytes.to_vec())
    }
}

impl<const N: usize> From<[u8; N]> for Base64Bytes {
    fn from(bytes: [u8; N]) -> Self {
        Base64Bytes(bytes.to_vec())
    }
}

impl From<String> for Base64Bytes {
    /// Takes the bytes of the string, without base64 decoding.
    fn from(text: String) -> Self {
        Base64Bytes(text.into_bytes())
    }
}

impl From<&str> for Base64Bytes {
    /// Copies the bytes of the string, without base64 decoding.
    fn from(text: &str) -> Self {
        Base64Bytes(text.as_bytes().to_vec())
    }
}

leaf!(Base64Bytes);
serde_impls!(Base64Bytes);

impl Leaf for Base64Bytes {
    fn set(&mut self, value: Scalar<'_>) -> Result<(), String> {
        let Scalar::Str(text) = value else { return Err("a string".to_owned()) };
        self.0 = BASE64.decode(text).map_err(|_| "a base64 string".to_owned())?;
        Ok(())
    }

    fn get(&self, pass: &mut dyn FnMut(Scalar<'_>)) {
        let mut text = BASE64.encode(&self.0);
        pass(Scalar::Str(&text));
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
    use crate::codec::testing::decode_response;

    #[test]
    fn encodes_and_decodes_standard_base64() {
        let data = Base64Bytes(vec![0xfb, 0xff, 0xfe, 0]);
        assert_eq!(serde_json::to_string(&data).unwrap(), r#""+//+AA==""#);
        assert_eq!(serde_json::from_str::<Base64Bytes>(r#""+//+AA==""#).unwrap(), data);
        assert_eq!(serde_json::from_str::<Base64Bytes>(r#""+//+AA""#).unwrap(), data);
        assert_eq!(decode_response::<Base64Bytes>(b"null").unwrap(), Base64Bytes::default());
    }

    #[test]
    fn rejects_invalid_base64() {
        let error = serde_json::from_str::<Base64Bytes>(r#""a secret""#).unwrap_err().to_string();
        assert!(error.starts_with("expected a base64 string, got another value"), "{error}");
        assert!(!error.contains("secret"), "{error}");
    }

    #[test]
    fn debug_shows_only_the_length() {
        assert_eq!(format!("{:?}", Base64Bytes::from("hunter2")), "Base64Bytes(7 bytes)");
    }
}
