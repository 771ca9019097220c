//! Credentials as headers.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE as URL_SAFE;
use bytes::Bytes;
use ureq::http::HeaderValue;

use super::{Lookup, Wanted};
use crate::Result;
use crate::model::{AuthConfig, Map};
use crate::secret::SecretBytes;

/// A header with credentials. Its memory is wiped when the last copy of it is dropped.
#[derive(Debug)]
pub(crate) struct Sent {
    pub(crate) name: &'static str,
    pub(crate) value: HeaderValue,
}

impl Wanted {
    /// The header to send, if any.
    ///
    /// # Errors
    /// Only those that end the call while credentials are looked up: it is cancelled, or out of time.
    pub(crate) fn header(&self, lookup: &mut Lookup<'_>) -> Result<Option<Sent>> {
        Ok(match self {
            Wanted::Nothing => None,
            Wanted::Of { registry, given, always } => {
                let auth = match given {
                    Some(given) => Some(given.clone()),
                    None => lookup.of(registry)?,
                };
                match auth.filter(|auth| !auth.is_anonymous()) {
                    Some(auth) => Some(auth_header(&auth)),
                    None => always.then(|| auth_header(&AuthConfig::default())),
                }
            }
            Wanted::All { given } => {
                let all = match given {
                    Some(given) => given.clone(),
                    None => lookup.all()?,
                };
                (!all.is_empty()).then(|| config_header(&all))
            }
        })
    }
}

fn auth_header(auth: &AuthConfig) -> Sent {
    Sent { name: "X-Registry-Auth", value: encode(&auth.to_json()) }
}

fn config_header(config: &Map<AuthConfig>) -> Sent {
    Sent { name: "X-Registry-Config", value: encode(&AuthConfig::map_to_json(config)) }
}

/// Another alphabet, or no padding, and engines take it for no credentials at all.
fn encode(json: &[u8]) -> HeaderValue {
    let encoded = SecretBytes::from(URL_SAFE.encode(json).into_bytes());
    let mut value = HeaderValue::from_maybe_shared(Bytes::from_owner(encoded))
        .expect("base64 can stand in a header");
    value.set_sensitive(true);
    value
}
