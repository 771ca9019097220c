//! Images of a test.

use std::io::Read;

use dockline::model::{ImageInspect, ProgressMessage};
use dockline::{Context, Error, ImageCreateOptions, ImageDeleteOptions, Result};

use super::{assert_deleted, uncancelled, unique};

/// Imports a tar; returns all progress messages.
pub fn import(
    docker: &Context,
    options: &ImageCreateOptions,
    mut tar: impl Read,
) -> Result<Vec<ProgressMessage>> {
    docker.images().create(options, Some(&mut tar))?.collect()
}

/// Returns an image name without Docker Hub's prefix, which Podman adds.
pub fn short_name(name: &str) -> &str {
    name.strip_prefix("docker.io/library/").unwrap_or(name)
}

/// Returns whether the engine has an image.
#[track_caller]
pub fn image_exists(docker: &Context, name: &str) -> bool {
    match docker.images().inspect(name, &Default::default()) {
        Ok(_) => true,
        Err(Error::NotFound(_)) => false,
        Err(error) => panic!("{error}"),
    }
}

/// An image of one test, deleted on drop. Drop its containers first.
pub struct TestImage {
    docker: Context,
    /// Name with tag.
    pub name: String,
}

impl TestImage {
    /// Imports a tar under a unique name.
    #[track_caller]
    pub fn import(docker: &Context, options: &ImageCreateOptions, tar: impl Read) -> TestImage {
        let repo = unique("image");
        let options = ImageCreateOptions {
            from_src: "-".into(),
            // Podman 4 accepts the tag only here.
            repo: format!("{repo}:1"),
            ..options.clone()
        };
        let image = TestImage { docker: docker.clone(), name: format!("{repo}:1") };
        import(docker, &options, tar).unwrap();
        image
    }

    /// Guards an existing image, by its name with tag.
    pub fn guard(docker: &Context, name: &str) -> TestImage {
        TestImage { docker: docker.clone(), name: name.to_owned() }
    }

    #[track_caller]
    pub fn inspect(&self) -> ImageInspect {
        self.docker.images().inspect(&self.name, &Default::default()).unwrap()
    }
}

impl Drop for TestImage {
    fn drop(&mut self) {
        let options = ImageDeleteOptions { force: true, ..Default::default() };
        let docker = uncancelled(&self.docker);
        assert_deleted(&self.name, docker.images().delete(&self.name, &options).map(drop));
    }
}
