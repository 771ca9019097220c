//! Files from elsewhere in a container: how they are asked for, and what is there.

use super::{EmptyObject, StringList};
use crate::codec::{record, string_enum};
use crate::model::Map;

string_enum! {
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

record! {
    /// A mount to make in a container or in the tasks of a service.
    ///
    /// The options must be those of the type: from API 1.42 the engine refuses others.
    #[derive(Clone, Default, PartialEq)]
    pub struct Mount {
        /// Where it appears in the container.
        pub target: String = "Target",
        /// What is mounted: a path of the host, the name of a volume or an image; empty for `tmpfs`,
        /// and for a volume without a name.
        pub source: String = "Source",
        /// What kind of thing the source is.
        pub r#type: MountType = "Type",
        /// Whether the container may only read it.
        pub read_only: bool = "ReadOnly",
        /// How closely both sides must agree: `default`, `consistent`, `cached` or `delegated`. Engines
        /// on Linux pay no attention to it.
        pub consistency: String = "Consistency" since 28,
        /// For the type `bind`.
        pub bind_options: Option<BindOptions> = "BindOptions",
        /// For the type `volume`.
        pub volume_options: Option<VolumeOptions> = "VolumeOptions",
        /// For the type `image`. Since API 1.48.
        pub image_options: Option<ImageOptions> = "ImageOptions" since 48,
        /// For the type `tmpfs`.
        pub tmpfs_options: Option<TmpfsOptions> = "TmpfsOptions",
        /// For the type `cluster`; it has no settings so far. Since API 1.42.
        pub cluster_options: Option<EmptyObject> = "ClusterOptions" since 42,
        ..unknown within specs
    }
}

record! {
    /// How a directory of the host is mounted.
    #[derive(Clone, Default, PartialEq)]
    pub struct BindOptions {
        /// Which later mounts are seen.
        pub propagation: MountPropagation = "Propagation",
        /// Whether mounts below the directory are left out. Since API 1.40.
        pub non_recursive: bool = "NonRecursive" since 40,
        /// Whether the directory on the host is made where it is missing. Since API 1.42.
        pub create_mountpoint: bool = "CreateMountpoint" since 42,
        /// Whether read-only holds for the directory alone and not for mounts below it. Since API 1.44.
        pub read_only_non_recursive: bool = "ReadOnlyNonRecursive" since 44,
        /// Whether it is an error when mounts below cannot be made read-only. Since API 1.44.
        pub read_only_force_recursive: bool = "ReadOnlyForceRecursive" since 44,
        ..unknown within specs
    }
}

record! {
    /// How a volume is mounted, and made where it does not exist.
    #[derive(Clone, Default, PartialEq)]
    pub struct VolumeOptions {
        /// Whether files of the image at the target are not copied into an empty volume.
        pub no_copy: bool = "NoCopy",
        /// Labels of a new volume.
        pub labels: Map<String> = "Labels",
        /// What makes a new volume.
        pub driver_config: Option<VolumeDriverConfig> = "DriverConfig",
        /// A path inside the volume to mount instead of its root. Since API 1.45.
        pub subpath: String = "Subpath" since 45,
        ..unknown within specs
    }
}

record! {
    /// The driver of a new volume.
    #[derive(Clone, Default, PartialEq)]
    pub struct VolumeDriverConfig {
        /// Its name; empty for `local`.
        pub name: String = "Name",
        /// Settings for the driver.
        pub options: Map<String> = "Options",
        ..unknown within specs
    }
}

record! {
    /// How an image is mounted. Since API 1.48.
    #[derive(Clone, Default, PartialEq)]
    pub struct ImageOptions {
        /// A path inside the image to mount instead of its root.
        pub subpath: String = "Subpath",
        ..unknown within specs
    }
}

record! {
    /// The file system in memory to make.
    #[derive(Clone, Default, PartialEq)]
    pub struct TmpfsOptions {
        /// Its size in bytes; 0 for as much as there is.
        pub size_bytes: i64 = "SizeBytes",
        /// Permission bits of its root as a plain number: 0o1777 is 1023.
        pub mode: u32 = "Mode",
        /// Options of mount, each `[name]` or `[name, value]`. Since API 1.46.
        pub options: Vec<StringList> = "Options" since 46,
        ..unknown within specs
    }
}

record! {
    /// A mount that a container has.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct MountPoint {
        /// What kind of thing is mounted.
        pub r#type: MountType = "Type",
        /// Name of the volume; empty for other types.
        pub name: String = "Name",
        /// Where the files are on the host.
        pub source: String = "Source",
        /// Where they appear in the container.
        pub destination: String = "Destination",
        /// Driver of the volume; empty for other types.
        pub driver: String = "Driver",
        /// The options as the container was given them, separated by commas.
        pub mode: String = "Mode",
        /// Whether the container may write.
        pub rw: bool = "RW",
        /// Which later mounts are seen; empty where that does not apply.
        pub propagation: MountPropagation = "Propagation",
    }
}
