//! Secrets of the cluster.

use super::{Base64Bytes, Driver, ObjectVersion, Timestamp};
use crate::codec::JsonType;
use crate::codec::record;
use crate::codec::write::{self, Written};
use crate::model::Map;

record! {
    /// A secret. Its content is never told.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct Secret {
        /// Id of the secret.
        pub id: String = "ID",
        /// Its version, which an update must name.
        pub version: ObjectVersion = "Version",
        /// When it was made.
        pub created_at: Timestamp = "CreatedAt",
        /// When it was last changed.
        pub updated_at: Timestamp = "UpdatedAt",
        /// What it shall be. To change it: take, change, send back.
        pub spec: SecretSpec = "Spec",
    }
}

record! {
    /// Answer to making a secret.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct SecretCreateResponse {
        /// Its id. Engines write `ID`, although their definition says `Id`.
        pub id: String = "ID" alias "Id",
    }
}

record! {
    /// What a secret shall be.
    ///
    /// Of a secret that exists only the labels can be changed.
    #[derive(Clone, Default, PartialEq)]
    pub struct SecretSpec {
        /// Name of the secret.
        pub name: String = "Name",
        /// Labels of the secret.
        pub labels: Map<String> = "Labels",
        /// Its content, at most 500 KB. Given when it is made and never told; empty where a driver
        /// fetches it.
        pub data: Base64Bytes = "Data",
        /// Driver that fetches the content from a store outside the cluster.
        pub driver: Option<Driver> = "Driver" since 31,
        /// Driver that fills in the content as a template, such as `golang`; missing means it is none.
        pub templating: Option<Driver> = "Templating" since 37,
        ..unknown
    }
}

impl SecretSpec {
    /// As the body of a request, of which no copy stays behind.
    pub(crate) fn to_body(&self) -> Written {
        let rest = SecretSpec { data: Base64Bytes::default(), ..self.clone() };
        let rest = write::body(rest.view()).json.len();
        let data = self.data.len().div_ceil(3) * 4;
        // Names of fields that turn out to be empty are written, too, and taken back.
        write::secret_body(self.view(), rest + data + 64)
    }
}
