//! Pull, import, push, save and load of images.

use std::borrow::Cow;
use std::io::Read;

use super::Images;
use crate::codec::options;
use crate::model::{AuthConfig, OciPlatform, ProgressMessage, PushResult, StringList};
use crate::request::Request;
use crate::stream::{Download, Progress};
use crate::{CancelToken, Result};

options! {
    /// Options of [`Images::create`], which pulls with `from_image` and imports with `from_src`.
    #[derive(Clone, Default, PartialEq)]
    pub struct ImageCreateOptions {
        /// Reference of the image to pull.
        pub from_image: String = query "fromImage",
        /// Source of an import: a URL that the engine fetches, or `-` for the tar in the request.
        pub from_src: String = query "fromSrc",
        /// Repository of the imported image.
        pub repo: String = query "repo",
        /// Tag of the imported image, or tag or digest to pull. Default: that of `fromImage`, or
        /// `latest`.
        pub tag: String = query "tag",
        /// Pull all tags of the repository, which may be many.
        pub all_tags: bool = manual "allTags",
        /// Commit message of the imported image.
        pub message: String = query "message",
        /// Dockerfile instructions to apply to the imported image, such as `CMD ["sh"]`.
        pub changes: StringList = query "changes",
        /// Platform of the image, `os[/arch[/variant]]`. Since API 1.32.
        pub platform: String = query "platform" since 32,
        /// Credentials for the registry. Empty credentials make the call anonymous. Default: the
        /// credentials that the context has for this registry.
        pub auth: Option<AuthConfig> = manual "X-Registry-Auth",
    }
}

options! {
    /// Options of [`Images::push`].
    #[derive(Clone, Default, PartialEq)]
    pub struct ImagePushOptions {
        /// Tag to push. Default: that of the name, or `latest`.
        pub tag: String = query "tag",
        /// Push all tags of the repository that the engine has.
        pub all_tags: bool = manual "allTags",
        /// Push only this platform of a multi-platform image. Since API 1.46.
        pub platform: Option<OciPlatform> = query "platform" since 46,
        /// Credentials for the registry. Empty credentials make the call anonymous. Default: the
        /// credentials that the context has for this registry.
        pub auth: Option<AuthConfig> = manual "X-Registry-Auth",
    }
}

options! {
    /// Options of [`Images::get`] and [`Images::get_all`].
    #[derive(Clone, Default, PartialEq)]
    pub struct ImageGetOptions {
        /// Save only the variants for these platforms. Engines before API 1.52 accept only one.
        /// Since API 1.48.
        pub platform: Vec<OciPlatform> = query "platform" since 48,
    }
}

options! {
    /// Options of [`Images::load`].
    #[derive(Clone, Default, PartialEq)]
    pub struct ImageLoadOptions {
        /// Return only the result, without progress messages. Default: the engine's, `true`.
        pub quiet: Option<bool> = query "quiet",
        /// Load only the variants for these platforms. Engines before API 1.52 accept only one.
        /// Since API 1.48.
        pub platform: Vec<OciPlatform> = query "platform" since 48,
    }
}

pub(crate) fn create(
    options: &ImageCreateOptions,
    with_tar: bool,
) -> Request<Progress<ProgressMessage>> {
    let all_tags = options.all_tags;
    let mut options = Cow::Borrowed(options);
    if !options.from_image.is_empty() {
        let tag = default_tag(&options.from_image, &options.tag, all_tags);
        if let Some(tag) = tag {
            options.to_mut().tag = tag.to_owned();
        }
    }
    let mut request =
        Request::new("ImageCreate", "POST", "/images/create").options(options.as_ref());
    request.check_all_tags(&options.from_image, &options.tag, all_tags);
    if all_tags && options.from_image.is_empty() {
        request.wrong("allTags is given without fromImage: an import has one tag");
    }
    if !options.from_image.is_empty() {
        request = request.registry_auth(&options.from_image, options.auth.as_ref());
    }
    match (options.from_image.trim().is_empty(), options.from_src.as_str(), with_tar) {
        (true, "", _) => request.wrong("neither fromImage nor fromSrc is given: set one of them"),
        (false, src, _) if !src.is_empty() => {
            request.wrong("fromImage and fromSrc are both given: set only one")
        }
        (true, "-", false) => request.wrong("fromSrc is \"-\" but no tar is given"),
        (_, "-", true) => return request.tar().returning(),
        (_, _, true) => request.wrong("a tar is given but fromSrc is not \"-\""),
        (_, _, false) => {}
    }
    request.returning()
}

/// Whether a reference has a tag or a digest. A colon before the last slash precedes a registry's
/// port.
pub(crate) fn is_tagged(reference: &str) -> bool {
    reference.contains('@') || reference.rsplit('/').next().is_some_and(|name| name.contains(':'))
}

/// The tag of an operation that would otherwise be about all tags of a repository.
fn default_tag(reference: &str, tag: &str, all_tags: bool) -> Option<&'static str> {
    (!all_tags && tag.is_empty() && !is_tagged(reference)).then_some("latest")
}

pub(crate) fn push(name: &str, options: &ImagePushOptions) -> Request<Push> {
    let mut request = Request::on_image("ImagePush", "POST", "/images/{}/push", name)
        .options(options)
        .optional("tag", default_tag(name, &options.tag, options.all_tags))
        // Engines before API 1.43 reject a push without this header.
        .registry_auth_always(name, options.auth.as_ref());
    request.check_all_tags(name, &options.tag, options.all_tags);
    request.returning()
}

pub(crate) fn get(name: &str, options: &ImageGetOptions) -> Request<Download> {
    Request::on_image("ImageGet", "GET", "/images/{}/get", name)
        .options(options)
        .check_platforms(&options.platform)
        .returning()
}

pub(crate) fn get_all(names: &[impl AsRef<str>], options: &ImageGetOptions) -> Request<Download> {
    let mut request = Request::new("ImageGetAll", "GET", "/images/get")
        .list("names", names)
        .options(options)
        .check_platforms(&options.platform);
    if names.is_empty() {
        request.wrong("names is empty: give at least one image");
    }
    request.returning()
}

pub(crate) fn load(options: &ImageLoadOptions) -> Request<Progress<ProgressMessage>> {
    Request::new("ImageLoad", "POST", "/images/load")
        .options(options)
        .check_platforms(&options.platform)
        .tar()
        .returning()
}

impl Request<()> {
    fn check_all_tags(&mut self, reference: &str, tag: &str, all_tags: bool) {
        if all_tags && (!tag.is_empty() || is_tagged(reference)) {
            self.wrong("allTags and a tag or digest are both given: set only one");
        }
    }

    /// Requires API 1.52 for more than one `platform`.
    fn check_platforms(self, platforms: &[OciPlatform]) -> Self {
        self.needs(52, "platform (more than one)", platforms.len() > 1)
    }
}

/// Reads what a message of a push reports about the result. Returns whether it does.
///
/// Docker's image store reports it in `aux`. The containerd image store and Podman report it as
/// text only; objects in `aux` of the containerd image store have other members.
pub(crate) fn update_push_result(result: &mut PushResult, message: &ProgressMessage) -> bool {
    let aux = message.aux.as_ref().and_then(|aux| {
        let text = |name| aux.get(name).and_then(|it| it.as_str()).map(str::to_owned);
        Some(PushResult {
            digest: text("Digest").filter(|digest| !digest.is_empty())?,
            tag: text("Tag").unwrap_or_default(),
            size: aux.get("Size").and_then(|it| it.as_i64()).unwrap_or_default(),
        })
    });
    let found = aux.or_else(|| parse_push_status(&message.status));
    let is_found = found.is_some();
    if let Some(found) = found {
        *result = found;
    }
    is_found
}

/// Parses a status such as `1.0: digest: sha256:… size: 340`.
fn parse_push_status(status: &str) -> Option<PushResult> {
    let (tag, rest) = status.trim_end().split_once(": digest: ")?;
    let (digest, size) = rest.split_once(" size: ")?;
    let is_word = |text: &str| !text.is_empty() && !text.contains(char::is_whitespace);
    let size = size.parse().ok()?;
    (is_word(tag) && is_word(digest) && digest.contains(':')).then(|| PushResult {
        tag: tag.to_owned(),
        digest: digest.to_owned(),
        size,
    })
}

/// A running push: an iterator over its messages.
///
/// It ends with `None` after the image has been pushed. A failure of the registry is an
/// [`Error::Stream`](crate::Error::Stream); it is the last item. Dropping it cancels the push.
#[must_use = "the push completes only while its messages are read: call finish()"]
#[derive(Debug)]
pub struct Push {
    progress: Progress<ProgressMessage>,
    result: PushResult,
}

impl Push {
    /// Returns tag, digest and size of the manifest that is in the registry now, once the engine
    /// has reported it.
    ///
    /// A push of several tags reports several results; this is the last.
    pub fn result(&self) -> Option<&PushResult> {
        (!self.result.digest.is_empty()).then_some(&self.result)
    }

    /// Returns a token that cancels the push from another thread.
    pub fn cancel_token(&self) -> CancelToken {
        self.progress.cancel_token()
    }

    /// Waits until the push ends and returns tag, digest and size of the manifest.
    ///
    /// They are empty if the engine has not reported them.
    ///
    /// # Errors
    /// Fails with the first error, including one that the engine reports in a message.
    pub fn finish(mut self) -> Result<PushResult> {
        for message in &mut self {
            message?;
        }
        Ok(self.result)
    }
}

impl Iterator for Push {
    type Item = Result<ProgressMessage>;

    fn next(&mut self) -> Option<Result<ProgressMessage>> {
        let message = self.progress.next()?;
        if let Ok(message) = &message {
            update_push_result(&mut self.result, message);
        }
        Some(message)
    }
}

impl Images<'_> {
    /// Pulls an image, or imports one from a tar of a root file system.
    ///
    /// `POST /images/create`. A reference without a tag or digest means `latest`, unless `all_tags`
    /// is set. If `from_src` is `-`, the tar is streamed from `tar`; it may be
    /// compressed. Memory use does not depend on its size. Returns after the tar has been sent, or
    /// as soon as the engine rejects it.
    ///
    /// ```no_run
    /// use dockline::{Context, ImageCreateOptions};
    /// let docker = Context::from_env()?;
    /// let mut tar = std::fs::File::open("rootfs.tar")?;
    /// let options = ImageCreateOptions {
    ///     from_src: "-".into(),
    ///     repo: "mine".into(),
    ///     changes: [r#"CMD ["sh"]"#].into(),
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

    /// Pushes an image to the registry in its name.
    ///
    /// `POST /images/{name}/push`. A name without a tag means `latest`, unless `all_tags` is set.
    ///
    /// ```no_run
    /// let docker = dockline::Context::from_env()?;
    /// let pushed = docker.images().push("registry.example.com/a:1", &Default::default())?.finish()?;
    /// println!("{} is {}", pushed.tag, pushed.digest);
    /// # Ok::<(), dockline::Error>(())
    /// ```
    ///
    /// # Errors
    /// The engine responds before it contacts the registry. Errors of the registry, such as missing
    /// or wrong credentials, are an [`Error::Stream`](crate::Error::Stream) among the messages.
    pub fn push(&self, name: &str, options: &ImagePushOptions) -> Result<Push> {
        let body = self.context.open_stream(push(name, options), None)?.body;
        Ok(Push { progress: Progress::new(body), result: PushResult::default() })
    }

    /// Saves an image with its layers and tags as a tar.
    ///
    /// `GET /images/{name}/get`.
    pub fn get(&self, name: &str, options: &ImageGetOptions) -> Result<Download> {
        Ok(Download::new(self.context.open_stream(get(name, options), None)?.body))
    }

    /// Saves several images as one tar.
    ///
    /// `GET /images/get`. The images share layers in the tar.
    pub fn get_all(
        &self,
        names: &[impl AsRef<str>],
        options: &ImageGetOptions,
    ) -> Result<Download> {
        Ok(Download::new(self.context.open_stream(get_all(names, options), None)?.body))
    }

    /// Loads images from a tar of [`get`](Images::get) or `docker save`.
    ///
    /// `POST /images/load`. The tar is streamed from `tar`; it may be compressed. Returns after the
    /// tar has been sent.
    pub fn load(
        &self,
        options: &ImageLoadOptions,
        tar: &mut dyn Read,
    ) -> Result<Progress<ProgressMessage>> {
        Ok(Progress::new(self.context.open_stream(load(options), Some(tar))?.body))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recognises_tags_and_digests() {
        assert!(is_tagged("a:1") && is_tagged("r:5000/a:1") && is_tagged("a@sha256:0"));
        assert!(!is_tagged("a") && !is_tagged("r:5000/a"));
    }
    #[test]
    fn reads_the_result_of_a_push() {
        let read = |json: &str| {
            let message: ProgressMessage = serde_json::from_str(json).unwrap();
            let mut result = PushResult::default();
            let found = update_push_result(&mut result, &message);
            assert_eq!(found, !result.digest.is_empty(), "{json}");
            (result.tag, result.digest, result.size)
        };
        let found = ("1.0".to_owned(), "sha256:ab".to_owned(), 340);
        for json in [
            r#"{"progressDetail":{},"aux":{"Tag":"1.0","Digest":"sha256:ab","Size":340}}"#,
            r#"{"status":"1.0: digest: sha256:ab size: 340"}"#,
            r#"{"status":"1.0: digest: sha256:ab size: 340\n","aux":{"originalIndex":{}}}"#,
        ] {
            assert_eq!(read(json), found, "{json}");
        }
        for json in [
            r#"{"status":"The push refers to repository [r:5000/a]"}"#,
            r#"{"aux":{"manifestPushedInsteadOfIndex":true,"selectedManifest":{"digest":"sha256:ab","size":1}}}"#,
            r#"{"aux":{"Tag":"1.0","Digest":"","Size":340}}"#,
            r#"{"aux":"Cm8="}"#,
            r#"{"status":"a b: digest: sha256:ab size: 340"}"#,
            r#"{"status":"1: digest: sha256:ab size: large"}"#,
            r#"{"status":"1: digest: nothing size: 1"}"#,
        ] {
            assert_eq!(read(json), Default::default(), "{json}");
        }
        let odd = r#"{"aux":{"Tag":1,"Digest":"sha256:ab","Size":"x"}}"#;
        assert_eq!(read(odd), (String::new(), "sha256:ab".to_owned(), 0));
    }
}
