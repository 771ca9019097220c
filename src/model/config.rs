//! Configs of the cluster.

use super::{Base64Bytes, Driver, ObjectVersion, Timestamp};
use crate::codec::record;
use crate::model::Map;

record! {
    /// A config: content like that of a secret, but open to all who may ask.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct Config {
        /// Id of the config.
        pub id: String = "ID",
        /// Its version, which an update must name.
        pub version: ObjectVersion = "Version",
        /// When it was made.
        pub created_at: Timestamp = "CreatedAt",
        /// When it was last changed.
        pub updated_at: Timestamp = "UpdatedAt",
        /// What it shall be. To change it: take, change, send back.
        pub spec: ConfigSpec = "Spec",
    }
}

record! {
    /// Answer to making a config.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ConfigCreateResponse {
        /// Its id. Engines write `ID`, although their definition says `Id`.
        pub id: String = "ID" alias "Id",
    }
}

record! {
    /// What a config shall be.
    ///
    /// Of a config that exists only the labels can be changed.
    #[derive(Clone, Default, PartialEq)]
    pub struct ConfigSpec {
        /// Name of the config.
        pub name: String = "Name",
        /// Labels of the config.
        pub labels: Map<String> = "Labels",
        /// Its content, at most 1000 KB.
        pub data: Base64Bytes = "Data",
        /// Driver that fills in the content as a template, such as `golang`; missing means it is none.
        pub templating: Option<Driver> = "Templating" since 37,
        ..unknown
    }
}
