//! What registries hold, asked through the engine.

use crate::codec::options;
use crate::model::{AuthConfig, DistributionInspect};
use crate::request::{Request, ResponseTimeout};
use crate::{Context, Result};

/// Calls about images in registries; from [`Context::distribution`].
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
    /// Calls about images in registries.
    pub fn distribution(&self) -> Distribution<'_> {
        Distribution { context: self }
    }
}

options! {
    /// Options of [`Distribution::inspect`].
    #[derive(Clone, Default, PartialEq)]
    pub struct DistributionInspectOptions {
        /// Credentials for the registry; unless given those that the context has for it (see
        /// [`CredentialSource`](crate::CredentialSource)). Empty ones make the call anonymous.
        pub auth: Option<AuthConfig> = manual "X-Registry-Auth",
    }
}

/// `GET /distribution/{name}/json`
pub(crate) fn inspect(
    name: &str,
    options: &DistributionInspectOptions,
) -> Request<DistributionInspect> {
    Request::on_image("DistributionInspect", "GET", "/distribution/{}/json", name)
        .since(30)
        .registry_auth(name, options.auth.as_ref())
        // The engine asks the registry.
        .response_timeout(ResponseTimeout::None)
        .returning()
}

impl Distribution<'_> {
    /// Tells what the registry has under the name of an image, without pulling it: its digest, and
    /// the platforms it can be pulled for (`GET /distribution/{name}/json`). Since API 1.30.
    ///
    /// The name is a reference with tag or digest, `latest` unless given.
    ///
    /// # Errors
    /// [`Error::Unauthorized`](crate::Error::Unauthorized) when the registry wants credentials, or
    /// others; with registries and engines that do not like to tell,
    /// [`Error::Forbidden`](crate::Error::Forbidden), [`Error::NotFound`](crate::Error::NotFound) or
    /// [`Error::Engine`](crate::Error::Engine) with status 500. The latter two, too, when there is no
    /// such image.
    pub fn inspect(
        &self,
        name: &str,
        options: &DistributionInspectOptions,
    ) -> Result<DistributionInspect> {
        self.context.call(inspect(name, options))
    }
}
