//! Credentials for registries: which registry a call needs them for, where they come from, and how
//! they are sent.

mod header;
mod helper;
mod json;
mod reference;
mod source;
mod store;
mod user;

use crate::model::{AuthConfig, Map};

pub(crate) use header::Sent;
pub(crate) use reference::{key_of, registry_of};
pub use source::CredentialSource;
pub(crate) use source::Lookup;
pub use store::CredentialStore;
pub(crate) use store::Store;

/// The credentials that a request asks for. They are looked up when the call is made, since that may
/// read files and run programs.
#[derive(Debug, Default)]
pub(crate) enum Wanted {
    /// None.
    #[default]
    Nothing,
    /// Those for one registry, as `X-Registry-Auth`.
    Of {
        /// The key of the registry.
        registry: String,
        /// What the caller gave, which wins; empty for an anonymous call.
        given: Option<AuthConfig>,
        /// Whether the header is sent all the same where there are none.
        always: bool,
    },
    /// Those for all registries, as `X-Registry-Config`.
    All {
        /// What the caller gave, which wins.
        given: Option<Map<AuthConfig>>,
    },
}
