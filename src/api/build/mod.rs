//! Builds of images, and the cache that they leave.

#[cfg(feature = "build-context")]
pub(crate) mod context;
#[cfg(feature = "build-context")]
pub(crate) mod directory;
#[cfg(feature = "build-context")]
mod ignore;

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
    /// What is empty, `None` or `false` is left to the engine. Limits hold for the containers that run
    /// the steps of the build.
    #[derive(Clone, Default, PartialEq)]
    pub struct ImageBuildOptions {
        /// Path of the Dockerfile in the build context; `Dockerfile` when empty.
        pub dockerfile: String = query "dockerfile",
        /// Names for the image, each with its tag or with `latest`.
        pub t: StringList = query "t",
        /// Further lines for `/etc/hosts`, as `name:address`. Since API 1.28.
        pub extrahosts: StringList = query "extrahosts" since 28,
        /// A git repository, or the URL of a tar or a Dockerfile, that the engine fetches; instead of a
        /// tar that is sent along.
        pub remote: String = query "remote",
        /// Tells only the image's id and not how the build goes on.
        pub q: bool = query "q",
        /// Runs all steps, also those whose outcome the cache has.
        pub nocache: bool = query "nocache",
        /// Images whose steps count as cached. Since API 1.25.
        pub cachefrom: StringList = json "cachefrom" since 25,
        /// Asks registries for newer images to build on, also where one is there.
        pub pull: bool = query "pull",
        /// Deletes the containers of the steps after a build that succeeds; engines do so unless told
        /// otherwise.
        pub rm: Option<bool> = query "rm",
        /// Deletes them after a build that fails, too.
        pub forcerm: bool = query "forcerm",
        /// Limit of memory in bytes.
        pub memory: Option<i64> = query "memory",
        /// Limit of memory and swap together in bytes; -1 for swap without limit.
        pub memswap: Option<i64> = query "memswap",
        /// Weight among those who want CPU time, where 1024 is usual.
        pub cpushares: Option<i64> = query "cpushares",
        /// CPUs to use, such as `0-3` or `0,1`.
        pub cpusetcpus: String = query "cpusetcpus",
        /// Memory nodes to use, such as `0-3` or `0,1`.
        pub cpusetmems: String = query "cpusetmems",
        /// Length of a CPU period in microseconds.
        pub cpuperiod: Option<i64> = query "cpuperiod",
        /// CPU time in each such period, in microseconds.
        pub cpuquota: Option<i64> = query "cpuquota",
        /// Values for the `ARG`s of the Dockerfile; `None` for one that is mentioned and has none.
        pub buildargs: Map<Option<String>> = json "buildargs",
        /// Size of `/dev/shm` in bytes; engines take 64 MiB unless told otherwise.
        pub shmsize: Option<i64> = query "shmsize",
        /// Makes one layer of all that the build adds. Experimental engines only. Since API 1.25.
        pub squash: bool = query "squash" since 25,
        /// Labels for the image.
        pub labels: Map<String> = json "labels",
        /// Network for the steps: `bridge`, `host`, `none`, `container:NAME` or a network's name. Since
        /// API 1.25.
        pub networkmode: String = query "networkmode" since 25,
        /// Platform to build for, as `os[/arch[/variant]]`. Since API 1.32.
        pub platform: String = query "platform" since 32,
        /// The stage of the Dockerfile to build; the last one when empty. Since API 1.29.
        pub target: String = query "target" since 29,
        /// What BuildKit is to make of the build, instead of an image in the engine. Since API 1.40.
        pub outputs: Vec<BuildOutput> = json "outputs" since 40,
        /// Which builder is to run; the classic one unless told otherwise. See [`Build::builder`].
        pub version: Option<BuilderVersion> = query "version",
        /// A name for this build of the caller's own choice, for [`Builds::cancel`]; BuildKit only.
        /// Since API 1.38.
        pub buildid: String = query "buildid" since 38,
        /// Id of a session, which BuildKit asks for secrets, credentials and files. This library serves
        /// none, but names the one of a program that does. Since API 1.31.
        pub session: String = query "session" since 31,
        /// How containers are kept apart on Windows: `default`, `process` or `hyperv`.
        pub isolation: String = query "isolation",
        /// Limits of the kernel on the processes of the steps.
        pub ulimits: Vec<Ulimit> = json "ulimits",
        /// Security options, such as `credentialspec=…`; engines on Linux refuse them by now.
        pub securityopt: StringList = query "securityopt",
        /// Control group that those of the steps are made in.
        pub cgroupparent: String = query "cgroupparent",
        /// Credentials for the registries of the images to build on, by host, such as
        /// `registry.example.com:5000`. Docker Hub is `https://index.docker.io/v1/`. Unless given all that
        /// the context has (see [`CredentialSource`](crate::CredentialSource)); an empty map is none.
        /// BuildKit asks its session for them instead.
        pub registry_config: Option<Map<AuthConfig>> = manual "X-Registry-Config",
    }
}

/// The builder that a build asks for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum BuilderVersion {
    /// The engine's own, which runs each step in a container and keeps it as an image (`1`).
    #[default]
    Classic,
    /// BuildKit (`2`). What needs nothing of the client but the build context works without a
    /// session; `RUN --mount=type=secret` and `type=ssh`, and credentials for registries, need one.
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
    /// Where BuildKit puts what it made.
    #[derive(Clone, Default, PartialEq, Eq)]
    pub struct BuildOutput {
        /// The exporter: `moby` for an image in the engine; `local` and `tar` send to the client and
        /// need a session.
        pub r#type: String = "Type",
        /// What the exporter wants to know.
        pub attrs: Map<String> = "Attrs",
    }
}

options! {
    /// Options of [`Builds::prune`].
    #[derive(Clone, Default, PartialEq)]
    pub struct BuildPruneOptions {
        /// Bytes of cache to keep, by the name of old: an engine that knows the new one gets this as
        /// `reserved-space`. Since API 1.39.
        pub keep_storage: Option<i64> = manual "keep-storage" since 39,
        /// Bytes of cache to keep. Since API 1.48; `keep_storage` is for all versions.
        pub reserved_space: Option<i64> = query "reserved-space" since 48,
        /// The most bytes that the cache may take. Since API 1.48.
        pub max_used_space: Option<i64> = query "max-used-space" since 48,
        /// Bytes of the disk that are to be free afterwards. Since API 1.48.
        pub min_free_space: Option<i64> = query "min-free-space" since 48,
        /// Also what is internal to the builder and what images share. Since API 1.39.
        pub all: bool = query "all" since 39,
        /// Which, by `until`, `id`, `parent`, `type`, `description`, `inuse`, `shared`, `private`. Since
        /// API 1.39.
        pub filters: Filters = json "filters" since 39,
    }
}

/// `POST /build`
pub(crate) fn build(options: &ImageBuildOptions, with_tar: bool) -> Request<Build> {
    let buildkit = options.version == Some(BuilderVersion::BuildKit);
    let mut request =
        Request::new(BUILD, "POST", "/build").options(options).needs(38, "version 2", buildkit);
    // BuildKit has no use for them.
    if !buildkit || options.registry_config.is_some() {
        request = request.registry_config(options.registry_config.as_ref());
    }
    match (options.remote.is_empty(), with_tar) {
        (true, true) => return request.tar().returning(),
        (false, false) => {}
        (true, false) => request.wrong("neither a tar nor remote is given: what is to be built?"),
        (false, true) => request.wrong("a tar and remote are both given: only one can be"),
    }
    request.returning()
}

/// `POST /build/prune`, as an engine of this version wants it.
pub(crate) fn prune(
    options: &BuildPruneOptions,
    version: ApiVersion,
) -> Request<BuildPruneResponse> {
    let renamed = version >= ApiVersion::new(1, 48);
    let mut request = Request::new("BuildPrune", "POST", "/build/prune")
        .since(31)
        .optional(if renamed { "reserved-space" } else { "keep-storage" }, options.keep_storage)
        .needs(39, "keep-storage", options.keep_storage.is_some())
        .options(options)
        .response_timeout(ResponseTimeout::None);
    if options.keep_storage.is_some() && options.reserved_space.is_some() {
        request.wrong("keep-storage and reserved-space are both given: they are the same");
    }
    request.returning()
}

/// `POST /build/cancel`
pub(crate) fn cancel(id: &str) -> Request<()> {
    let mut request = Request::new("BuildCancel", "POST", "/build/cancel").since(38).text("id", id);
    if id.is_empty() {
        request.wrong("the id of the build is empty");
    }
    request
}

/// A build that has begun.
pub(crate) struct Begun {
    pub(crate) body: BodyReader,
    pub(crate) known: Known,
}

/// What is known of a build, besides its messages.
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) builder: Builder,
    quiet: bool,
    pub(crate) image: Option<String>,
}

impl Known {
    /// Looks for the image's id: in `aux`, or as all that a quiet build says. True when it is there.
    pub(crate) fn note(&mut self, message: &ProgressMessage) -> bool {
        let told = match &message.aux {
            Some(aux) if matches!(&*message.id, "" | "moby.image.id") => {
                aux.get("ID").and_then(|id| id.as_str()).unwrap_or_default().to_owned()
            }
            None if self.quiet => message.stream.trim_end().to_owned(),
            _ => return false,
        };
        let is_told = !told.is_empty();
        if is_told {
            self.image = Some(told);
        }
        is_told
    }
}

/// Sends what is to be built.
pub(crate) fn begin(
    context: &Context,
    options: &ImageBuildOptions,
    tar: Option<&mut dyn Read>,
) -> Result<Begun> {
    let response = context.open_stream(build(options, tar.is_some()), tar)?;
    let builder = Builder::of(options, &response.headers);
    Ok(Begun { body: response.body, known: Known { builder, quiet: options.q, image: None } })
}

/// What builds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Builder {
    /// Docker's classic builder.
    Classic,
    /// BuildKit, in Docker.
    BuildKit,
    /// Buildah, in Podman, which takes no account of the version asked for.
    Buildah,
}

impl Builder {
    /// The builder of the engine that gave this response. Docker has two and runs the one it is asked
    /// for, or refuses.
    fn of(options: &ImageBuildOptions, response: &HeaderMap) -> Builder {
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

/// A build at work: its messages, one by one as the engine sends them.
///
/// Ends with `None` when the image is built. A step that fails is an
/// [`Error::Stream`](crate::Error::Stream), with the exit code of its command where that failed, and
/// the last item. Dropping it makes the engine give up the build.
///
/// The classic builder and Buildah tell their output in [`stream`](ProgressMessage::stream). BuildKit
/// tells all in messages with id `moby.buildkit.trace`, whose `aux` is a protobuf message of
/// BuildKit's own in base64.
#[must_use = "the build fails or succeeds only as its messages are read: call finish()"]
#[derive(Debug)]
pub struct Build {
    progress: Progress<ProgressMessage>,
    known: Known,
}

impl Build {
    fn new(begun: Begun) -> Build {
        Build { progress: Progress::new(begun.body), known: begun.known }
    }

    /// What builds.
    pub fn builder(&self) -> Builder {
        self.known.builder
    }

    /// Id of the image, once the engine has told it. Builds in stages tell several; this is the last.
    pub fn image(&self) -> Option<&str> {
        self.known.image.as_deref()
    }

    /// A handle that ends the build from another thread, also while it waits for the next message.
    pub fn cancel_token(&self) -> CancelToken {
        self.progress.cancel_token()
    }

    /// Waits for the end of the build, and gives the id of the image; `None` where there is none,
    /// since `outputs` wants something else.
    ///
    /// # Errors
    /// The first failure, also one that the engine reports in a message.
    pub fn finish(mut self) -> Result<Option<String>> {
        for message in &mut self {
            message?;
        }
        Ok(self.known.image)
    }
}

impl Iterator for Build {
    type Item = Result<ProgressMessage>;

    fn next(&mut self) -> Option<Result<ProgressMessage>> {
        let message = self.progress.next()?;
        if let Ok(message) = &message {
            self.known.note(message);
        }
        Some(message)
    }
}

impl Images<'_> {
    /// Builds an image (`POST /build`) from a tar that holds the Dockerfile and what it needs, or,
    /// without a tar, from what `remote` names.
    ///
    /// The tar is streamed up, packed or not, in a few KiB of memory whatever its size; this returns
    /// when all of it is sent. An engine that refuses meanwhile is heard at once.
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
    /// println!("{} built {}", build.builder(), build.image().unwrap_or("nothing"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn build(&self, options: &ImageBuildOptions, tar: Option<&mut dyn Read>) -> Result<Build> {
        Ok(Build::new(begin(self.context, options, tar)?))
    }
}

/// Calls about builds and their cache; from [`Context::builds`]. Building itself is
/// [`Images::build`].
///
#[doc = "```no_run"]
#[doc = include_str!("../../../examples/resources/builds.rs")]
#[doc = "```"]
#[derive(Debug, Clone, Copy)]
pub struct Builds<'a> {
    context: &'a Context,
}

impl Context {
    /// Calls about builds and their cache.
    pub fn builds(&self) -> Builds<'_> {
        Builds { context: self }
    }
}

impl Builds<'_> {
    /// Deletes what BuildKit keeps of former builds (`POST /build/prune`). Since API 1.31.
    ///
    /// ```no_run
    /// use dockline::{BuildPruneOptions, Context};
    /// let docker = Context::from_env()?;
    /// let options = BuildPruneOptions { keep_storage: Some(1 << 30), ..Default::default() };
    /// println!("{} bytes are free again", docker.builds().prune(&options)?.space_reclaimed);
    /// # Ok::<(), dockline::Error>(())
    /// ```
    pub fn prune(&self, options: &BuildPruneOptions) -> Result<BuildPruneResponse> {
        self.context.call(prune(options, self.context.api_version()?))
    }

    /// Ends the build of BuildKit's that was begun with this `buildid` (`POST /build/cancel`), by
    /// whomever; that of one's own, [`Build::cancel`] ends, too. Since API 1.38.
    pub fn cancel(&self, id: &str) -> Result<()> {
        self.context.call_with(cancel(id).parts, None, |_| Ok(()))
    }
}
