//! Images: list, inspect, tag, search, commit, delete and prune. Pull, import, push, save and load
//! are in [`transfer`].

pub(crate) mod transfer;

use crate::codec::{JsonBody, options};
use crate::model::{
    AttestationStatement, AuthConfig, ContainerConfig, IdResponse, ImageDeleteResponseItem,
    ImageHistoryResponseItem, ImageInspect, ImagePruneResponse, ImageSearchResult, ImageSummary,
    OciPlatform, StringList,
};
use crate::request::{Request, ResponseTimeout};
use crate::{Context, Filters, Result};

/// Operations on images; from [`Context::images`].
///
/// The `name` parameters accept a reference such as `busybox`, `registry:5000/team/app:1.2` or
/// `app@sha256:…`, an image ID, or a unique prefix of an ID.
///
/// Operations that contact a registry use the context's credentials by default, see
/// [`CredentialSource`](crate::CredentialSource).
///
#[doc = "```no_run"]
#[doc = include_str!("../../../examples/resources/images.rs")]
#[doc = "```"]
#[derive(Debug, Clone, Copy)]
pub struct Images<'a> {
    pub(super) context: &'a Context,
}

impl Context {
    /// Returns the operations on images.
    pub fn images(&self) -> Images<'_> {
        Images { context: self }
    }
}

options! {
    /// Options of [`Images::list`].
    #[derive(Clone, Default, PartialEq)]
    pub struct ImageListOptions {
        /// Return all images, including intermediate ones.
        pub all: bool = query "all",
        /// Return only images that match these filters: `before`, `dangling`, `label`, `reference`,
        /// `since`, `until`.
        pub filters: Filters = json "filters",
        /// Return the size that each image shares with others as `SharedSize`. Since API 1.42.
        pub shared_size: bool = query "shared-size" since 42,
        /// Return digests. Current engines always do.
        pub digests: bool = query "digests",
        /// Return the manifests of each image. Since API 1.47.
        pub manifests: bool = query "manifests" since 47,
        /// Return the publisher and signer of each image. Requires `manifests`. Since API 1.54.
        pub identity: bool = query "identity" since 54,
    }
}

options! {
    /// Options of [`Images::inspect`].
    #[derive(Clone, Default, PartialEq)]
    pub struct ImageInspectOptions {
        /// Return the manifests of the image. Must not be combined with `platform`. Since API 1.48.
        pub manifests: bool = query "manifests" since 48,
        /// Variant of a multi-platform image to inspect. Since API 1.49.
        pub platform: Option<OciPlatform> = query "platform" since 49,
    }
}

options! {
    /// Options of [`Images::delete`].
    #[derive(Clone, Default, PartialEq)]
    pub struct ImageDeleteOptions {
        /// Delete the image even if stopped containers use it or other tags refer to it.
        pub force: bool = query "force",
        /// Do not delete untagged parent images.
        pub noprune: bool = query "noprune",
        /// Delete only the variants for these platforms. Since API 1.50.
        pub platforms: Vec<OciPlatform> = query "platforms" since 50,
    }
}

options! {
    /// Options of [`Images::tag`].
    #[derive(Clone, Default, PartialEq)]
    pub struct ImageTagOptions {
        /// Repository of the new reference, without a tag. Required.
        pub repo: String = query "repo",
        /// Tag of the new reference. Default: `latest`.
        pub tag: String = query "tag",
    }
}

options! {
    /// Options of [`Images::history`].
    #[derive(Clone, Default, PartialEq)]
    pub struct ImageHistoryOptions {
        /// Variant of a multi-platform image. Since API 1.48.
        pub platform: Option<OciPlatform> = query "platform" since 48,
    }
}

options! {
    /// Options of [`Images::search`].
    #[derive(Clone, Default, PartialEq)]
    pub struct ImageSearchOptions {
        /// Term to search for. Required.
        pub term: String = query "term",
        /// Maximum number of results. Default: 25.
        pub limit: Option<u32> = query "limit",
        /// Return only images that match these filters: `is-official`, `stars`.
        pub filters: Filters = json "filters",
        /// Credentials for the registry. Empty credentials make the call anonymous. Default: the
        /// credentials that the context has for this registry.
        pub auth: Option<AuthConfig> = manual "X-Registry-Auth",
    }
}

options! {
    /// Options of [`Images::prune`].
    #[derive(Clone, Default, PartialEq)]
    pub struct ImagePruneOptions {
        /// Delete only images that match these filters: `dangling` (`false` includes unused images
        /// with a tag), `until`, `label`, `label!`.
        pub filters: Filters = json "filters",
    }
}

options! {
    /// Options of [`Images::commit`].
    #[derive(Clone, PartialEq)]
    pub struct ImageCommitOptions {
        /// Name or ID of the container to commit. Required.
        pub container: String = query "container",
        /// Repository of the image.
        pub repo: String = query "repo",
        /// Tag of the image. Default: `latest`.
        pub tag: String = query "tag",
        /// Commit message.
        pub comment: String = query "comment",
        /// Author of the image, such as `Ada <ada@example.com>`.
        pub author: String = query "author",
        /// Pause the container during the commit. Default: `true`.
        pub pause: bool = manual "pause",
        /// Dockerfile instructions to apply, such as `CMD ["sh"]`.
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
        /// Platforms to return attestations for. Current engines accept only one.
        pub platform: Vec<OciPlatform> = query "platform",
        /// Return only statements of these predicate types (URIs).
        pub kind: StringList = query "type",
        /// Return the full statements.
        pub statement: bool = query "statement",
    }
}

pub(crate) fn list(options: &ImageListOptions) -> Request<Vec<ImageSummary>> {
    Request::new("ImageList", "GET", "/images/json").options(options).returning()
}

pub(crate) fn inspect(name: &str, options: &ImageInspectOptions) -> Request<ImageInspect> {
    let mut request =
        Request::on_image("ImageInspect", "GET", "/images/{}/json", name).options(options);
    if options.manifests && options.platform.is_some() {
        request.wrong("manifests and platform are both set: set only one");
    }
    request.returning()
}

pub(crate) fn history(
    name: &str,
    options: &ImageHistoryOptions,
) -> Request<Vec<ImageHistoryResponseItem>> {
    Request::on_image("ImageHistory", "GET", "/images/{}/history", name)
        .options(options)
        .returning()
}

pub(crate) fn tag(name: &str, options: &ImageTagOptions) -> Request<()> {
    let mut request =
        Request::on_image("ImageTag", "POST", "/images/{}/tag", name).options(options);
    if options.repo.trim().is_empty() {
        request.wrong("repo is empty: give the repository of the new reference");
    }
    request
}

pub(crate) fn search(options: &ImageSearchOptions) -> Request<Vec<ImageSearchResult>> {
    let mut request = Request::new("ImageSearch", "GET", "/images/search")
        .options(options)
        .registry_auth(&options.term, options.auth.as_ref());
    if options.term.trim().is_empty() {
        request.wrong("term is empty: give a term to search for");
    }
    request.returning()
}

pub(crate) fn prune(options: &ImagePruneOptions) -> Request<ImagePruneResponse> {
    Request::new("ImagePrune", "POST", "/images/prune")
        .since(25)
        .options(options)
        .response_timeout(ResponseTimeout::None)
        .returning()
}

pub(crate) fn commit(options: &ImageCommitOptions, config: &dyn JsonBody) -> Request<IdResponse> {
    let mut request = Request::new("ImageCommit", "POST", "/commit")
        .options(options)
        .json(config)
        .response_timeout(ResponseTimeout::None);
    // The engine pauses by default.
    if !options.pause {
        request = request.param("pause", "0");
    }
    if options.container.trim().is_empty() {
        request.wrong("container is empty: give the container to commit");
    }
    request.returning()
}

pub(crate) fn attestations(
    name: &str,
    options: &ImageAttestationsOptions,
) -> Request<Vec<AttestationStatement>> {
    Request::on_image("ImageAttestations", "GET", "/images/{}/attestations", name)
        .options(options)
        .since(55)
        .returning()
}

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
    /// Lists images.
    ///
    /// `GET /images/json`.
    pub fn list(&self, options: &ImageListOptions) -> Result<Vec<ImageSummary>> {
        self.context.call(list(options))
    }

    /// Returns the details of an image.
    ///
    /// `GET /images/{name}/json`.
    pub fn inspect(&self, name: &str, options: &ImageInspectOptions) -> Result<ImageInspect> {
        self.context.call(inspect(name, options))
    }

    /// Returns the layers of an image, newest first.
    ///
    /// `GET /images/{name}/history`.
    pub fn history(
        &self,
        name: &str,
        options: &ImageHistoryOptions,
    ) -> Result<Vec<ImageHistoryResponseItem>> {
        self.context.call(history(name, options))
    }

    /// Adds a reference to an image.
    ///
    /// `POST /images/{name}/tag`.
    pub fn tag(&self, name: &str, options: &ImageTagOptions) -> Result<()> {
        self.context.call_outcome(tag(name, options)).map(drop)
    }

    /// Searches images on Docker Hub.
    ///
    /// `GET /images/search`.
    pub fn search(&self, options: &ImageSearchOptions) -> Result<Vec<ImageSearchResult>> {
        self.context.call(search(options))
    }

    /// Deletes unused images.
    ///
    /// `POST /images/prune`. By default, deletes only dangling images. Since API 1.25.
    pub fn prune(&self, options: &ImagePruneOptions) -> Result<ImagePruneResponse> {
        self.context.call(prune(options))
    }

    /// Creates an image from the changes of a container.
    ///
    /// `POST /commit`. Fields of `config` override the container's configuration; the default
    /// overrides nothing.
    pub fn commit(
        &self,
        options: &ImageCommitOptions,
        config: &ContainerConfig,
    ) -> Result<IdResponse> {
        self.context.call(commit(options, config))
    }

    /// Lists the attestations of an image, such as its provenance.
    ///
    /// `GET /images/{name}/attestations`. Since API 1.55.
    ///
    /// # Errors
    /// Fails with [`Error::Unavailable`](crate::Error::Unavailable) if the engine's image store
    /// does not support attestations.
    pub fn attestations(
        &self,
        name: &str,
        options: &ImageAttestationsOptions,
    ) -> Result<Vec<AttestationStatement>> {
        self.context.call(attestations(name, options))
    }

    /// Deletes an image, or one of its tags.
    ///
    /// `DELETE /images/{name}`. Returns the deleted images and removed tags.
    ///
    /// # Errors
    /// Fails with [`Error::Conflict`](crate::Error::Conflict) if a container uses the image.
    pub fn delete(
        &self,
        name: &str,
        options: &ImageDeleteOptions,
    ) -> Result<Vec<ImageDeleteResponseItem>> {
        self.context.call(delete(name, options))
    }
}
