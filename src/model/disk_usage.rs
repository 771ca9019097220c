//! What the disk is used for.
//!
//! Up to API 1.51 the engine tells all it has as four lists. From API 1.52 it tells sums, with the
//! lists inside where asked for with `verbose`; without, the old lists still come along.

use serde::{Deserialize, Serialize};

use super::{BuildCache, ContainerSummary, ImageSummary, Volume};

/// What the disk is used for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct SystemDataUsage {
    /// Use by images. Since API 1.52.
    pub image_usage: Option<ImagesDiskUsage>,
    /// Use by containers. Since API 1.52.
    pub container_usage: Option<ContainersDiskUsage>,
    /// Use by volumes. Since API 1.52.
    pub volume_usage: Option<VolumesDiskUsage>,
    /// Use by the build cache. Since API 1.52.
    pub build_cache_usage: Option<BuildCacheDiskUsage>,
    /// Bytes all images take, layers shared by several counted once. Until API 1.51, or without
    /// `verbose`.
    pub layers_size: i64,
    /// Bytes of a build cache of old; engines of API 1.39 to 1.41 still tell it, as 0.
    pub builder_size: i64,
    /// The images. Until API 1.51, or without `verbose`.
    pub images: Vec<ImageSummary>,
    /// The containers. Until API 1.51, or without `verbose`.
    pub containers: Vec<ContainerSummary>,
    /// The volumes. Until API 1.51, or without `verbose`.
    pub volumes: Vec<Volume>,
    /// The records of the build cache. Until API 1.51, or without `verbose`.
    pub build_cache: Vec<BuildCache>,
}

impl SystemDataUsage {
    /// Bytes all images take, layers shared by several counted once; whatever the API version.
    pub fn images_size(&self) -> i64 {
        self.image_usage.as_ref().map_or(self.layers_size, |usage| usage.total_size)
    }

    /// The images, wherever they stand.
    pub fn all_images(&self) -> &[ImageSummary] {
        either(&self.images, self.image_usage.as_ref().map(|usage| &usage.items))
    }

    /// The containers, wherever they stand.
    pub fn all_containers(&self) -> &[ContainerSummary] {
        either(&self.containers, self.container_usage.as_ref().map(|usage| &usage.items))
    }

    /// The volumes, wherever they stand.
    pub fn all_volumes(&self) -> &[Volume] {
        either(&self.volumes, self.volume_usage.as_ref().map(|usage| &usage.items))
    }

    /// The records of the build cache, wherever they stand.
    pub fn all_build_cache(&self) -> &[BuildCache] {
        either(&self.build_cache, self.build_cache_usage.as_ref().map(|usage| &usage.items))
    }
}

fn either<'a, T>(old: &'a [T], new: Option<&'a Vec<T>>) -> &'a [T] {
    new.filter(|items| !items.is_empty()).map_or(old, Vec::as_slice)
}

/// Use of the disk by images. Since API 1.52.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ImagesDiskUsage {
    /// How many are in use by containers.
    pub active_count: i64,
    /// How many there are.
    pub total_count: i64,
    /// Bytes that removing the others would free.
    pub reclaimable: i64,
    /// Bytes they all take, layers shared by several counted once.
    pub total_size: i64,
    /// The images; only with `verbose`.
    pub items: Vec<ImageSummary>,
}

/// Use of the disk by containers. Since API 1.52.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ContainersDiskUsage {
    /// How many run, or are paused or being restarted.
    pub active_count: i64,
    /// How many there are.
    pub total_count: i64,
    /// Bytes that removing the others would free.
    pub reclaimable: i64,
    /// Bytes they all take beside their images.
    pub total_size: i64,
    /// The containers; only with `verbose`.
    pub items: Vec<ContainerSummary>,
}

/// Use of the disk by volumes. Since API 1.52.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct VolumesDiskUsage {
    /// How many are in use by containers.
    pub active_count: i64,
    /// How many there are.
    pub total_count: i64,
    /// Bytes that removing the others would free.
    pub reclaimable: i64,
    /// Bytes they all take.
    pub total_size: i64,
    /// The volumes; only with `verbose`.
    pub items: Vec<Volume>,
}

/// Use of the disk by the build cache. Since API 1.52.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct BuildCacheDiskUsage {
    /// How many records are in use.
    pub active_count: i64,
    /// How many there are.
    pub total_count: i64,
    /// Bytes that removing the others would free.
    pub reclaimable: i64,
    /// Bytes they all take.
    pub total_size: i64,
    /// The records; only with `verbose`.
    pub items: Vec<BuildCache>,
}

#[cfg(test)]
mod tests {
    use super::super::lenient::from_answer;
    use super::*;

    fn facts(json: &str) -> (i64, [usize; 4], Option<String>) {
        let usage: SystemDataUsage = from_answer(json.as_bytes()).unwrap();
        let counts = [
            usage.all_images().len(),
            usage.all_containers().len(),
            usage.all_volumes().len(),
            usage.all_build_cache().len(),
        ];
        let volume = usage.all_volumes().first().map(|volume| volume.name.clone());
        (usage.images_size(), counts, volume)
    }

    #[test]
    fn the_same_from_all_versions() {
        let lists = r#""Images":[{},{},{}],"Containers":[{}],"Volumes":[{"Name":"v"},{}],
            "BuildCache":[{},{},{},{}],"LayersSize":7"#;
        let sums = r#""ImageUsage":{"TotalSize":7,"TotalCount":3},"ContainerUsage":{"TotalCount":1},
            "VolumeUsage":{"TotalCount":2},"BuildCacheUsage":{"TotalCount":4}"#;
        let verbose = r#""ImageUsage":{"TotalSize":7,"Items":[{},{},{}]},
            "ContainerUsage":{"Items":[{}]},"VolumeUsage":{"Items":[{"Name":"v"},{}]},
            "BuildCacheUsage":{"Items":[{},{},{},{}]}"#;
        for json in [lists, &format!("{lists},{sums}"), verbose] {
            let expected = (7, [3, 1, 2, 4], Some("v".to_owned()));
            assert_eq!(facts(&format!("{{{json}}}")), expected, "{json}");
        }
    }

    #[test]
    fn an_engine_with_nothing() {
        for json in [
            r#"{"LayersSize":0,"Images":null,"Containers":null,"Volumes":null,"BuildCache":null}"#,
            r#"{"ImageUsage":{"Items":null},"ContainerUsage":{},"VolumeUsage":null}"#,
            "{}",
        ] {
            assert_eq!(facts(json), (0, [0; 4], None), "{json}");
        }
    }
}
