//! Credentials for registries: which registry a call needs them for, where they come from, and how
//! they are sent.

mod header;
mod helper;
mod json;
mod reference;
mod source;
mod store;
mod user;

pub(crate) use header::{CredentialHeader, ForAll, ForRegistry, RequestCredentials};
pub(crate) use reference::{key_of, registry_of};
pub(crate) use source::CredentialLookup;
pub use source::CredentialSource;
pub use store::CredentialStore;
pub(crate) use store::Store;
