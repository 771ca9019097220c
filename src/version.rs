//! Versions of the Engine API.

use std::fmt;
use std::str::FromStr;

/// A version of the Engine API, such as 1.41.
///
/// Versions are ordered numerically: 1.9 is older than 1.24.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ApiVersion {
    /// The number before the dot, 1 in all versions so far.
    pub major: u16,
    /// The number after the dot.
    pub minor: u16,
}

impl ApiVersion {
    /// The oldest version that dockline supports: 1.24.
    pub const OLDEST: ApiVersion = ApiVersion::new(1, 24);
    /// The newest version that dockline supports: 1.56.
    pub const NEWEST: ApiVersion = ApiVersion::new(1, 56);

    /// Creates the version `major.minor`.
    pub const fn new(major: u16, minor: u16) -> Self {
        ApiVersion { major, minor }
    }
}

impl fmt::Display for ApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// The error of parsing a string that is not a valid [`ApiVersion`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an API version: expected two numbers such as 1.41")]
pub struct ParseVersionError(String);

impl FromStr for ApiVersion {
    type Err = ParseVersionError;

    /// Parses `1.41`. A leading `v` is accepted.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parse = || {
            let (major, minor) = text.strip_prefix('v').unwrap_or(text).split_once('.')?;
            Some(ApiVersion::new(number(major)?, number(minor)?))
        };
        parse().ok_or_else(|| ParseVersionError(text.to_owned()))
    }
}

/// Parses digits only; `u16::from_str` also accepts a sign.
fn number(text: &str) -> Option<u16> {
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_numerically() {
        assert!(ApiVersion::new(1, 9) < ApiVersion::new(1, 24));
        assert!(ApiVersion::new(2, 0) > ApiVersion::new(1, 55));
    }

    #[test]
    fn parses_and_displays() {
        assert_eq!("1.41".parse(), Ok(ApiVersion::new(1, 41)));
        assert_eq!("v1.41".parse(), Ok(ApiVersion::new(1, 41)));
        assert_eq!(ApiVersion::new(1, 41).to_string(), "1.41");
        for invalid in ["", "1", "1.", ".4", "1.x", "1.-4", "+1.4", "1.4.1", "99999.1"] {
            assert!(invalid.parse::<ApiVersion>().is_err(), "{invalid:?}");
        }
    }
}
