//! Swarm secrets.

use super::{Base64Bytes, Driver, ObjectVersion, Timestamp};
use crate::codec::JsonType;
use crate::codec::record;
use crate::codec::write::{self, Written};
use crate::model::Map;

record! {
    /// Secret of a swarm. Responses never include its content.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct Secret {
        /// ID of the secret.
        pub id: String = "ID",
        /// Version of the object; required for an update.
        pub version: ObjectVersion = "Version",
        /// Creation time.
        pub created_at: Timestamp = "CreatedAt",
        /// Time of the last update.
        pub updated_at: Timestamp = "UpdatedAt",
        /// Desired configuration. For an update, modify it and send it back.
        pub spec: SecretSpec = "Spec",
    }
}

record! {
    /// Response of SecretCreate.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct SecretCreateResponse {
        /// ID of the secret. Engines write `ID`, although the API definition has `Id`.
        pub id: String = "ID" alias "Id",
    }
}

record! {
    /// Desired configuration of a secret.
    ///
    /// Only the labels of an existing secret can be changed.
    #[derive(Clone, Default, PartialEq)]
    pub struct SecretSpec {
        /// Name of the secret.
        pub name: String = "Name",
        /// Labels of the secret.
        pub labels: Map<String> = "Labels",
        /// Content, at most 500 KB. Sent by SecretCreate and never returned; empty if a driver
        /// provides the content.
        pub data: Base64Bytes = "Data",
        /// Secrets driver that fetches the content from an external store.
        pub driver: Option<Driver> = "Driver" since 31,
        /// Template driver that expands the content, such as `golang`; `None` if the content is not
        /// a template.
        pub templating: Option<Driver> = "Templating" since 37,
        ..unknown
    }
}

impl SecretSpec {
    /// Encodes the spec as a request body, without leaving copies of the content in memory.
    pub(crate) fn to_body(&self) -> Written {
        let rest = SecretSpec { data: Base64Bytes::default(), ..self.clone() };
        let rest = write::body(rest.view()).json.len();
        let data = self.data.len().div_ceil(3) * 4;
        // The writer also writes the names of empty fields, and then removes them.
        write::secret_body(self.view(), rest + data + 64)
    }
}
