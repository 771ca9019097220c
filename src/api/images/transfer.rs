//! Pull, import, push, save and load of images.

use std::borrow::Cow;
use std::io::Read;

use super::Images;
use crate::Result;
use crate::codec::options;
use crate::model::{AuthConfig, OciPlatform, ProgressMessage, StringList};
use crate::request::Request;
use crate::stream::{Download, Progress};

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
        /// Tag to push. Default: all tags.
        pub tag: String = query "tag",
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
    let mut options = Cow::Borrowed(options);
    let untagged = options.tag.is_empty() && !is_tagged(&options.from_image);
    if untagged && !options.from_image.is_empty() {
        // Without a tag the engine pulls all tags.
        options.to_mut().tag = "latest".to_owned();
    }
    let mut request =
        Request::new("ImageCreate", "POST", "/images/create").options(options.as_ref());
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

pub(crate) fn push(name: &str, options: &ImagePushOptions) -> Request<Progress<ProgressMessage>> {
    Request::on_image("ImagePush", "POST", "/images/{}/push", name)
        .options(options)
        // Engines before API 1.43 reject a push without this header.
        .registry_auth_always(name, options.auth.as_ref())
        .returning()
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
    /// Requires API 1.52 for more than one `platform`.
    fn check_platforms(self, platforms: &[OciPlatform]) -> Self {
        self.needs(52, "platform (more than one)", platforms.len() > 1)
    }
}

impl Images<'_> {
    /// Pulls an image, or imports one from a tar of a root file system.
    ///
    /// `POST /images/create`. If `from_src` is `-`, the tar is streamed from `tar`; it may be
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
    /// `POST /images/{name}/push`. One of the last messages has the digest in
    /// [`aux`](ProgressMessage::aux), as a [`PushResult`](crate::model::PushResult).
    ///
    /// # Errors
    /// The engine responds before it contacts the registry. Errors of the registry, such as missing
    /// or wrong credentials, are an [`Error::Stream`](crate::Error::Stream) among the messages.
    pub fn push(
        &self,
        name: &str,
        options: &ImagePushOptions,
    ) -> Result<Progress<ProgressMessage>> {
        Ok(Progress::new(self.context.open_stream(push(name, options), None)?.body))
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
}
