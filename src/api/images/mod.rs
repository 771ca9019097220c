//! Images: what there is of them. How they come and go is in [`transfer`].

pub(crate) mod transfer;

use serde::Deserialize;

use crate::model::{
    AttestationStatement, AuthConfig, ContainerConfig, IdResponse, ImageDeleteResponseItem,
    ImageHistoryResponseItem, ImageInspect, ImagePruneResponse, ImageSearchResult, ImageSummary,
    OciPlatform, since,
};
use crate::request::{Patience, Request};
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

/// Options of [`Images::list`].
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ImageListOptions {
    /// Also the intermediate ones.
    pub all: bool,
    /// Which, by `before`, `dangling`, `label`, `reference`, `since`, `until`.
    pub filters: Filters,
    /// Also how much each shares with others (`shared_size`). Since API 1.42.
    #[serde(rename = "shared-size")]
    pub shared_size: bool,
    /// Asks for digests; today's engines send them anyway.
    pub digests: bool,
    /// Also the manifests of each. Since API 1.47.
    pub manifests: bool,
    /// Also who made and signed each; needs `manifests`. Since API 1.54.
    pub identity: bool,
}

/// Options of [`Images::inspect`].
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ImageInspectOptions {
    /// Also its manifests; not together with `platform`. Since API 1.48.
    pub manifests: bool,
    /// The variant for this platform, of an image for several. Since API 1.49.
    pub platform: Option<OciPlatform>,
}

/// Options of [`Images::delete`].
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ImageDeleteOptions {
    /// Also when stopped containers use it or other tags point to it.
    pub force: bool,
    /// Keeps its parents that have no tag.
    pub noprune: bool,
    /// Only the variants for these platforms. Since API 1.50.
    pub platforms: Vec<OciPlatform>,
}

/// Options of [`Images::tag`].
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ImageTagOptions {
    /// The new name, without tag.
    pub repo: String,
    /// The new tag; `latest` when empty.
    pub tag: String,
}

/// Options of [`Images::history`].
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ImageHistoryOptions {
    /// The variant for this platform, of an image for several. Since API 1.48.
    pub platform: Option<OciPlatform>,
}

/// Options of [`Images::search`].
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ImageSearchOptions {
    /// What to look for.
    pub term: String,
    /// At most so many; 25 unless given.
    pub limit: Option<u32>,
    /// Which, by `is-official` or `stars`.
    pub filters: Filters,
    /// Credentials for the registry; unless given those that the context has for it (see
    /// [`CredentialSource`](crate::CredentialSource)). Empty ones make the call anonymous.
    #[serde(rename = "X-Registry-Auth")]
    pub auth: Option<AuthConfig>,
}

/// Options of [`Images::prune`].
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ImagePruneOptions {
    /// Which: `dangling` (`false` also takes those with a tag that no container uses), `until`,
    /// `label`, `label!`.
    pub filters: Filters,
}

/// Options of [`Images::commit`].
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ImageCommitOptions {
    /// The container to make an image of.
    pub container: String,
    /// Name of the image.
    pub repo: String,
    /// Tag of the image; `latest` when empty.
    pub tag: String,
    /// Commit message.
    pub comment: String,
    /// Who made it, such as `Ada <ada@example.com>`.
    pub author: String,
    /// Freezes the container meanwhile. On by default.
    pub pause: bool,
    /// Instructions of a Dockerfile to apply, such as `CMD ["sh"]`.
    pub changes: Vec<String>,
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
            changes: Vec::new(),
        }
    }
}

/// Options of [`Images::attestations`].
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ImageAttestationsOptions {
    /// The variants for these platforms; engines take one so far.
    pub platform: Vec<OciPlatform>,
    /// Only these kinds of statement, by the URI of their predicate.
    #[serde(rename = "type")]
    pub kind: Vec<String>,
    /// Also the statements themselves.
    pub statement: bool,
}

/// `GET /images/json`
pub(crate) fn list(options: &ImageListOptions) -> Request<Vec<ImageSummary>> {
    Request::new("ImageList", "GET", "/images/json")
        .flag("all", options.all)
        .filters(&options.filters)
        .flag("shared-size", options.shared_size)
        .needs(42, "shared-size", options.shared_size)
        .flag("digests", options.digests)
        .flag("manifests", options.manifests)
        .needs(47, "manifests", options.manifests)
        .flag("identity", options.identity)
        .needs(54, "identity", options.identity)
}

/// `GET /images/{name}/json`
pub(crate) fn inspect(name: &str, options: &ImageInspectOptions) -> Request<ImageInspect> {
    let mut request = Request::on_image("ImageInspect", "GET", "/images/{}/json", name)
        .flag("manifests", options.manifests)
        .needs(48, "manifests", options.manifests)
        .optional("platform", options.platform.as_ref().map(platform))
        .needs(49, "platform", options.platform.is_some());
    if options.manifests && options.platform.is_some() {
        request.wrong("manifests and platform are both given: the engine takes only one");
    }
    request
}

/// `GET /images/{name}/history`
pub(crate) fn history(
    name: &str,
    options: &ImageHistoryOptions,
) -> Request<Vec<ImageHistoryResponseItem>> {
    Request::on_image("ImageHistory", "GET", "/images/{}/history", name)
        .optional("platform", options.platform.as_ref().map(platform))
        .needs(48, "platform", options.platform.is_some())
}

/// `POST /images/{name}/tag`
pub(crate) fn tag(name: &str, options: &ImageTagOptions) -> Request<()> {
    let mut request = Request::on_image("ImageTag", "POST", "/images/{}/tag", name)
        .text("repo", &options.repo)
        .text("tag", &options.tag);
    if options.repo.is_empty() {
        request.wrong("repo, the new name, is empty");
    }
    request
}

/// `GET /images/search`
pub(crate) fn search(options: &ImageSearchOptions) -> Request<Vec<ImageSearchResult>> {
    let mut request = Request::new("ImageSearch", "GET", "/images/search")
        .text("term", &options.term)
        .optional("limit", options.limit)
        .filters(&options.filters)
        .registry_auth(&options.term, options.auth.as_ref());
    if options.term.is_empty() {
        request.wrong("term, what to look for, is empty");
    }
    request
}

/// `POST /images/prune`
pub(crate) fn prune(options: &ImagePruneOptions) -> Request<ImagePruneResponse> {
    Request::new("ImagePrune", "POST", "/images/prune")
        .since(25)
        .filters(&options.filters)
        .patience(Patience::Work)
}

/// `POST /commit`
pub(crate) fn commit(
    options: &ImageCommitOptions,
    config: &ContainerConfig,
) -> Request<IdResponse> {
    let mut request = Request::new("ImageCommit", "POST", "/commit")
        .text("container", &options.container)
        .text("repo", &options.repo)
        .text("tag", &options.tag)
        .text("comment", &options.comment)
        .text("author", &options.author)
        .switch("pause", (!options.pause).then_some(false))
        .list("changes", &options.changes)
        .json(config, since::IMAGE_COMMIT)
        .patience(Patience::Work);
    if options.container.is_empty() {
        request.wrong("container, what to make an image of, is empty");
    }
    request
}

/// `GET /images/{name}/attestations`
pub(crate) fn attestations(
    name: &str,
    options: &ImageAttestationsOptions,
) -> Request<Vec<AttestationStatement>> {
    let platforms: Vec<String> = options.platform.iter().map(platform).collect();
    Request::on_image("ImageAttestations", "GET", "/images/{}/attestations", name)
        .list("platform", &platforms)
        .list("type", &options.kind)
        .flag("statement", options.statement)
        .since(55)
}

/// `DELETE /images/{name}`
pub(crate) fn delete(
    name: &str,
    options: &ImageDeleteOptions,
) -> Request<Vec<ImageDeleteResponseItem>> {
    let platforms: Vec<String> = options.platforms.iter().map(platform).collect();
    Request::on_image("ImageDelete", "DELETE", "/images/{}", name)
        .flag("force", options.force)
        .flag("noprune", options.noprune)
        .list("platforms", &platforms)
        .needs(50, "platforms", !platforms.is_empty())
        .patience(Patience::Work)
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

/// A platform as a parameter: a JSON object.
fn platform(platform: &OciPlatform) -> String {
    let json = crate::model::sparse::to_body(platform).expect("a struct of text is JSON");
    String::from_utf8(json).expect("JSON is UTF-8")
}
