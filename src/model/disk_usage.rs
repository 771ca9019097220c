//! Disk usage.
//!
//! Until API 1.51 the engine returns all objects in four lists. Since API 1.52 it returns totals,
//! which contain the lists if `verbose` is set; without `verbose` the former lists are still
//! included.

use serde::Serialize;

use super::{BuildCache, ContainerStateStatus, ContainerSummary, ImageSummary, Volume};
use crate::codec::record;

record! {
    /// Disk usage of an engine.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct SystemDataUsage {
        /// Disk usage of images. Since API 1.52.
        pub image_usage: Option<ImagesDiskUsage> = "ImageUsage",
        /// Disk usage of containers. Since API 1.52.
        pub container_usage: Option<ContainersDiskUsage> = "ContainerUsage",
        /// Disk usage of volumes. Since API 1.52.
        pub volume_usage: Option<VolumesDiskUsage> = "VolumeUsage",
        /// Disk usage of the build cache. Since API 1.52.
        pub build_cache_usage: Option<BuildCacheDiskUsage> = "BuildCacheUsage",
        /// Total size of all images in bytes, with shared layers counted once. Until API 1.51, or
        /// without `verbose`.
        pub layers_size: i64 = "LayersSize",
        /// Size of the legacy builder's cache in bytes; always 0. API 1.39 to 1.41.
        pub builder_size: i64 = "BuilderSize",
        /// Images. Until API 1.51, or without `verbose`.
        pub images: Vec<ImageSummary> = "Images",
        /// Containers. Until API 1.51, or without `verbose`.
        pub containers: Vec<ContainerSummary> = "Containers",
        /// Volumes. Until API 1.51, or without `verbose`.
        pub volumes: Vec<Volume> = "Volumes",
        /// Build cache records. Until API 1.51, or without `verbose`.
        pub build_cache: Vec<BuildCache> = "BuildCache",
    }
}

impl SystemDataUsage {
    /// Returns the disk usage of images, for every API version.
    ///
    /// Before API 1.52 it is computed from the list, as in the docker CLI: the reclaimable size is the
    /// total size minus the unshared size of images in use.
    pub fn images_total(&self) -> DiskUsageTotal {
        if let Some(usage) = &self.image_usage {
            return usage.total();
        }
        // An image whose containers were not counted may be in use, so its size is not reclaimable.
        let used = self.images.iter().filter(|image| image.containers != 0);
        let own = |image: &ImageSummary| match (image.size, image.shared_size) {
            (-1, _) | (_, -1) => 0,
            (size, shared) => size - shared,
        };
        DiskUsageTotal {
            active_count: count(self.images.iter().filter(|image| image.containers > 0)),
            total_count: count(&self.images),
            reclaimable: (self.layers_size - used.map(own).sum::<i64>()).max(0),
            total_size: self.layers_size,
        }
    }

    /// Returns the disk usage of containers, for every API version.
    ///
    /// Before API 1.52 it is computed from the list.
    pub fn containers_total(&self) -> DiskUsageTotal {
        if let Some(usage) = &self.container_usage {
            return usage.total();
        }
        use ContainerStateStatus::{Paused, Restarting, Running};
        let is_active =
            |container: &ContainerSummary| matches!(container.state, Running | Paused | Restarting);
        total(&self.containers, is_active, |container| container.size_rw.unwrap_or(0))
    }

    /// Returns the disk usage of volumes, for every API version.
    ///
    /// Before API 1.52 it is computed from the list; volumes of unknown size count as 0.
    pub fn volumes_total(&self) -> DiskUsageTotal {
        if let Some(usage) = &self.volume_usage {
            return usage.total();
        }
        let usage = |volume: &Volume| volume.usage_data.clone().unwrap_or_default();
        total(
            &self.volumes,
            |volume| usage(volume).ref_count > 0,
            |volume| usage(volume).size.max(0),
        )
    }

    /// Returns the disk usage of the build cache, for every API version.
    ///
    /// Before API 1.52 it is computed from the list; shared records count as 0.
    pub fn build_cache_total(&self) -> DiskUsageTotal {
        if let Some(usage) = &self.build_cache_usage {
            return usage.total();
        }
        let size = |record: &BuildCache| if record.shared { 0 } else { record.size };
        total(&self.build_cache, |record| record.in_use, size)
    }

    /// Returns the images, for every API version.
    pub fn all_images(&self) -> &[ImageSummary] {
        either(&self.images, self.image_usage.as_ref().map(|usage| &usage.items))
    }

    /// Returns the containers, for every API version.
    pub fn all_containers(&self) -> &[ContainerSummary] {
        either(&self.containers, self.container_usage.as_ref().map(|usage| &usage.items))
    }

    /// Returns the volumes, for every API version.
    pub fn all_volumes(&self) -> &[Volume] {
        either(&self.volumes, self.volume_usage.as_ref().map(|usage| &usage.items))
    }

    /// Returns the build cache records, for every API version.
    pub fn all_build_cache(&self) -> &[BuildCache] {
        either(&self.build_cache, self.build_cache_usage.as_ref().map(|usage| &usage.items))
    }
}

/// Disk usage of one type of object.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct DiskUsageTotal {
    /// Number of objects in use.
    pub active_count: i64,
    /// Number of objects.
    pub total_count: i64,
    /// Bytes that removing the unused objects would free.
    pub reclaimable: i64,
    /// Size of all objects in bytes.
    pub total_size: i64,
}

fn total<T>(
    items: &[T],
    is_active: impl Fn(&T) -> bool,
    size: impl Fn(&T) -> i64,
) -> DiskUsageTotal {
    DiskUsageTotal {
        active_count: count(items.iter().filter(|item| is_active(item))),
        total_count: count(items),
        reclaimable: items.iter().filter(|item| !is_active(item)).map(&size).sum(),
        total_size: items.iter().map(&size).sum(),
    }
}

fn count<T>(items: impl IntoIterator<Item = T>) -> i64 {
    items.into_iter().count() as i64
}

fn either<'a, T>(old: &'a [T], new: Option<&'a Vec<T>>) -> &'a [T] {
    new.filter(|items| !items.is_empty()).map_or(old, Vec::as_slice)
}

record! {
    /// Disk usage of images. Since API 1.52.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct ImagesDiskUsage {
        /// Number of images used by containers.
        pub active_count: i64 = "ActiveCount",
        /// Number of images.
        pub total_count: i64 = "TotalCount",
        /// Bytes that removing the unused images would free.
        pub reclaimable: i64 = "Reclaimable",
        /// Size of all images in bytes, with shared layers counted once.
        pub total_size: i64 = "TotalSize",
        /// Images; only with `verbose`.
        pub items: Vec<ImageSummary> = "Items",
    }
}

record! {
    /// Disk usage of containers. Since API 1.52.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct ContainersDiskUsage {
        /// Number of containers that are running, paused or restarting.
        pub active_count: i64 = "ActiveCount",
        /// Number of containers.
        pub total_count: i64 = "TotalCount",
        /// Bytes that removing the inactive containers would free.
        pub reclaimable: i64 = "Reclaimable",
        /// Size of all containers in bytes, without their images.
        pub total_size: i64 = "TotalSize",
        /// Containers; only with `verbose`.
        pub items: Vec<ContainerSummary> = "Items",
    }
}

record! {
    /// Disk usage of volumes. Since API 1.52.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct VolumesDiskUsage {
        /// Number of volumes used by containers.
        pub active_count: i64 = "ActiveCount",
        /// Number of volumes.
        pub total_count: i64 = "TotalCount",
        /// Bytes that removing the unused volumes would free.
        pub reclaimable: i64 = "Reclaimable",
        /// Size of all volumes in bytes.
        pub total_size: i64 = "TotalSize",
        /// Volumes; only with `verbose`.
        pub items: Vec<Volume> = "Items",
    }
}

record! {
    /// Disk usage of the build cache. Since API 1.52.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct BuildCacheDiskUsage {
        /// Number of records in use.
        pub active_count: i64 = "ActiveCount",
        /// Number of records.
        pub total_count: i64 = "TotalCount",
        /// Bytes that removing the unused records would free.
        pub reclaimable: i64 = "Reclaimable",
        /// Size of all records in bytes.
        pub total_size: i64 = "TotalSize",
        /// Build cache records; only with `verbose`.
        pub items: Vec<BuildCache> = "Items",
    }
}

macro_rules! totals {
    ($($usage:ident),*) => {$(
        impl $usage {
            /// Returns the totals without the list.
            pub fn total(&self) -> DiskUsageTotal {
                DiskUsageTotal {
                    active_count: self.active_count,
                    total_count: self.total_count,
                    reclaimable: self.reclaimable,
                    total_size: self.total_size,
                }
            }
        }
    )*};
}

totals!(ImagesDiskUsage, ContainersDiskUsage, VolumesDiskUsage, BuildCacheDiskUsage);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::testing::decode_response;

    fn summary(json: &str) -> (i64, [usize; 4], Option<String>) {
        let usage: SystemDataUsage = decode_response(json.as_bytes()).unwrap();
        let counts = [
            usage.all_images().len(),
            usage.all_containers().len(),
            usage.all_volumes().len(),
            usage.all_build_cache().len(),
        ];
        let volume = usage.all_volumes().first().map(|volume| volume.name.clone());
        (usage.images_total().total_size, counts, volume)
    }

    #[test]
    fn lists_of_all_api_versions() {
        let lists = r#""Images":[{},{},{}],"Containers":[{}],"Volumes":[{"Name":"v"},{}],
            "BuildCache":[{},{},{},{}],"LayersSize":7"#;
        let sums = r#""ImageUsage":{"TotalSize":7,"TotalCount":3},"ContainerUsage":{"TotalCount":1},
            "VolumeUsage":{"TotalCount":2},"BuildCacheUsage":{"TotalCount":4}"#;
        let verbose = r#""ImageUsage":{"TotalSize":7,"Items":[{},{},{}]},
            "ContainerUsage":{"Items":[{}]},"VolumeUsage":{"Items":[{"Name":"v"},{}]},
            "BuildCacheUsage":{"Items":[{},{},{},{}]}"#;
        for json in [lists, &format!("{lists},{sums}"), verbose] {
            let expected = (7, [3, 1, 2, 4], Some("v".to_owned()));
            assert_eq!(summary(&format!("{{{json}}}")), expected, "{json}");
        }
    }

    #[test]
    fn empty_engine() {
        for json in [
            r#"{"LayersSize":0,"Images":null,"Containers":null,"Volumes":null,"BuildCache":null}"#,
            r#"{"ImageUsage":{"Items":null},"ContainerUsage":{},"VolumeUsage":null}"#,
            "{}",
        ] {
            assert_eq!(summary(json), (0, [0; 4], None), "{json}");
        }
    }

    fn totals(json: &str) -> [[i64; 4]; 4] {
        let usage: SystemDataUsage = decode_response(json.as_bytes()).unwrap();
        [
            usage.images_total(),
            usage.containers_total(),
            usage.volumes_total(),
            usage.build_cache_total(),
        ]
        .map(|total| [total.active_count, total.total_count, total.reclaimable, total.total_size])
    }

    #[test]
    fn totals_of_all_api_versions() {
        let lists = r#"{"LayersSize": 100,
            "Images": [{"Size": 60, "SharedSize": 20, "Containers": 2},
                       {"Size": 50, "SharedSize": 20, "Containers": 0},
                       {"Size": 7, "SharedSize": -1, "Containers": 1}],
            "Containers": [{"State": "running", "SizeRw": 1}, {"State": "paused"},
                           {"State": "restarting", "SizeRw": 2}, {"State": "exited", "SizeRw": 4},
                           {"State": "created", "SizeRw": 8}],
            "Volumes": [{"UsageData": {"Size": 16, "RefCount": 1}},
                        {"UsageData": {"Size": 32, "RefCount": 0}},
                        {"UsageData": {"Size": -1, "RefCount": -1}}, {"UsageData": null}],
            "BuildCache": [{"Size": 64, "InUse": true}, {"Size": 128},
                           {"Size": 256, "Shared": true}]}"#;
        let computed = [[2, 3, 60, 100], [3, 5, 12, 15], [1, 4, 32, 48], [1, 3, 128, 192]];
        assert_eq!(totals(lists), computed);
        let sums = |first: i64| {
            format!(
                r#"{{"ActiveCount":{},"TotalCount":{},"Reclaimable":{},"TotalSize":{}}}"#,
                first,
                first + 1,
                first + 2,
                first + 3
            )
        };
        let with_totals = format!(
            r#"{{"ImageUsage":{},"ContainerUsage":{},"VolumeUsage":{},"BuildCacheUsage":{},{}"#,
            sums(10),
            sums(20),
            sums(30),
            sums(40),
            &lists[1..]
        );
        assert_eq!(totals(&with_totals), [10, 20, 30, 40].map(|n| [n, n + 1, n + 2, n + 3]));
        assert_eq!(totals("{}"), [[0; 4]; 4]);
    }
}
