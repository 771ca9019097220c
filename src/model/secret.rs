//! Secrets of the cluster.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Data, Driver, ObjectVersion, Timestamp, Unknown, sparse};
use crate::secret::SecretBytes;

/// A secret. Its content is never told.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Secret {
    /// Id of the secret.
    #[serde(rename = "ID")]
    pub id: String,
    /// Its version, which an update must name.
    pub version: ObjectVersion,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// What it shall be. To change it: take, change, send back.
    pub spec: SecretSpec,
}

/// Answer to making a secret.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct SecretCreateResponse {
    /// Its id. Engines write `ID`, although their definition says `Id`.
    #[serde(rename = "ID", alias = "Id")]
    pub id: String,
}

/// What a secret shall be.
///
/// Of a secret that exists only the labels can be changed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct SecretSpec {
    /// Name of the secret.
    pub name: String,
    /// Labels of the secret.
    pub labels: BTreeMap<String, String>,
    /// Its content, at most 500 KB. Given when it is made and never told; empty where a driver
    /// fetches it.
    pub data: Data,
    /// Driver that fetches the content from a store outside the cluster.
    pub driver: Option<Driver>,
    /// Driver that fills in the content as a template, such as `golang`; missing means it is none.
    pub templating: Option<Driver>,
    /// Fields of newer engines.
    #[serde(flatten)]
    pub unknown: Unknown,
}

impl SecretSpec {
    /// As the body of a request, of which no copy stays behind.
    pub(crate) fn to_body(&self) -> SecretBytes {
        let rest = SecretSpec { data: Data::default(), ..self.clone() };
        let rest = sparse::to_body(&rest).expect("a struct of text is JSON").len();
        let data = self.data.len().div_ceil(3) * 4;
        // Names of fields that turn out to be empty are written, too, and taken back.
        sparse::to_secret_body(self, rest + data + 64)
    }
}
