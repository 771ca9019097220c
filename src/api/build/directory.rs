//! Builds from what this machine has: a directory, or the text of a Dockerfile.

use std::path::Path;

use super::context::{BuildContext, dockerfile_tar};
use super::{Begun, Build, ImageBuildOptions};
use crate::api::images::Images;
use crate::{Context, Result};

impl Images<'_> {
    /// Builds an image from a directory (`POST /build`), as the docker command does: without what its
    /// `.dockerignore` excludes. See [`BuildContext`], which is what is sent. Needs the feature
    /// `build-context`.
    ///
    /// ```no_run
    /// let docker = dockline::Context::from_env()?;
    /// let image = docker.images().build_directory(&Default::default(), "web")?.finish()?;
    /// println!("{image:?}");
    /// # Ok::<(), dockline::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Io`](crate::Error::Io) also when a file in the directory cannot be read, or vanishes or
    /// changes its size while it is read; it names the file.
    pub fn build_directory(
        &self,
        options: &ImageBuildOptions,
        path: impl AsRef<Path>,
    ) -> Result<Build> {
        Ok(Build::new(begin_directory(self.context, options, path.as_ref())?))
    }

    /// Builds an image from the text of a Dockerfile, without any files beside it (`POST /build`).
    /// Needs the feature `build-context`.
    ///
    /// ```no_run
    /// let docker = dockline::Context::from_env()?;
    /// let text = "FROM busybox\nRUN echo hello >/hello\n";
    /// docker.images().build_dockerfile(&Default::default(), text)?.finish()?;
    /// # Ok::<(), dockline::Error>(())
    /// ```
    pub fn build_dockerfile(&self, options: &ImageBuildOptions, text: &str) -> Result<Build> {
        Ok(Build::new(begin_dockerfile(self.context, options, text)?))
    }
}

/// Sends a directory to be built.
pub(crate) fn begin_directory(
    context: &Context,
    options: &ImageBuildOptions,
    path: &Path,
) -> Result<Begun> {
    super::begin(context, options, Some(&mut BuildContext::open(path, options)?))
}

/// Sends a Dockerfile to be built, and nothing else.
pub(crate) fn begin_dockerfile(
    context: &Context,
    options: &ImageBuildOptions,
    text: &str,
) -> Result<Begun> {
    super::begin(context, options, Some(&mut &dockerfile_tar(options, text)?[..]))
}
