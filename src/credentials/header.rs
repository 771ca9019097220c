//! The headers `X-Registry-Auth` and `X-Registry-Config`.

use std::fmt;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE as URL_SAFE;
use bytes::Bytes;
use ureq::http::HeaderValue;

use super::CredentialLookup;
use crate::Result;
use crate::model::{AuthConfig, Map};
use crate::secret::SecretBytes;

/// A header with credentials. Its memory is zeroized when the last clone is dropped.
#[derive(Debug)]
pub(crate) struct CredentialHeader {
    /// In lower case.
    pub(crate) name: &'static str,
    pub(crate) value: HeaderValue,
}

/// The credentials that a request needs. They are looked up during the call, because the lookup may read
/// files and run credential helpers.
///
/// A trait object, so that only programs with such requests link the lookup.
pub(crate) trait RequestCredentials: fmt::Debug + Send + Sync {
    /// Returns the header to send, if any.
    ///
    /// # Errors
    /// Fails only if the call is cancelled or times out during the lookup.
    fn header(&self, lookup: &mut CredentialLookup<'_>) -> Result<Option<CredentialHeader>>;
}

/// Credentials for one registry, sent as `X-Registry-Auth`.
#[derive(Debug)]
pub(crate) struct RegistryAuth {
    /// The key of the registry.
    pub(crate) registry: String,
    /// The credentials from the options of the call, which take precedence. Empty ones make the call
    /// anonymous.
    pub(crate) given: Option<AuthConfig>,
    /// Whether the header is sent even without credentials.
    pub(crate) always: bool,
}

impl RequestCredentials for RegistryAuth {
    fn header(&self, lookup: &mut CredentialLookup<'_>) -> Result<Option<CredentialHeader>> {
        let auth = match &self.given {
            Some(given) => Some(given.clone()),
            None => lookup.find(&self.registry)?,
        };
        Ok(match auth.filter(|auth| !auth.is_anonymous()) {
            Some(auth) => Some(auth_header(&auth)),
            None => self.always.then(|| auth_header(&AuthConfig::default())),
        })
    }
}

/// Credentials for all registries, sent as `X-Registry-Config`.
#[derive(Debug)]
pub(crate) struct RegistryConfig {
    /// The credentials from the options of the call, which take precedence.
    pub(crate) given: Option<Map<AuthConfig>>,
}

impl RequestCredentials for RegistryConfig {
    fn header(&self, lookup: &mut CredentialLookup<'_>) -> Result<Option<CredentialHeader>> {
        let all = match &self.given {
            Some(given) => given.clone(),
            None => lookup.find_all()?,
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

/// Encodes in URL-safe base64 with padding. Engines silently ignore credentials in other alphabets.
fn encode(json: &[u8]) -> HeaderValue {
    let encoded = SecretBytes::from(URL_SAFE.encode(json).into_bytes());
    let mut value = HeaderValue::from_maybe_shared(Bytes::from_owner(encoded))
        .expect("base64 is a valid header value");
    value.set_sensitive(true);
    value
}
