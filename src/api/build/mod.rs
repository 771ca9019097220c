//! Builds of images, and the build cache.

#[cfg(feature = "build-context")]
pub(crate) mod context;
#[cfg(feature = "build-context")]
pub(crate) mod directory;
#[cfg(feature = "build-context")]
mod dockerfile;
#[cfg(feature = "build-context")]
mod ignore;

use std::borrow::Cow;
use std::fmt;
use std::io::Read;

use ureq::http::{HeaderMap, header};

use super::images::Images;
use crate::cancel::CancelToken;
use crate::codec::leaf::leaf;
use crate::codec::{Leaf, Scalar, options, record};
use crate::model::Map;
use crate::model::{AuthConfig, BuildPruneResponse, ProgressMessage, StringList, Ulimit};
use crate::request::{Request, ResponseTimeout};
use crate::stream::{BodyReader, Progress};
use crate::{ApiVersion, Context, Filters, Result};

const BUILD: &str = "ImageBuild";

options! {
    /// Options of [`Images::build`].
    ///
    /// The engine chooses a value for all that are empty, `None` or `false`. Resource limits apply
    /// to the containers of the build steps.
    #[derive(Clone, Default, PartialEq)]
    pub struct ImageBuildOptions {
        /// Path of the Dockerfile in the build context. For a build from a directory also an
        /// absolute path, or a path outside the directory, such as `../Dockerfile`. Default:
        /// `Dockerfile`.
        pub dockerfile: String = query "dockerfile",
        /// References for the image, with or without a tag. Default tag: `latest`.
        pub t: StringList = query "t",
        /// Additional lines for `/etc/hosts`, as `name:address`. Since API 1.28.
        pub extrahosts: StringList = query "extrahosts" since 28,
        /// URL of a git repository, a tar or a Dockerfile that the engine fetches, instead of a tar
        /// in the request.
        pub remote: String = query "remote",
        /// Return only the ID of the image, without progress messages.
        pub q: bool = query "q",
        /// Do not use the build cache.
        pub nocache: bool = query "nocache",
        /// Images to use as cache sources. Since API 1.25.
        pub cachefrom: StringList = json "cachefrom" since 25,
        /// Pull newer versions of the base images, even if the engine has the images.
        pub pull: bool = query "pull",
        /// Delete the containers of the build steps after a successful build. Default: the engine's, `true`.
        pub rm: Option<bool> = query "rm",
        /// Delete the containers of the build steps after a failed build, too.
        pub forcerm: bool = query "forcerm",
        /// Memory limit in bytes.
        pub memory: Option<i64> = query "memory",
        /// Limit of memory and swap together in bytes; -1 for unlimited swap.
        pub memswap: Option<i64> = query "memswap",
        /// Relative CPU weight; the usual weight is 1024.
        pub cpushares: Option<i64> = query "cpushares",
        /// CPUs to use, such as `0-3` or `0,1`.
        pub cpusetcpus: String = query "cpusetcpus",
        /// Memory nodes to use, such as `0-3` or `0,1`.
        pub cpusetmems: String = query "cpusetmems",
        /// Length of a CPU period in microseconds.
        pub cpuperiod: Option<i64> = query "cpuperiod",
        /// CPU time in each CPU period, in microseconds.
        pub cpuquota: Option<i64> = query "cpuquota",
        /// Values for the `ARG` instructions of the Dockerfile; null for an argument without a
        /// value. Proxies of the docker CLI's `config.json` are added.
        pub buildargs: Map<Option<String>> = json "buildargs",
        /// Size of `/dev/shm` in bytes. Default: 64 MiB.
        pub shmsize: Option<i64> = query "shmsize",
        /// Merge the layers that the build adds into one. Experimental engines only.
        /// Since API 1.25.
        pub squash: bool = query "squash" since 25,
        /// Labels of the image.
        pub labels: Map<String> = json "labels",
        /// Network of the build steps: `bridge`, `host`, `none`, `container:NAME` or the name of a
        /// network. Since API 1.25.
        pub networkmode: String = query "networkmode" since 25,
        /// Platform to build for, `os[/arch[/variant]]`. Since API 1.32.
        pub platform: String = query "platform" since 32,
        /// Stage of the Dockerfile to build. Default: the last stage. Since API 1.29.
        pub target: String = query "target" since 29,
        /// Outputs of a BuildKit build, instead of an image in the engine. Since API 1.40.
        pub outputs: Vec<BuildOutput> = json "outputs" since 40,
        /// Builder: `1` for the classic builder, `2` for BuildKit. Default: `1`.
        pub version: Option<BuilderVersion> = query "version",
        /// ID for this build, chosen by the caller, to cancel it with. BuildKit only.
        /// Since API 1.38.
        pub buildid: String = query "buildid" since 38,
        /// ID of the session that BuildKit requests secrets, credentials and files from. Another
        /// program must serve it. Since API 1.31.
        pub session: String = query "session" since 31,
        /// Isolation of containers on Windows: `default`, `process` or `hyperv`.
        pub isolation: String = query "isolation",
        /// Ulimits of the build steps.
        pub ulimits: Vec<Ulimit> = json "ulimits",
        /// Security options, such as `credentialspec=…`. Current engines on Linux reject them.
        pub securityopt: StringList = query "securityopt",
        /// Parent cgroup of the build steps.
        pub cgroupparent: String = query "cgroupparent",
        /// Credentials by registry for the base images, such as `registry.example.com:5000`; Docker
        /// Hub is `https://index.docker.io/v1/`. An empty map sends none. BuildKit requests them
        /// from its session instead. Default: all credentials of the context.
        pub registry_config: Option<Map<AuthConfig>> = manual "X-Registry-Config",
    }
}

/// The builder that a build requests.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum BuilderVersion {
    /// The classic builder of the engine (`1`), which runs each step in a container and commits it.
    #[default]
    Classic,
    /// BuildKit (`2`). A build without a session may use only the build context:
    /// `RUN --mount=type=secret` and `type=ssh` and credentials for registries require a session.
    /// Since API 1.38.
    BuildKit,
}

leaf!(BuilderVersion);

impl Leaf for BuilderVersion {
    fn set(&mut self, value: Scalar<'_>) -> Result<(), String> {
        *self = match value {
            Scalar::Str("1") => BuilderVersion::Classic,
            Scalar::Str("2") => BuilderVersion::BuildKit,
            _ => return Err("one of \"1\", \"2\"".to_owned()),
        };
        Ok(())
    }

    fn get(&self, pass: &mut dyn FnMut(Scalar<'_>)) {
        pass(Scalar::Str(match self {
            BuilderVersion::Classic => "1",
            BuilderVersion::BuildKit => "2",
        }));
    }

    fn is_empty(&self) -> bool {
        false
    }
}

record! {
    /// An output of a BuildKit build.
    #[derive(Clone, Default, PartialEq, Eq)]
    pub struct BuildOutput {
        /// Exporter: `moby` for an image in the engine; `local` and `tar` send to the client and
        /// require a session.
        pub r#type: String = "Type",
        /// Attributes of the exporter.
        pub attrs: Map<String> = "Attrs",
    }
}

options! {
    /// Options of [`Builds::prune`].
    #[derive(Clone, Default, PartialEq)]
    pub struct BuildPruneOptions {
        /// Bytes of cache to keep, for all engines. Sent as `reserved-space` from API 1.48 on.
        /// Since API 1.39.
        pub keep_storage: Option<i64> = manual "keep-storage" since 39,
        /// Bytes of cache to keep; `keep-storage` also works with older engines. Since API 1.48.
        pub reserved_space: Option<i64> = query "reserved-space" since 48,
        /// Maximum size of the cache in bytes. Since API 1.48.
        pub max_used_space: Option<i64> = query "max-used-space" since 48,
        /// Bytes of disk space that must be free afterwards. Since API 1.48.
        pub min_free_space: Option<i64> = query "min-free-space" since 48,
        /// Delete internal and shared records, too. Since API 1.39.
        pub all: bool = query "all" since 39,
        /// Delete only records that match these filters: `until`, `id`, `parent`, `type`,
        /// `description`, `inuse`, `shared`, `private`. Since API 1.39.
        pub filters: Filters = json "filters" since 39,
    }
}

pub(crate) fn build(options: &ImageBuildOptions, with_tar: bool) -> Request<Build> {
    let buildkit = options.version == Some(BuilderVersion::BuildKit);
    let mut request =
        Request::new(BUILD, "POST", "/build").options(options).needs(38, "version 2", buildkit);
    // BuildKit ignores them.
    if !buildkit || options.registry_config.is_some() {
        request = request.registry_config(options.registry_config.as_ref());
    }
    match (options.remote.is_empty(), with_tar) {
        (true, true) => return request.tar().returning(),
        (false, false) => {}
        (true, false) => request.wrong("neither a tar nor remote is given: set one of them"),
        (false, true) => request.wrong("a tar and remote are both given: set only one"),
    }
    request.returning()
}

/// The request, with the parameters that an engine of this version supports.
pub(crate) fn prune(
    options: &BuildPruneOptions,
    version: ApiVersion,
) -> Request<BuildPruneResponse> {
    let has_reserved_space = version >= ApiVersion::new(1, 48);
    let mut request = Request::new("BuildPrune", "POST", "/build/prune")
        .since(31)
        .optional(
            if has_reserved_space { "reserved-space" } else { "keep-storage" },
            options.keep_storage,
        )
        .needs(39, "keep-storage", options.keep_storage.is_some())
        .options(options)
        .response_timeout(ResponseTimeout::None);
    if options.keep_storage.is_some() && options.reserved_space.is_some() {
        request.wrong("keep-storage and reserved-space are both given: set only one");
    }
    request.returning()
}

pub(crate) fn cancel(id: &str) -> Request<()> {
    let mut request = Request::new("BuildCancel", "POST", "/build/cancel").since(38).text("id", id);
    if id.trim().is_empty() {
        request.wrong("the id of the build is empty");
    }
    request
}

/// A build that the engine has started.
pub(crate) struct StartedBuild {
    pub(crate) body: BodyReader,
    pub(crate) state: BuildState,
}

/// The state of a build, besides its messages.
#[derive(Debug)]
pub(crate) struct BuildState {
    pub(crate) builder: Builder,
    quiet: bool,
    pub(crate) image: Option<String>,
    /// The ID in the text `Successfully built ID`, which a step may print, too.
    text_image: Option<String>,
}

impl BuildState {
    /// Takes the image ID from `aux`, or from the only output of a quiet build. Returns whether the
    /// message had one.
    pub(crate) fn update(&mut self, message: &ProgressMessage) -> bool {
        let id = match &message.aux {
            Some(aux) if matches!(&*message.id, "" | "moby.image.id") => {
                aux.get("ID").and_then(|id| id.as_str()).unwrap_or_default().to_owned()
            }
            None if self.quiet => message.stream.trim_end().to_owned(),
            None => {
                self.text_image = built_image(&message.stream).or(self.text_image.take());
                return false;
            }
            _ => return false,
        };
        let has_id = !id.is_empty();
        if has_id {
            self.image = Some(id);
        }
        has_id
    }

    /// Ends the build. Engines before API 1.29 send no `aux`; the image ID is in the last text.
    pub(crate) fn end(&mut self, failed: bool) {
        let text_image = self.text_image.take();
        if self.image.is_none() && !failed {
            self.image = text_image;
        }
    }
}

/// The image ID in the last message of the classic builder and of Buildah.
fn built_image(text: &str) -> Option<String> {
    let id = text.trim_end().strip_prefix("Successfully built ")?;
    let is_id = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_id.then(|| id.to_owned())
}

/// The options with the docker CLI's proxies as build arguments.
fn with_proxies<'a>(
    context: &Context,
    options: &'a ImageBuildOptions,
) -> Cow<'a, ImageBuildOptions> {
    let mut options = Cow::Borrowed(options);
    for (name, value) in &context.cli_defaults().variables {
        if !options.buildargs.contains_key(name) {
            options.to_mut().buildargs.insert(name.clone(), Some(value.to_string()));
        }
    }
    options
}

/// Starts a build.
pub(crate) fn start_build(
    context: &Context,
    options: &ImageBuildOptions,
    tar: Option<&mut dyn Read>,
) -> Result<StartedBuild> {
    let options = &*with_proxies(context, options);
    let response = context.open_stream(build(options, tar.is_some()), tar)?;
    let builder = Builder::from_response(options, &response.headers);
    Ok(StartedBuild {
        body: response.body,
        state: BuildState { builder, quiet: options.q, image: None, text_image: None },
    })
}

/// The builder that runs a build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Builder {
    /// The classic builder of Docker.
    Classic,
    /// BuildKit in Docker.
    BuildKit,
    /// Buildah in Podman, which ignores the requested version.
    Buildah,
}

impl Builder {
    /// The builder of the engine that sent this response. Docker uses the requested builder or
    /// rejects the request.
    fn from_response(options: &ImageBuildOptions, response: &HeaderMap) -> Builder {
        let server = response.get(header::SERVER).map_or(&b""[..], |server| server.as_bytes());
        match options.version {
            _ if server.starts_with(b"Libpod") => Builder::Buildah,
            Some(BuilderVersion::BuildKit) => Builder::BuildKit,
            Some(BuilderVersion::Classic) | None => Builder::Classic,
        }
    }
}

impl fmt::Display for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Builder::Classic => "classic",
            Builder::BuildKit => "BuildKit",
            Builder::Buildah => "Buildah",
        })
    }
}

/// A running build: an iterator over its messages.
///
/// It ends with `None` after the image has been built. A failed step is an
/// [`Error::Stream`](crate::Error::Stream) with the exit code of its command, if that failed; it is
/// the last item. Dropping it cancels the build.
///
/// The classic builder and Buildah send their output in [`stream`](ProgressMessage::stream).
/// BuildKit sends all messages with the ID `moby.buildkit.trace`; their `aux` is a base64-encoded
/// protobuf message of BuildKit.
#[must_use = "the result of a build is in its messages: call finish()"]
#[derive(Debug)]
pub struct Build {
    progress: Progress<ProgressMessage>,
    state: BuildState,
}

impl Build {
    fn new(started: StartedBuild) -> Build {
        Build { progress: Progress::new(started.body), state: started.state }
    }

    /// Returns the builder that runs the build.
    pub fn builder(&self) -> Builder {
        self.state.builder
    }

    /// Returns the ID of the image, once the engine has reported it.
    ///
    /// A multi-stage build reports several IDs; this is the last. Before API 1.29, it is the short ID
    /// in the text of the last message, and is known at the end of the build.
    pub fn image_id(&self) -> Option<&str> {
        self.state.image.as_deref()
    }

    /// Returns a token that cancels the build from another thread.
    pub fn cancel_token(&self) -> CancelToken {
        self.progress.cancel_token()
    }

    /// Waits until the build ends and returns the ID of the image.
    ///
    /// Returns `None` if `outputs` requests something other than an image.
    ///
    /// # Errors
    /// Fails with the first error, including one that the engine reports in a message.
    pub fn finish(mut self) -> Result<Option<String>> {
        for message in &mut self {
            message?;
        }
        Ok(self.state.image)
    }
}

impl Iterator for Build {
    type Item = Result<ProgressMessage>;

    fn next(&mut self) -> Option<Result<ProgressMessage>> {
        let message = self.progress.next();
        match &message {
            Some(Ok(message)) => {
                self.state.update(message);
            }
            Some(Err(_)) => self.state.end(true),
            None => self.state.end(false),
        }
        message
    }
}

impl Images<'_> {
    /// Builds an image from a tar, or from `remote`.
    ///
    /// `POST /build`. The tar must contain the Dockerfile and all files that it needs. It is
    /// streamed from `tar` and may be compressed. Memory use does not depend on its size. Returns
    /// after the tar has been sent, or as soon as the engine rejects it.
    ///
    /// ```no_run
    /// use dockline::{Context, ImageBuildOptions};
    /// let docker = Context::from_env()?;
    /// let mut tar = std::fs::File::open("context.tar.gz")?;
    /// let options = ImageBuildOptions { t: ["mine:1"].into(), ..Default::default() };
    /// let mut build = docker.images().build(&options, Some(&mut tar))?;
    /// for message in &mut build {
    ///     print!("{}", message?.stream);
    /// }
    /// println!("{} built {}", build.builder(), build.image_id().unwrap_or("nothing"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn build(&self, options: &ImageBuildOptions, tar: Option<&mut dyn Read>) -> Result<Build> {
        Ok(Build::new(start_build(self.context, options, tar)?))
    }
}

/// Operations on builds and the build cache; from [`Context::builds`]. [`Images::build`] builds an
/// image.
///
#[doc = "```no_run"]
#[doc = include_str!("../../../examples/resources/builds.rs")]
#[doc = "```"]
#[derive(Debug, Clone, Copy)]
pub struct Builds<'a> {
    context: &'a Context,
}

impl Context {
    /// Returns the operations on builds and the build cache.
    pub fn builds(&self) -> Builds<'_> {
        Builds { context: self }
    }
}

impl Builds<'_> {
    /// Deletes records of the BuildKit cache.
    ///
    /// `POST /build/prune`. Since API 1.31.
    ///
    /// ```no_run
    /// use dockline::{BuildPruneOptions, Context};
    /// let docker = Context::from_env()?;
    /// let options = BuildPruneOptions { keep_storage: Some(1 << 30), ..Default::default() };
    /// println!("{} bytes are free again", docker.builds().prune(&options)?.space_reclaimed);
    /// # Ok::<(), dockline::Error>(())
    /// ```
    pub fn prune(&self, options: &BuildPruneOptions) -> Result<BuildPruneResponse> {
        self.context.call(prune(options, self.context.version_for("BuildPrune")?))
    }

    /// Cancels the BuildKit build with this `buildid`.
    ///
    /// `POST /build/cancel`. The build may belong to another client. [`Build::cancel_token`] also
    /// cancels a build of this process. Since API 1.38.
    pub fn cancel(&self, id: &str) -> Result<()> {
        self.context.call_with(cancel(id).parts, None, |_| Ok(()))
    }
}
