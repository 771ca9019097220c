//! Credentials as headers.

use std::fmt;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE as URL_SAFE;
use bytes::Bytes;
use ureq::http::HeaderValue;

use super::CredentialLookup;
use crate::Result;
use crate::model::{AuthConfig, Map};
use crate::secret::SecretBytes;

/// A header with credentials. Its memory is wiped when the last copy of it is dropped.
#[derive(Debug)]
pub(crate) struct CredentialHeader {
    /// In lower case.
    pub(crate) name: &'static str,
    pub(crate) value: HeaderValue,
}

/// The credentials that a request asks for. They are looked up when the call is made, since that may
/// read files and run programs.
///
/// A trait, so that the lookup is linked only into programs that make such requests.
pub(crate) trait RequestCredentials: fmt::Debug + Send + Sync {
    /// The header to send, if any.
    ///
    /// # Errors
    /// Only those that end the call while credentials are looked up: it is cancelled, or out of time.
    fn header(&self, lookup: &mut CredentialLookup<'_>) -> Result<Option<CredentialHeader>>;
}

/// Credentials for one registry, as `X-Registry-Auth`.
#[derive(Debug)]
pub(crate) struct ForRegistry {
    /// The key of the registry.
    pub(crate) registry: String,
    /// The caller's own, which win; empty for an anonymous call.
    pub(crate) given: Option<AuthConfig>,
    /// Whether the header is sent even if there are none.
    pub(crate) always: bool,
}

impl RequestCredentials for ForRegistry {
    fn header(&self, lookup: &mut CredentialLookup<'_>) -> Result<Option<CredentialHeader>> {
        let auth = match &self.given {
            Some(given) => Some(given.clone()),
            None => lookup.of(&self.registry)?,
        };
        Ok(match auth.filter(|auth| !auth.is_anonymous()) {
            Some(auth) => Some(auth_header(&auth)),
            None => self.always.then(|| auth_header(&AuthConfig::default())),
        })
    }
}

/// Credentials for all registries, as `X-Registry-Config`.
#[derive(Debug)]
pub(crate) struct ForAll {
    /// The caller's own, which win.
    pub(crate) given: Option<Map<AuthConfig>>,
}

impl RequestCredentials for ForAll {
    fn header(&self, lookup: &mut CredentialLookup<'_>) -> Result<Option<CredentialHeader>> {
        let all = match &self.given {
            Some(given) => given.clone(),
            None => lookup.all()?,
        };
        Ok((!all.is_empty()).then(|| config_header(&all)))
    }
}

fn auth_header(auth: &AuthConfig) -> CredentialHeader {
    CredentialHeader { name: "x-registry-auth", value: encode(&auth.to_json()) }
}

fn config_header(config: &Map<AuthConfig>) -> CredentialHeader {
    CredentialHeader { name: "x-registry-config", value: encode(&AuthConfig::map_to_json(config)) }
}

/// Another alphabet, or no padding, and engines take it for no credentials at all.
fn encode(json: &[u8]) -> HeaderValue {
    let encoded = SecretBytes::from(URL_SAFE.encode(json).into_bytes());
    let mut value = HeaderValue::from_maybe_shared(Bytes::from_owner(encoded))
        .expect("base64 can stand in a header");
    value.set_sensitive(true);
    value
}
