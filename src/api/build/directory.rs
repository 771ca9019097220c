//! Builds from a local directory or from the text of a Dockerfile.

use std::path::Path;

use super::context::{BuildContext, dockerfile_tar};
use super::{Build, ImageBuildOptions, StartedBuild};
use crate::api::images::Images;
use crate::{Context, Result};

impl Images<'_> {
    /// Builds an image from a directory.
    ///
    /// `POST /build`. Sends the directory as a [`BuildContext`], without the files that its
    /// `.dockerignore` excludes, as the docker CLI does. Requires the feature `build-context`.
    ///
    /// ```no_run
    /// let docker = dockline::Context::from_env()?;
    /// let image = docker.images().build_directory(&Default::default(), "web")?.finish()?;
    /// println!("{image:?}");
    /// # Ok::<(), dockline::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`build`](Images::build), and [`Error::Io`](crate::Error::Io) if a file in the directory
    /// cannot be read, or disappears or changes its size during the read. The error names the file.
    pub fn build_directory(
        &self,
        options: &ImageBuildOptions,
        path: impl AsRef<Path>,
    ) -> Result<Build> {
        Ok(Build::new(start_directory_build(self.context, options, path.as_ref())?))
    }

    /// Builds an image from the text of a Dockerfile.
    ///
    /// `POST /build`. The build context contains no other files. Requires the feature
    /// `build-context`.
    ///
    /// ```no_run
    /// let docker = dockline::Context::from_env()?;
    /// let text = "FROM busybox\nRUN echo hello >/hello\n";
    /// docker.images().build_dockerfile(&Default::default(), text)?.finish()?;
    /// # Ok::<(), dockline::Error>(())
    /// ```
    pub fn build_dockerfile(&self, options: &ImageBuildOptions, text: &str) -> Result<Build> {
        Ok(Build::new(start_dockerfile_build(self.context, options, text)?))
    }
}

/// Starts a build from a directory.
pub(crate) fn start_directory_build(
    context: &Context,
    options: &ImageBuildOptions,
    path: &Path,
) -> Result<StartedBuild> {
    super::start_build(context, options, Some(&mut BuildContext::open(path, options)?))
}

/// Starts a build from the text of a Dockerfile.
pub(crate) fn start_dockerfile_build(
    context: &Context,
    options: &ImageBuildOptions,
    text: &str,
) -> Result<StartedBuild> {
    super::start_build(context, options, Some(&mut &dockerfile_tar(options, text)?[..]))
}
