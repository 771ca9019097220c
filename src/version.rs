//! Versions of the Engine API.

use std::fmt;
use std::str::FromStr;

/// A version of the Engine API, such as 1.41.
///
/// Ordered part by part as numbers, so 1.9 is older than 1.24.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ApiVersion {
    /// The part before the dot; 1 for every engine so far.
    pub major: u16,
    /// The part after the dot.
    pub minor: u16,
}

impl ApiVersion {
    /// The oldest version this library speaks: 1.24.
    pub const OLDEST: ApiVersion = ApiVersion::new(1, 24);
    /// The newest version this library speaks: 1.55.
    pub const NEWEST: ApiVersion = ApiVersion::new(1, 55);

    /// The version `major.minor`.
    pub const fn new(major: u16, minor: u16) -> Self {
        ApiVersion { major, minor }
    }
}

impl fmt::Display for ApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// The text is not of the form `1.41`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an API version: expected two numbers such as 1.41")]
pub struct ParseVersionError(String);

impl FromStr for ApiVersion {
    type Err = ParseVersionError;

    /// Reads `1.41`; a leading `v` is accepted.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parse = || {
            let (major, minor) = text.strip_prefix('v').unwrap_or(text).split_once('.')?;
            Some(ApiVersion::new(number(major)?, number(minor)?))
        };
        parse().ok_or_else(|| ParseVersionError(text.to_owned()))
    }
}

/// Digits only: `u16::from_str` would also take a sign.
fn number(text: &str) -> Option<u16> {
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_is_numeric() {
        assert!(ApiVersion::new(1, 9) < ApiVersion::new(1, 24));
        assert!(ApiVersion::new(2, 0) > ApiVersion::new(1, 55));
    }

    #[test]
    fn text() {
        assert_eq!("1.41".parse(), Ok(ApiVersion::new(1, 41)));
        assert_eq!("v1.41".parse(), Ok(ApiVersion::new(1, 41)));
        assert_eq!(ApiVersion::new(1, 41).to_string(), "1.41");
        for bad in ["", "1", "1.", ".4", "1.x", "1.-4", "+1.4", "1.4.1", "99999.1"] {
            assert!(bad.parse::<ApiVersion>().is_err(), "{bad:?}");
        }
    }
}
