//! Images in registries, inspected by the engine.

use crate::codec::options;
use crate::model::{AuthConfig, DistributionInspect};
use crate::request::{Request, ResponseTimeout};
use crate::{Context, Result};

/// Operations on images in registries; from [`Context::distribution`].
///
/// They use the context's credentials by default, see [`CredentialSource`](crate::CredentialSource).
///
/// ```no_run
/// let docker = dockline::Context::from_env()?;
/// let found = docker.distribution().inspect("busybox:latest", &Default::default())?;
/// println!("busybox:latest is {} now", found.descriptor.digest);
/// for platform in found.platforms {
///     println!("  for {}/{}", platform.os, platform.architecture);
/// }
/// # Ok::<(), dockline::Error>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Distribution<'a> {
    context: &'a Context,
}

impl Context {
    /// Returns the operations on images in registries.
    pub fn distribution(&self) -> Distribution<'_> {
        Distribution { context: self }
    }
}

options! {
    /// Options of [`Distribution::inspect`].
    #[derive(Clone, Default, PartialEq)]
    pub struct DistributionInspectOptions {
        /// Credentials for the registry. Empty credentials make the call anonymous. Default: the
        /// credentials that the context has for this registry.
        pub auth: Option<AuthConfig> = manual "X-Registry-Auth",
    }
}

pub(crate) fn inspect(
    name: &str,
    options: &DistributionInspectOptions,
) -> Request<DistributionInspect> {
    Request::on_image("DistributionInspect", "GET", "/distribution/{}/json", name)
        .since(30)
        .registry_auth(name, options.auth.as_ref())
        // The engine contacts the registry.
        .response_timeout(ResponseTimeout::None)
        .returning()
}

impl Distribution<'_> {
    /// Returns the digest and platforms of an image in its registry.
    ///
    /// `GET /distribution/{name}/json`. Does not pull the image. `name` is a reference with a tag
    /// or digest; the tag defaults to `latest`. Since API 1.30.
    ///
    /// # Errors
    /// - [`Error::Unauthorized`](crate::Error::Unauthorized) if the registry requires credentials
    ///   or rejects them. Some registries and engines return
    ///   [`Error::Forbidden`](crate::Error::Forbidden), [`Error::NotFound`](crate::Error::NotFound)
    ///   or [`Error::Engine`](crate::Error::Engine) with status 500 instead.
    /// - [`Error::NotFound`](crate::Error::NotFound) or [`Error::Engine`](crate::Error::Engine)
    ///   with status 500 if the image does not exist.
    pub fn inspect(
        &self,
        name: &str,
        options: &DistributionInspectOptions,
    ) -> Result<DistributionInspect> {
        self.context.call(inspect(name, options))
    }
}
