//! Images.

use std::io::Read;

use serde::Deserialize;

use crate::model::{
    ImageDeleteResponseItem, ImageInspect, ImageSummary, OciPlatform, ProgressMessage,
};
use crate::request::{Patience, Request};
use crate::stream::Progress;
use crate::{Context, Filters, Result};

/// Calls about images; from [`Context::images`].
///
/// Wherever an image is named, a reference such as `busybox`, `registry:5000/team/app:1.2` or
/// `app@sha256:…`, its id, or a beginning of its id will do.
#[derive(Debug, Clone, Copy)]
pub struct Images<'a> {
    context: &'a Context,
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

/// Options of [`Images::create`]: a pull with `from_image`, an import with `from_src`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ImageCreateOptions {
    /// The image to pull, by reference.
    #[serde(rename = "fromImage")]
    pub from_image: String,
    /// What to import: a URL that the engine fetches, or `-` for the tar that is sent along.
    #[serde(rename = "fromSrc")]
    pub from_src: String,
    /// Name of the imported image.
    pub repo: String,
    /// Tag of the imported image; or tag or digest to pull, `latest` when there is none here nor in
    /// `from_image`.
    pub tag: String,
    /// Commit message of the imported image.
    pub message: String,
    /// Instructions of a Dockerfile to apply to the imported image, such as `CMD ["sh"]`.
    pub changes: Vec<String>,
    /// Platform, as `os[/arch[/variant]]`.
    pub platform: String,
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

/// `POST /images/create`
pub(crate) fn create(
    options: &ImageCreateOptions,
    with_tar: bool,
) -> Request<Progress<ProgressMessage>> {
    let tag = if options.from_image.is_empty()
        || !options.tag.is_empty()
        || is_tagged(&options.from_image)
    {
        &options.tag
    } else {
        // Without a tag the engine would pull all there are.
        "latest"
    };
    let mut request = Request::new("ImageCreate", "POST", "/images/create")
        .text("fromImage", &options.from_image)
        .text("fromSrc", &options.from_src)
        .text("repo", &options.repo)
        .text("tag", tag)
        .text("message", &options.message)
        .list("changes", &options.changes)
        .text("platform", &options.platform);
    match (options.from_image.is_empty(), options.from_src.as_str(), with_tar) {
        (true, "", _) => request
            .wrong("neither fromImage nor fromSrc is given: one says what to make the image of"),
        (false, src, _) if !src.is_empty() => {
            request.wrong("fromImage and fromSrc are both given: only one can be")
        }
        (true, "-", false) => request.wrong("fromSrc is \"-\", and no tar is given"),
        (_, "-", true) => return request.tar(),
        (_, _, true) => request.wrong("a tar is given, and fromSrc is not \"-\""),
        (_, _, false) => {}
    }
    request
}

/// Whether a reference has a tag or a digest. A colon before the last slash is a registry's port.
fn is_tagged(reference: &str) -> bool {
    reference.contains('@') || reference.rsplit('/').next().is_some_and(|name| name.contains(':'))
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

/// A platform as a parameter: a JSON object.
fn platform(platform: &OciPlatform) -> String {
    let json = crate::model::sparse::to_body(platform).expect("a struct of text is JSON");
    String::from_utf8(json).expect("JSON is UTF-8")
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

    /// Pulls an image, or imports one from a tar of its root folder (`POST /images/create`).
    ///
    /// With `from_src` set to `-` the tar is read from `tar` and streamed up, packed or not, in a few
    /// KiB of memory whatever its size; this returns when all of it is sent. An engine that refuses
    /// meanwhile is heard at once.
    ///
    /// ```no_run
    /// use dockline::{Context, ImageCreateOptions};
    /// let docker = Context::from_env()?;
    /// let mut tar = std::fs::File::open("rootfs.tar")?;
    /// let options = ImageCreateOptions {
    ///     from_src: "-".into(),
    ///     repo: "mine".into(),
    ///     changes: vec![r#"CMD ["sh"]"#.into()],
    ///     ..Default::default()
    /// };
    /// docker.images().create(&options, Some(&mut tar))?.finish()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn create(
        &self,
        options: &ImageCreateOptions,
        tar: Option<&mut dyn Read>,
    ) -> Result<Progress<ProgressMessage>> {
        let request = create(options, tar.is_some());
        Ok(Progress::new(self.context.open_stream(request, tar)?.body))
    }

    /// Tells everything about an image (`GET /images/{name}/json`).
    pub fn inspect(&self, name: &str, options: &ImageInspectOptions) -> Result<ImageInspect> {
        self.context.call(inspect(name, options))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags() {
        assert!(is_tagged("a:1") && is_tagged("r:5000/a:1") && is_tagged("a@sha256:0"));
        assert!(!is_tagged("a") && !is_tagged("r:5000/a"));
    }
}
