//! Records of the build cache.

use super::{StringList, Timestamp};
use crate::codec::{record, string_enum};

string_enum! {
    /// What a record of the build cache holds.
    pub enum BuildCacheType {
        /// The builder's own.
        Internal = "internal",
        /// A frontend, which reads Dockerfiles.
        Frontend = "frontend",
        /// Files from the machine that asked for the build.
        SourceLocal = "source.local",
        /// Files from a git repository.
        SourceGitCheckout = "source.git.checkout",
        /// A directory that build steps share (`RUN --mount=type=cache`).
        ExecCachemount = "exec.cachemount",
        /// The outcome of a build step.
        Regular = "regular",
    }
}

record! {
    /// A record of the build cache.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct BuildCache {
        /// Id of the record.
        pub id: String = "ID",
        /// Ids of the records it is made from. Since API 1.42.
        // The blank is on the wire.
        pub parents: StringList = " Parents",
        /// Id of the record it is made from. Until API 1.41.
        pub parent: String = "Parent",
        /// What it holds.
        pub r#type: BuildCacheType = "Type",
        /// The build step it comes from.
        pub description: String = "Description",
        /// Whether it is in use now.
        pub in_use: bool = "InUse",
        /// Whether other records share its content.
        pub shared: bool = "Shared",
        /// Its size in bytes.
        pub size: i64 = "Size",
        /// When it was made.
        pub created_at: Timestamp = "CreatedAt",
        /// When it was last used; missing where it never was.
        pub last_used_at: Option<Timestamp> = "LastUsedAt",
        /// How often it was used.
        pub usage_count: i64 = "UsageCount",
    }
}

impl BuildCache {
    /// Ids of the records it is made from, whatever the API version.
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
    fn parents_of_all_versions() {
        assert_eq!(parents(r#"{" Parents":["a","b"]}"#), ["a", "b"]);
        assert_eq!(parents(r#"{"Parent":"a"}"#), ["a"]);
        assert!(parents(r#"{" Parents":null,"Parent":""}"#).is_empty());
    }
}
