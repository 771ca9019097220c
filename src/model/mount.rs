//! Files from elsewhere in a container: how they are asked for, and what is there.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Presence, Unknown, keeping, words};

words! {
    /// What a mount brings into the container.
    pub enum MountType {
        /// A file or directory of the host.
        Bind = "bind",
        /// A cluster volume; services only. Since API 1.42.
        Cluster = "cluster",
        /// The files of an image, read-only. Since API 1.48.
        Image = "image",
        /// A named pipe of the host. Windows only.
        Npipe = "npipe",
        /// A file system in memory.
        Tmpfs = "tmpfs",
        /// A volume, which the engine makes where it does not exist.
        Volume = "volume",
    }

    /// Whether mounts made later below a bind mount are seen on the other side.
    pub enum MountPropagation {
        /// Neither side sees the other's.
        Private = "private",
        /// As `private`, for everything below too.
        Rprivate = "rprivate",
        /// Both sides see each other's.
        Shared = "shared",
        /// As `shared`, for everything below too.
        Rshared = "rshared",
        /// The container sees the host's.
        Slave = "slave",
        /// As `slave`, for everything below too.
        Rslave = "rslave",
    }
}

/// A mount to make in a container or in the tasks of a service.
///
/// The options must be those of the type: from API 1.42 the engine refuses others.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase", remote = "Self")]
pub struct Mount {
    /// Where it appears in the container.
    pub target: String,
    /// What is mounted: a path of the host, the name of a volume or an image; empty for `tmpfs`,
    /// and for a volume without a name.
    pub source: String,
    /// What kind of thing the source is.
    pub r#type: MountType,
    /// Whether the container may only read it.
    pub read_only: bool,
    /// How closely both sides must agree: `default`, `consistent`, `cached` or `delegated`. Engines
    /// on Linux pay no attention to it.
    pub consistency: String,
    /// For the type `bind`.
    pub bind_options: Option<BindOptions>,
    /// For the type `volume`.
    pub volume_options: Option<VolumeOptions>,
    /// For the type `image`. Since API 1.48.
    pub image_options: Option<ImageOptions>,
    /// For the type `tmpfs`.
    pub tmpfs_options: Option<TmpfsOptions>,
    /// For the type `cluster`; it has no settings so far. Since API 1.42.
    pub cluster_options: Option<Presence>,
    /// Fields of newer engines.
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// How a directory of the host is mounted.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase", remote = "Self")]
pub struct BindOptions {
    /// Which later mounts are seen.
    pub propagation: MountPropagation,
    /// Whether mounts below the directory are left out. Since API 1.40.
    pub non_recursive: bool,
    /// Whether the directory on the host is made where it is missing. Since API 1.42.
    pub create_mountpoint: bool,
    /// Whether read-only holds for the directory alone and not for mounts below it. Since API 1.44.
    pub read_only_non_recursive: bool,
    /// Whether it is an error when mounts below cannot be made read-only. Since API 1.44.
    pub read_only_force_recursive: bool,
    /// Fields of newer engines.
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// How a volume is mounted, and made where it does not exist.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase", remote = "Self")]
pub struct VolumeOptions {
    /// Whether files of the image at the target are not copied into an empty volume.
    pub no_copy: bool,
    /// Labels of a new volume.
    pub labels: BTreeMap<String, String>,
    /// What makes a new volume.
    pub driver_config: Option<VolumeDriverConfig>,
    /// A path inside the volume to mount instead of its root. Since API 1.45.
    pub subpath: String,
    /// Fields of newer engines.
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// The driver of a new volume.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase", remote = "Self")]
pub struct VolumeDriverConfig {
    /// Its name; empty for `local`.
    pub name: String,
    /// Settings for the driver.
    pub options: BTreeMap<String, String>,
    /// Fields of newer engines.
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// How an image is mounted. Since API 1.48.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase", remote = "Self")]
pub struct ImageOptions {
    /// A path inside the image to mount instead of its root.
    pub subpath: String,
    /// Fields of newer engines.
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// The file system in memory to make.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase", remote = "Self")]
pub struct TmpfsOptions {
    /// Its size in bytes; 0 for as much as there is.
    pub size_bytes: i64,
    /// Permission bits of its root as a plain number: 0o1777 is 1023.
    pub mode: u32,
    /// Options of mount, each `[name]` or `[name, value]`. Since API 1.46.
    pub options: Vec<Vec<String>>,
    /// Fields of newer engines.
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// A mount that a container has.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct MountPoint {
    /// What kind of thing is mounted.
    pub r#type: MountType,
    /// Name of the volume; empty for other types.
    pub name: String,
    /// Where the files are on the host.
    pub source: String,
    /// Where they appear in the container.
    pub destination: String,
    /// Driver of the volume; empty for other types.
    pub driver: String,
    /// The options as the container was given them, separated by commas.
    pub mode: String,
    /// Whether the container may write.
    #[serde(rename = "RW")]
    pub rw: bool,
    /// Which later mounts are seen; empty where that does not apply.
    pub propagation: MountPropagation,
}

keeping! {
    Mount {
        "Target", "Source", "Type", "ReadOnly", "Consistency", "BindOptions", "VolumeOptions",
        "ImageOptions", "TmpfsOptions", "ClusterOptions",
    }
    BindOptions {
        "Propagation", "NonRecursive", "CreateMountpoint", "ReadOnlyNonRecursive",
        "ReadOnlyForceRecursive",
    }
    VolumeOptions { "NoCopy", "Labels", "DriverConfig", "Subpath" }
    VolumeDriverConfig { "Name", "Options" }
    ImageOptions { "Subpath" }
    TmpfsOptions { "SizeBytes", "Mode", "Options" }
}
