//! Configs of the cluster.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Data, Driver, ObjectVersion, Timestamp, Unknown};

/// A config: content like that of a secret, but open to all who may ask.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Config {
    /// Id of the config.
    #[serde(rename = "ID")]
    pub id: String,
    /// Its version, which an update must name.
    pub version: ObjectVersion,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// What it shall be. To change it: take, change, send back.
    pub spec: ConfigSpec,
}

/// Answer to making a config.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct ConfigCreateResponse {
    /// Its id. Engines write `ID`, although their definition says `Id`.
    #[serde(rename = "ID", alias = "Id")]
    pub id: String,
}

/// What a config shall be.
///
/// Of a config that exists only the labels can be changed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct ConfigSpec {
    /// Name of the config.
    pub name: String,
    /// Labels of the config.
    pub labels: BTreeMap<String, String>,
    /// Its content, at most 1000 KB.
    pub data: Data,
    /// Driver that fills in the content as a template, such as `golang`; missing means it is none.
    pub templating: Option<Driver>,
    /// Fields of newer engines.
    #[serde(flatten)]
    pub unknown: Unknown,
}
