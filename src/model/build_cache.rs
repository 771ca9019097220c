//! Build cache records.

use super::{StringList, Timestamp};
use crate::codec::{record, string_enum};

string_enum! {
    /// Type of a build cache record.
    pub enum BuildCacheType {
        /// Internal record of the builder.
        Internal = "internal",
        /// Build frontend, such as the Dockerfile parser.
        Frontend = "frontend",
        /// Files sent by the client, such as the build context.
        SourceLocal = "source.local",
        /// Checkout of a Git repository.
        SourceGitCheckout = "source.git.checkout",
        /// Cache mount shared between build steps (`RUN --mount=type=cache`).
        ExecCachemount = "exec.cachemount",
        /// Result of a build step.
        Regular = "regular",
    }
}

record! {
    /// Record of the build cache.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct BuildCache {
        /// ID of the record.
        pub id: String = "ID",
        /// IDs of the parent records. Since API 1.42.
        // The engine sends this name with a leading space.
        pub parents: StringList = " Parents",
        /// ID of the parent record. Until API 1.41.
        pub parent: String = "Parent",
        /// Type of the record.
        pub r#type: BuildCacheType = "Type",
        /// Description of the build step that created the record.
        pub description: String = "Description",
        /// Whether the record is in use.
        pub in_use: bool = "InUse",
        /// Whether the content is shared with other records.
        pub shared: bool = "Shared",
        /// Size in bytes.
        pub size: i64 = "Size",
        /// Creation time.
        pub created_at: Timestamp = "CreatedAt",
        /// Time of the last use; `None` if the record has never been used.
        pub last_used_at: Option<Timestamp> = "LastUsedAt",
        /// Number of times the record has been used.
        pub usage_count: i64 = "UsageCount",
    }
}

impl BuildCache {
    /// Returns the IDs of the parent records, for every API version.
    pub fn parent_ids(&self) -> impl Iterator<Item = &str> {
        let old = Some(self.parent.as_str()).filter(|id| !id.is_empty());
        self.parents.iter().map(String::as_str).chain(old.filter(|_| self.parents.is_empty()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::testing::decode_response;

    fn parents(json: &str) -> Vec<String> {
        let record: BuildCache = decode_response(json.as_bytes()).unwrap();
        record.parent_ids().map(str::to_owned).collect()
    }

    #[test]
    fn parent_ids_of_all_api_versions() {
        assert_eq!(parents(r#"{" Parents":["a","b"]}"#), ["a", "b"]);
        assert_eq!(parents(r#"{"Parent":"a"}"#), ["a"]);
        assert!(parents(r#"{" Parents":null,"Parent":""}"#).is_empty());
    }
}
