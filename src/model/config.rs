//! Swarm configs.

use super::{Base64Bytes, Driver, ObjectVersion, Timestamp};
use crate::codec::record;
use crate::model::Map;

record! {
    /// Config: data for services like a secret, but readable through the API.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct Config {
        /// ID of the config.
        pub id: String = "ID",
        /// Version of the object; required for an update.
        pub version: ObjectVersion = "Version",
        /// Creation time.
        pub created_at: Timestamp = "CreatedAt",
        /// Time of the last update.
        pub updated_at: Timestamp = "UpdatedAt",
        /// Desired configuration. For an update, modify it and send it back.
        pub spec: ConfigSpec = "Spec",
    }
}

record! {
    /// Response of ConfigCreate.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ConfigCreateResponse {
        /// ID of the config. Engines write `ID`, although the API definition has `Id`.
        pub id: String = "ID" alias "Id",
    }
}

record! {
    /// Desired configuration of a config.
    ///
    /// Only the labels of an existing config can be changed.
    #[derive(Clone, Default, PartialEq)]
    pub struct ConfigSpec {
        /// Name of the config.
        pub name: String = "Name",
        /// Labels of the config.
        pub labels: Map<String> = "Labels",
        /// Content, at most 1000 KB.
        pub data: Base64Bytes = "Data",
        /// Template driver that expands the content, such as `golang`; `None` if the content is not
        /// a template.
        pub templating: Option<Driver> = "Templating" since 37,
        ..unknown
    }
}
