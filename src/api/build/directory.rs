//! Builds from a local directory or from the text of a Dockerfile.

use std::borrow::Cow;
use std::path::Path;

use super::context::{BuildContext, dockerfile_tar};
use super::dockerfile::Dockerfile;
use super::{Build, ImageBuildOptions, StartedBuild};
use crate::api::images::Images;
use crate::{Context, Result};

impl Images<'_> {
    /// Builds an image from a directory.
    ///
    /// `POST /build`. Sends the directory as a [`BuildContext`], without the files that its
    /// `.dockerignore` excludes, as the docker CLI does. Requires the feature `build-context`.
    ///
    /// The Dockerfile may be outside the directory: `dockerfile` of the options is an absolute path,
    /// or a path relative to the directory.
    ///
    /// ```no_run
    /// let docker = dockline::Context::from_env()?;
    /// let image = docker.images().build_directory(&Default::default(), "web")?.finish()?;
    /// println!("{image:?}");
    /// # Ok::<(), dockline::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`build`](Images::build), and [`Error::Io`](crate::Error::Io) if the Dockerfile is missing
    /// (before anything is sent), or a file in the directory cannot be read, or disappears or
    /// changes its size during the read. The error names the file.
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

    /// Builds an image from the text of a Dockerfile, with the files of a directory.
    ///
    /// `POST /build`. As [`build_directory`](Images::build_directory), with the Dockerfile added
    /// like one outside the directory. The option `dockerfile` must be empty. Requires the feature
    /// `build-context`.
    ///
    /// ```no_run
    /// let docker = dockline::Context::from_env()?;
    /// let text = "FROM nginx\nCOPY . /usr/share/nginx/html\n";
    /// docker.images().build_dockerfile_in(&Default::default(), text, "web")?.finish()?;
    /// # Ok::<(), dockline::Error>(())
    /// ```
    pub fn build_dockerfile_in(
        &self,
        options: &ImageBuildOptions,
        text: &str,
        path: impl AsRef<Path>,
    ) -> Result<Build> {
        let path = path.as_ref();
        Ok(Build::new(start_dockerfile_build_in(self.context, options, text, path)?))
    }
}

/// Starts a build from a directory.
pub(crate) fn start_directory_build(
    context: &Context,
    options: &ImageBuildOptions,
    path: &Path,
) -> Result<StartedBuild> {
    start_build_of(context, options, BuildContext::open(path, options)?)
}

/// Starts a build from the text of a Dockerfile, with the files of a directory.
pub(crate) fn start_dockerfile_build_in(
    context: &Context,
    options: &ImageBuildOptions,
    text: &str,
    path: &Path,
) -> Result<StartedBuild> {
    start_build_of(context, options, BuildContext::open_with_dockerfile(path, options, text)?)
}

/// Starts a build with the path of the Dockerfile in the tar, unless it is the default.
fn start_build_of(
    context: &Context,
    options: &ImageBuildOptions,
    mut tar: BuildContext,
) -> Result<StartedBuild> {
    let mut options = Cow::Borrowed(options);
    let by_default = options.dockerfile.is_empty() && tar.dockerfile() == Dockerfile::DEFAULT;
    if !by_default && options.dockerfile != tar.dockerfile() {
        options.to_mut().dockerfile = tar.dockerfile().to_owned();
    }
    super::start_build(context, &options, Some(&mut tar))
}

/// Starts a build from the text of a Dockerfile.
pub(crate) fn start_dockerfile_build(
    context: &Context,
    options: &ImageBuildOptions,
    text: &str,
) -> Result<StartedBuild> {
    super::start_build(context, options, Some(&mut &dockerfile_tar(options, text)?[..]))
}
