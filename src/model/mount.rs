//! Mounts: requests, and mount points of containers.

use super::{EmptyObject, StringList};
use crate::codec::{record, string_enum};
use crate::model::Map;

string_enum! {
    /// Type of a mount.
    pub enum MountType {
        /// File or directory of the host.
        Bind = "bind",
        /// Cluster volume; services only. Since API 1.42.
        Cluster = "cluster",
        /// Files of an image, read-only. Since API 1.48.
        Image = "image",
        /// Named pipe of the host. Windows only.
        Npipe = "npipe",
        /// Temporary file system in memory.
        Tmpfs = "tmpfs",
        /// Volume; the engine creates it if it does not exist.
        Volume = "volume",
    }

    /// Propagation of a bind mount: visibility of later submounts on the other side.
    pub enum MountPropagation {
        /// No propagation.
        Private = "private",
        /// Like `private`, recursive.
        Rprivate = "rprivate",
        /// Propagation in both directions.
        Shared = "shared",
        /// Like `shared`, recursive.
        Rshared = "rshared",
        /// Propagation from the host to the container.
        Slave = "slave",
        /// Like `slave`, recursive.
        Rslave = "rslave",
    }
}

record! {
    /// Mount to create in a container or in the tasks of a service.
    ///
    /// The options must match the type; since API 1.42 the engine rejects other options.
    #[derive(Clone, Default, PartialEq)]
    pub struct Mount {
        /// Path in the container.
        pub target: String = "Target",
        /// Source of the mount: a path of the host, or the name of a volume or an image. Empty for
        /// `tmpfs` and for anonymous volumes.
        pub source: String = "Source",
        /// Type of the mount.
        pub r#type: MountType = "Type",
        /// Whether the mount is read-only.
        pub read_only: bool = "ReadOnly",
        /// Consistency requirement: `default`, `consistent`, `cached` or `delegated`. Ignored by
        /// engines on Linux.
        pub consistency: String = "Consistency" since 28,
        /// Options for the type `bind`.
        pub bind_options: Option<BindOptions> = "BindOptions",
        /// Options for the type `volume`.
        pub volume_options: Option<VolumeOptions> = "VolumeOptions",
        /// Options for the type `image`. Since API 1.48.
        pub image_options: Option<ImageOptions> = "ImageOptions" since 48,
        /// Options for the type `tmpfs`.
        pub tmpfs_options: Option<TmpfsOptions> = "TmpfsOptions",
        /// Options for the type `cluster`; an object without fields. Since API 1.42.
        pub cluster_options: Option<EmptyObject> = "ClusterOptions" since 42,
        ..unknown within specs
    }
}

record! {
    /// Options of a bind mount.
    #[derive(Clone, Default, PartialEq)]
    pub struct BindOptions {
        /// Propagation mode.
        pub propagation: MountPropagation = "Propagation",
        /// Whether to disable recursive bind mounting, which excludes submounts. Since API 1.40.
        pub non_recursive: bool = "NonRecursive" since 40,
        /// Whether to create the source directory on the host if it does not exist. Since API 1.42.
        pub create_mountpoint: bool = "CreateMountpoint" since 42,
        /// Whether submounts of a read-only mount stay writable. Since API 1.44.
        pub read_only_non_recursive: bool = "ReadOnlyNonRecursive" since 44,
        /// Whether to fail if submounts cannot be made read-only. Since API 1.44.
        pub read_only_force_recursive: bool = "ReadOnlyForceRecursive" since 44,
        ..unknown within specs
    }
}

record! {
    /// Options of a volume mount, and of the volume if the mount creates it.
    #[derive(Clone, Default, PartialEq)]
    pub struct VolumeOptions {
        /// Whether to disable copying the image's files at the target into an empty volume.
        pub no_copy: bool = "NoCopy",
        /// Labels of a new volume.
        pub labels: Map<String> = "Labels",
        /// Driver of a new volume.
        pub driver_config: Option<VolumeDriverConfig> = "DriverConfig",
        /// Path inside the volume to mount instead of its root. Since API 1.45.
        pub subpath: String = "Subpath" since 45,
        ..unknown within specs
    }
}

record! {
    /// Driver of a new volume.
    #[derive(Clone, Default, PartialEq)]
    pub struct VolumeDriverConfig {
        /// Name of the driver; empty means `local`.
        pub name: String = "Name",
        /// Driver options.
        pub options: Map<String> = "Options",
        ..unknown within specs
    }
}

record! {
    /// Options of an image mount. Since API 1.48.
    #[derive(Clone, Default, PartialEq)]
    pub struct ImageOptions {
        /// Path inside the image to mount instead of its root.
        pub subpath: String = "Subpath",
        ..unknown within specs
    }
}

record! {
    /// Options of a tmpfs mount.
    #[derive(Clone, Default, PartialEq)]
    pub struct TmpfsOptions {
        /// Size in bytes; 0 means unlimited.
        pub size_bytes: i64 = "SizeBytes",
        /// Permission bits of the root directory as an integer: 0o1777 is 1023.
        pub mode: u32 = "Mode",
        /// Mount options, each `[name]` or `[name, value]`. Since API 1.46.
        pub options: Vec<StringList> = "Options" since 46,
        ..unknown within specs
    }
}

record! {
    /// Mount point of a container.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct MountPoint {
        /// Type of the mount.
        pub r#type: MountType = "Type",
        /// Name of the volume; empty for other types.
        pub name: String = "Name",
        /// Path on the host.
        pub source: String = "Source",
        /// Path in the container.
        pub destination: String = "Destination",
        /// Driver of the volume; empty for other types.
        pub driver: String = "Driver",
        /// Comma-separated mount options given at creation.
        pub mode: String = "Mode",
        /// Whether the mount is writable.
        pub rw: bool = "RW",
        /// Propagation mode; empty if not applicable.
        pub propagation: MountPropagation = "Propagation",
    }
}
