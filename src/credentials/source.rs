//! Where credentials come from.

use std::collections::BTreeMap;

use super::reference::key_of;
use crate::model::AuthConfig;

/// Where a context takes the credentials from that its calls send to registries; set by
/// [`ContextBuilder::credentials`](crate::ContextBuilder::credentials).
///
/// Credentials in the options of a call win over all of these, and empty ones there make the call
/// anonymous.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub enum CredentialSource {
    /// These, by the host of the registry, with its port where it has one, such as
    /// `registry.example.com:5000`. Docker Hub is `docker.io`, or `https://index.docker.io/v1/`.
    Given(BTreeMap<String, AuthConfig>),
    /// Nowhere: a call without credentials of its own is anonymous.
    #[default]
    None,
}

impl CredentialSource {
    /// Those for the registry with this key.
    pub(super) fn of(&self, registry: &str) -> Option<AuthConfig> {
        match self {
            CredentialSource::Given(all) => {
                let exact = all.get(registry);
                let same = || all.iter().find(|(name, _)| key_of(name) == registry).map(|it| it.1);
                exact.or_else(same).cloned()
            }
            CredentialSource::None => None,
        }
    }

    /// Those for all registries, by their keys.
    pub(super) fn all(&self) -> BTreeMap<String, AuthConfig> {
        match self {
            CredentialSource::Given(all) => {
                all.iter().map(|(name, auth)| (key_of(name).to_owned(), auth.clone())).collect()
            }
            CredentialSource::None => BTreeMap::new(),
        }
    }
}
