//! Images of a test.

use std::io::Read;

use dockline::model::{ImageInspect, ProgressMessage};
use dockline::{Context, Error, ImageCreateOptions, ImageDeleteOptions, Result};

use super::{deleted, uncancelled, unique};

/// Imports a tar, and gives all that the engine said.
pub fn import(
    docker: &Context,
    options: &ImageCreateOptions,
    mut tar: impl Read,
) -> Result<Vec<ProgressMessage>> {
    docker.images().create(options, Some(&mut tar))?.collect()
}

/// A name of an image as people write it: Podman gives the whole.
pub fn familiar(name: &str) -> &str {
    name.strip_prefix("docker.io/library/").unwrap_or(name)
}

/// Whether the engine has an image.
#[track_caller]
pub fn is_there(docker: &Context, name: &str) -> bool {
    match docker.images().inspect(name, &Default::default()) {
        Ok(_) => true,
        Err(Error::NotFound(_)) => false,
        Err(error) => panic!("{error}"),
    }
}

/// An image of one test, deleted with it. Drop its containers first.
pub struct TestImage {
    docker: Context,
    /// Its name with its tag.
    pub name: String,
}

impl TestImage {
    /// Imports one with a tag of its own.
    #[track_caller]
    pub fn import(docker: &Context, options: &ImageCreateOptions, tar: impl Read) -> TestImage {
        let repo = unique("image");
        let options = ImageCreateOptions {
            from_src: "-".into(),
            // Podman 4 takes a tag here only.
            repo: format!("{repo}:1"),
            ..options.clone()
        };
        let image = TestImage { docker: docker.clone(), name: format!("{repo}:1") };
        import(docker, &options, tar).unwrap();
        image
    }

    /// One that was made in another way, by its name with its tag.
    pub fn of(docker: &Context, name: &str) -> TestImage {
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
        deleted(&self.name, docker.images().delete(&self.name, &options).map(drop));
    }
}
