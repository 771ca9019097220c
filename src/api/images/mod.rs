//! Images: what there is of them. How they come and go is in [`transfer`].

pub(crate) mod transfer;

use crate::codec::{JsonBody, options};
use crate::model::{
    AttestationStatement, AuthConfig, ContainerConfig, IdResponse, ImageDeleteResponseItem,
    ImageHistoryResponseItem, ImageInspect, ImagePruneResponse, ImageSearchResult, ImageSummary,
    OciPlatform, StringList,
};
use crate::request::{Request, ResponseTimeout};
use crate::{Context, Filters, Result};

/// Calls about images; from [`Context::images`].
///
/// Wherever an image is named, a reference such as `busybox`, `registry:5000/team/app:1.2` or
/// `app@sha256:…`, its id, or a beginning of its id will do.
///
#[doc = "```no_run"]
#[doc = include_str!("../../../examples/resources/images.rs")]
#[doc = "```"]
#[derive(Debug, Clone, Copy)]
pub struct Images<'a> {
    pub(super) context: &'a Context,
}

impl Context {
    /// Calls about images.
    pub fn images(&self) -> Images<'_> {
        Images { context: self }
    }
}

options! {
    /// Options of [`Images::list`].
    #[derive(Clone, Default, PartialEq)]
    pub struct ImageListOptions {
        /// Also the intermediate ones.
        pub all: bool = query "all",
        /// Which, by `before`, `dangling`, `label`, `reference`, `since`, `until`.
        pub filters: Filters = json "filters",
        /// Also how much each shares with others (`shared_size`). Since API 1.42.
        pub shared_size: bool = query "shared-size" since 42,
        /// Asks for digests; today's engines send them anyway.
        pub digests: bool = query "digests",
        /// Also the manifests of each. Since API 1.47.
        pub manifests: bool = query "manifests" since 47,
        /// Also who made and signed each; needs `manifests`. Since API 1.54.
        pub identity: bool = query "identity" since 54,
    }
}

options! {
    /// Options of [`Images::inspect`].
    #[derive(Clone, Default, PartialEq)]
    pub struct ImageInspectOptions {
        /// Also its manifests; not together with `platform`. Since API 1.48.
        pub manifests: bool = query "manifests" since 48,
        /// The variant for this platform, of an image for several. Since API 1.49.
        pub platform: Option<OciPlatform> = query "platform" since 49,
    }
}

options! {
    /// Options of [`Images::delete`].
    #[derive(Clone, Default, PartialEq)]
    pub struct ImageDeleteOptions {
        /// Also when stopped containers use it or other tags point to it.
        pub force: bool = query "force",
        /// Keeps its parents that have no tag.
        pub noprune: bool = query "noprune",
        /// Only the variants for these platforms. Since API 1.50.
        pub platforms: Vec<OciPlatform> = query "platforms" since 50,
    }
}

options! {
    /// Options of [`Images::tag`].
    #[derive(Clone, Default, PartialEq)]
    pub struct ImageTagOptions {
        /// The new name, without tag.
        pub repo: String = query "repo",
        /// The new tag; `latest` when empty.
        pub tag: String = query "tag",
    }
}

options! {
    /// Options of [`Images::history`].
    #[derive(Clone, Default, PartialEq)]
    pub struct ImageHistoryOptions {
        /// The variant for this platform, of an image for several. Since API 1.48.
        pub platform: Option<OciPlatform> = query "platform" since 48,
    }
}

options! {
    /// Options of [`Images::search`].
    #[derive(Clone, Default, PartialEq)]
    pub struct ImageSearchOptions {
        /// What to look for.
        pub term: String = query "term",
        /// At most so many; 25 unless given.
        pub limit: Option<u32> = query "limit",
        /// Which, by `is-official` or `stars`.
        pub filters: Filters = json "filters",
        /// Credentials for the registry; unless given those that the context has for it (see
        /// [`CredentialSource`](crate::CredentialSource)). Empty ones make the call anonymous.
        pub auth: Option<AuthConfig> = manual "X-Registry-Auth",
    }
}

options! {
    /// Options of [`Images::prune`].
    #[derive(Clone, Default, PartialEq)]
    pub struct ImagePruneOptions {
        /// Which: `dangling` (`false` also takes those with a tag that no container uses), `until`,
        /// `label`, `label!`.
        pub filters: Filters = json "filters",
    }
}

options! {
    /// Options of [`Images::commit`].
    #[derive(Clone, PartialEq)]
    pub struct ImageCommitOptions {
        /// The container to make an image of.
        pub container: String = query "container",
        /// Name of the image.
        pub repo: String = query "repo",
        /// Tag of the image; `latest` when empty.
        pub tag: String = query "tag",
        /// Commit message.
        pub comment: String = query "comment",
        /// Who made it, such as `Ada <ada@example.com>`.
        pub author: String = query "author",
        /// Freezes the container meanwhile. On by default.
        pub pause: bool = manual "pause",
        /// Instructions of a Dockerfile to apply, such as `CMD ["sh"]`.
        pub changes: StringList = query "changes",
    }
}

impl Default for ImageCommitOptions {
    fn default() -> Self {
        ImageCommitOptions {
            container: String::new(),
            repo: String::new(),
            tag: String::new(),
            comment: String::new(),
            author: String::new(),
            pause: true,
            changes: StringList::new(),
        }
    }
}

options! {
    /// Options of [`Images::attestations`].
    #[derive(Clone, Default, PartialEq)]
    pub struct ImageAttestationsOptions {
        /// The variants for these platforms; engines take one so far.
        pub platform: Vec<OciPlatform> = query "platform",
        /// Only these kinds of statement, by the URI of their predicate.
        pub kind: StringList = query "type",
        /// Also the statements themselves.
        pub statement: bool = query "statement",
    }
}

/// `GET /images/json`
pub(crate) fn list(options: &ImageListOptions) -> Request<Vec<ImageSummary>> {
    Request::new("ImageList", "GET", "/images/json").options(options).returning()
}

/// `GET /images/{name}/json`
pub(crate) fn inspect(name: &str, options: &ImageInspectOptions) -> Request<ImageInspect> {
    let mut request =
        Request::on_image("ImageInspect", "GET", "/images/{}/json", name).options(options);
    if options.manifests && options.platform.is_some() {
        request.wrong("manifests and platform are both given: the engine takes only one");
    }
    request.returning()
}

/// `GET /images/{name}/history`
pub(crate) fn history(
    name: &str,
    options: &ImageHistoryOptions,
) -> Request<Vec<ImageHistoryResponseItem>> {
    Request::on_image("ImageHistory", "GET", "/images/{}/history", name)
        .options(options)
        .returning()
}

/// `POST /images/{name}/tag`
pub(crate) fn tag(name: &str, options: &ImageTagOptions) -> Request<()> {
    let mut request =
        Request::on_image("ImageTag", "POST", "/images/{}/tag", name).options(options);
    if options.repo.is_empty() {
        request.wrong("repo, the new name, is empty");
    }
    request
}

/// `GET /images/search`
pub(crate) fn search(options: &ImageSearchOptions) -> Request<Vec<ImageSearchResult>> {
    let mut request = Request::new("ImageSearch", "GET", "/images/search")
        .options(options)
        .registry_auth(&options.term, options.auth.as_ref());
    if options.term.is_empty() {
        request.wrong("term, what to look for, is empty");
    }
    request.returning()
}

/// `POST /images/prune`
pub(crate) fn prune(options: &ImagePruneOptions) -> Request<ImagePruneResponse> {
    Request::new("ImagePrune", "POST", "/images/prune")
        .since(25)
        .options(options)
        .response_timeout(ResponseTimeout::None)
        .returning()
}

/// `POST /commit`
pub(crate) fn commit(options: &ImageCommitOptions, config: &dyn JsonBody) -> Request<IdResponse> {
    let mut request = Request::new("ImageCommit", "POST", "/commit")
        .options(options)
        .json(config)
        .response_timeout(ResponseTimeout::None);
    // On unless it is turned off.
    if !options.pause {
        request = request.param("pause", "0");
    }
    if options.container.is_empty() {
        request.wrong("container, what to make an image of, is empty");
    }
    request.returning()
}

/// `GET /images/{name}/attestations`
pub(crate) fn attestations(
    name: &str,
    options: &ImageAttestationsOptions,
) -> Request<Vec<AttestationStatement>> {
    Request::on_image("ImageAttestations", "GET", "/images/{}/attestations", name)
        .options(options)
        .since(55)
        .returning()
}

/// `DELETE /images/{name}`
pub(crate) fn delete(
    name: &str,
    options: &ImageDeleteOptions,
) -> Request<Vec<ImageDeleteResponseItem>> {
    Request::on_image("ImageDelete", "DELETE", "/images/{}", name)
        .options(options)
        .response_timeout(ResponseTimeout::None)
        .returning()
}

impl Images<'_> {
    /// Lists images (`GET /images/json`).
    pub fn list(&self, options: &ImageListOptions) -> Result<Vec<ImageSummary>> {
        self.context.call(list(options))
    }

    /// Tells everything about an image (`GET /images/{name}/json`).
    pub fn inspect(&self, name: &str, options: &ImageInspectOptions) -> Result<ImageInspect> {
        self.context.call(inspect(name, options))
    }

    /// Tells how an image was made, layer by layer, the newest first (`GET /images/{name}/history`).
    pub fn history(
        &self,
        name: &str,
        options: &ImageHistoryOptions,
    ) -> Result<Vec<ImageHistoryResponseItem>> {
        self.context.call(history(name, options))
    }

    /// Gives an image another name (`POST /images/{name}/tag`).
    pub fn tag(&self, name: &str, options: &ImageTagOptions) -> Result<()> {
        self.context.call_outcome(tag(name, options)).map(drop)
    }

    /// Looks for images on Docker Hub (`GET /images/search`).
    pub fn search(&self, options: &ImageSearchOptions) -> Result<Vec<ImageSearchResult>> {
        self.context.call(search(options))
    }

    /// Deletes images that nothing uses (`POST /images/prune`). Since API 1.25.
    pub fn prune(&self, options: &ImagePruneOptions) -> Result<ImagePruneResponse> {
        self.context.call(prune(options))
    }

    /// Makes an image of what a container has changed (`POST /commit`). `config` replaces parts of the
    /// container's configuration; the default leaves all as it is.
    pub fn commit(
        &self,
        options: &ImageCommitOptions,
        config: &ContainerConfig,
    ) -> Result<IdResponse> {
        self.context.call(commit(options, config))
    }

    /// Lists the statements of who built an image, and of what (`GET /images/{name}/attestations`).
    /// Since API 1.55.
    ///
    /// # Errors
    /// [`Error::Unavailable`](crate::Error::Unavailable) when the engine's image store keeps none.
    pub fn attestations(
        &self,
        name: &str,
        options: &ImageAttestationsOptions,
    ) -> Result<Vec<AttestationStatement>> {
        self.context.call(attestations(name, options))
    }

    /// Deletes an image, or one tag of it (`DELETE /images/{name}`), and tells what was deleted and
    /// untagged.
    ///
    /// # Errors
    /// [`Error::Conflict`](crate::Error::Conflict) when a container uses it.
    pub fn delete(
        &self,
        name: &str,
        options: &ImageDeleteOptions,
    ) -> Result<Vec<ImageDeleteResponseItem>> {
        self.context.call(delete(name, options))
    }
}
