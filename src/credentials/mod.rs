//! Credentials for registries: the registry of an image, the lookup in `config.json` and credential
//! helpers, the headers of requests, and the store of `login`.

mod header;
mod helper;
mod json;
mod reference;
mod source;
mod store;
mod user;

pub(crate) use header::{CredentialHeader, RegistryAuth, RegistryConfig, RequestCredentials};
pub(crate) use reference::{key_of, registry_of};
pub(crate) use source::CredentialLookup;
pub use source::CredentialSource;
pub use store::CredentialStore;
pub(crate) use store::UserStore;
