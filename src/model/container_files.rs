//! Files of a container.

use super::Timestamp;
use crate::codec::leaf::{leaf, serde_impls};
use crate::codec::{Leaf, Scalar, record};

/// Kind of a change to a container's file system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ChangeType {
    /// Modified, or a directory with changed contents; 0 in JSON.
    Modified,
    /// Added; 1 in JSON.
    Added,
    /// Deleted; 2 in JSON.
    Deleted,
    /// A value unknown to this version of the library.
    Other(u8),
}

impl Default for ChangeType {
    /// `Modified`, which is 0 in JSON.
    fn default() -> Self {
        ChangeType::Modified
    }
}

impl From<u8> for ChangeType {
    fn from(number: u8) -> Self {
        match number {
            0 => ChangeType::Modified,
            1 => ChangeType::Added,
            2 => ChangeType::Deleted,
            other => ChangeType::Other(other),
        }
    }
}

impl From<ChangeType> for u8 {
    fn from(change: ChangeType) -> u8 {
        match change {
            ChangeType::Modified => 0,
            ChangeType::Added => 1,
            ChangeType::Deleted => 2,
            ChangeType::Other(other) => other,
        }
    }
}

leaf!(ChangeType);
serde_impls!(ChangeType);

impl Leaf for ChangeType {
    fn set(&mut self, value: Scalar<'_>) -> Result<(), String> {
        let number = value.as_integer().and_then(|it| u8::try_from(it).ok());
        *self = number.ok_or("an integer from 0 to 255")?.into();
        Ok(())
    }

    fn get(&self, pass: &mut dyn FnMut(Scalar<'_>)) {
        pass(Scalar::Uint(u8::from(*self).into()));
    }

    fn is_empty(&self) -> bool {
        *self == ChangeType::Modified
    }
}

record! {
    /// Path that was changed since the container was created.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct FilesystemChange {
        /// Path of the file or directory.
        pub path: String = "Path",
        /// Kind of the change.
        pub kind: ChangeType = "Kind",
    }
}

record! {
    /// Metadata of a path in a container, from the header `X-Docker-Container-Path-Stat`.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ContainerPathStat {
        /// Base name.
        pub name: String = "name",
        /// Size in bytes.
        pub size: i64 = "size",
        /// File mode and permission bits as defined by Go's `fs.FileMode`, not by `stat`: bit 31 is
        /// a directory, bit 27 a symbolic link, the lowest nine bits are the permissions.
        pub mode: u32 = "mode",
        /// Time of the last modification.
        pub mtime: Timestamp = "mtime",
        /// Target of a symbolic link; empty for other files.
        pub link_target: String = "linkTarget",
    }
}

impl ContainerPathStat {
    /// Returns whether the path is a directory.
    pub fn is_dir(&self) -> bool {
        self.mode & 1 << 31 != 0
    }

    /// Returns whether the path is a symbolic link.
    pub fn is_symlink(&self) -> bool {
        self.mode & 1 << 27 != 0
    }

    /// Returns the permission bits, as for `chmod`, without set-user-ID, set-group-ID and sticky
    /// bits.
    pub fn permissions(&self) -> u32 {
        self.mode & 0o777
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::testing::decode_response;

    #[test]
    fn reads_and_writes_change_types() {
        let json = br#"[{"Path":"/dev","Kind":0},{"Path":"/a","Kind":1},{"Path":"/b","Kind":2},{"Kind":9}]"#;
        let changes: Vec<FilesystemChange> = decode_response(json).unwrap();
        let kinds: Vec<ChangeType> = changes.iter().map(|change| change.kind).collect();
        use ChangeType::{Added, Deleted, Modified, Other};
        assert_eq!(kinds, [Modified, Added, Deleted, Other(9)]);
        assert_eq!(serde_json::to_string(&kinds).unwrap(), "[0,1,2,9]");
        assert_eq!(decode_response::<Vec<FilesystemChange>>(b"null").unwrap(), []);
    }

    #[test]
    fn reads_go_file_modes() {
        let stat = |mode: u32| {
            let json = format!(
                r#"{{"name":"a","size":4096,"mode":{mode},"mtime":"2026-01-02T03:04:05Z","linkTarget":"/b"}}"#
            );
            decode_response::<ContainerPathStat>(json.as_bytes()).unwrap()
        };
        let directory = stat(2_147_484_141);
        assert!(directory.is_dir() && !directory.is_symlink());
        assert_eq!((directory.permissions(), directory.size), (0o755, 4096));
        let link = stat(134_218_239);
        assert!(link.is_symlink() && !link.is_dir());
        assert_eq!((link.permissions(), link.link_target.as_str()), (0o777, "/b"));
    }
}
