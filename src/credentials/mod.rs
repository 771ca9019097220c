//! Credentials for registries: which registry a call needs them for, where they come from, and how
//! they are sent.

mod header;
mod helper;
mod json;
mod reference;
mod source;
mod store;
mod user;

pub(crate) use header::{ForAll, ForRegistry, RequestCredentials, Sent};
pub(crate) use reference::{key_of, registry_of};
pub use source::CredentialSource;
pub(crate) use source::Lookup;
pub use store::CredentialStore;
pub(crate) use store::Store;
