//! Plugins of the engine.

use std::io::Read;

use crate::cancel::CancelToken;
use crate::codec::options;
use crate::model::{AuthConfig, Plugin, PluginPrivilege, ProgressMessage};
use crate::request::{Parts, Request, ResponseTimeout};
use crate::stream::{BodyReader, Progress};
use crate::{Context, Error, Filters, Result};

/// Operations on plugins, which add drivers for volumes, networks and more; from
/// [`Context::plugins`].
///
/// The `name` parameters accept a name, with a tag unless that is `latest`, an ID, or a unique
/// prefix of the ID.
///
/// Operations that contact a registry use the context's credentials by default, see
/// [`CredentialSource`](crate::CredentialSource).
///
/// A plugin requires privileges, such as access to the host network. It receives only those that
/// the caller grants. [`pull_with_grant`](Plugins::pull_with_grant) passes the required privileges
/// to a closure that decides:
///
/// ```no_run
/// use dockline::{Context, PluginPullOptions};
/// let docker = Context::from_env()?;
/// let options = PluginPullOptions { remote: "vieux/sshfs".into(), ..Default::default() };
/// let pull = docker.plugins().pull_with_grant(&options, |required| {
///     for privilege in required {
///         println!("It requires {}: {}", privilege.name, privilege.value.join(", "));
///     }
///     required.iter().all(|privilege| privilege.name != "allow-all-devices")
/// })?;
/// let name = pull.finish()?;
/// docker.plugins().enable(&name, &Default::default())?;
/// # Ok::<(), dockline::Error>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Plugins<'a> {
    context: &'a Context,
}

impl Context {
    /// Returns the operations on plugins.
    pub fn plugins(&self) -> Plugins<'_> {
        Plugins { context: self }
    }
}

options! {
    /// Options of [`Plugins::list`].
    #[derive(Clone, Default, PartialEq)]
    pub struct PluginListOptions {
        /// Return only plugins that match these filters: `capability`, `enabled`.
        pub filters: Filters = json "filters",
    }
}

options! {
    /// Options of [`Plugins::privileges`].
    #[derive(Clone, Default, PartialEq)]
    pub struct PluginPrivilegesOptions {
        /// Reference of the plugin in its registry. Default tag: `latest`. Required.
        pub remote: String = manual "remote",
        /// Credentials for the registry. Empty credentials make the call anonymous. Default: the
        /// credentials that the context has for this registry.
        pub auth: Option<AuthConfig> = manual "X-Registry-Auth",
    }
}

options! {
    /// Options of [`Plugins::pull`] and [`Plugins::pull_with_grant`].
    #[derive(Clone, Default, PartialEq)]
    pub struct PluginPullOptions {
        /// Reference of the plugin in its registry. Default tag: `latest`. Required.
        pub remote: String = manual "remote",
        /// Local name of the plugin, with or without a tag. Default: the name in `remote`.
        pub name: String = query "name",
        /// Credentials for the registry. Empty credentials make the call anonymous. Default: the
        /// credentials that the context has for this registry.
        pub auth: Option<AuthConfig> = manual "X-Registry-Auth",
    }
}

options! {
    /// Options of [`Plugins::delete`].
    #[derive(Clone, Default, PartialEq)]
    pub struct PluginDeleteOptions {
        /// Delete the plugin even if it is enabled.
        pub force: bool = query "force",
    }
}

options! {
    /// Options of [`Plugins::enable`].
    #[derive(Clone, Default, PartialEq)]
    pub struct PluginEnableOptions {
        /// Seconds to wait for each response of the plugin; 0 waits without limit. Default: 0.
        pub timeout: u32 = always "timeout",
    }
}

options! {
    /// Options of [`Plugins::disable`].
    #[derive(Clone, Default, PartialEq)]
    pub struct PluginDisableOptions {
        /// Disable the plugin even if it is in use.
        pub force: bool = query "force",
    }
}

options! {
    /// Options of [`Plugins::upgrade`] and [`Plugins::upgrade_with_grant`].
    #[derive(Clone, Default, PartialEq)]
    pub struct PluginUpgradeOptions {
        /// Reference of the plugin to upgrade to. Default tag: `latest`. Required.
        pub remote: String = manual "remote",
        /// Credentials for the registry. Empty credentials make the call anonymous. Default: the
        /// credentials that the context has for this registry.
        pub auth: Option<AuthConfig> = manual "X-Registry-Auth",
    }
}

options! {
    /// Options of [`Plugins::push`].
    #[derive(Clone, Default, PartialEq)]
    pub struct PluginPushOptions {
        /// Credentials for the registry. Empty credentials make the call anonymous. Default: the
        /// credentials that the context has for this registry.
        pub auth: Option<AuthConfig> = manual "X-Registry-Auth",
    }
}

pub(crate) fn list(options: &PluginListOptions) -> Request<Vec<Plugin>> {
    Request::new("PluginList", "GET", "/plugins").options(options).returning()
}

pub(crate) fn privileges(options: &PluginPrivilegesOptions) -> Request<Vec<PluginPrivilege>> {
    Request::new("GetPluginPrivileges", "GET", "/plugins/privileges")
        .since(25)
        .remote(&options.remote)
        .registry_auth(&options.remote, options.auth.as_ref())
        // The engine contacts the registry.
        .response_timeout(ResponseTimeout::None)
        .returning()
}

pub(crate) fn pull(
    options: &PluginPullOptions,
    granted: &[PluginPrivilege],
) -> Request<PluginPull> {
    Request::new("PluginPull", "POST", "/plugins/pull")
        .remote(&options.remote)
        .options(options)
        .registry_auth(&options.remote, options.auth.as_ref())
        .json(&granted.to_vec())
        .returning()
}

pub(crate) fn inspect(name: &str) -> Request<Plugin> {
    Request::on_plugin("PluginInspect", "GET", "/plugins/{}/json", name).since(25).returning()
}

pub(crate) fn delete(name: &str, options: &PluginDeleteOptions) -> Request<()> {
    Request::on_plugin("PluginDelete", "DELETE", "/plugins/{}", name)
        .options(options)
        .response_timeout(ResponseTimeout::None)
}

pub(crate) fn enable(name: &str, options: &PluginEnableOptions) -> Request<()> {
    Request::on_plugin("PluginEnable", "POST", "/plugins/{}/enable", name)
        .options(options)
        .response_timeout(ResponseTimeout::None)
}

pub(crate) fn disable(name: &str, options: &PluginDisableOptions) -> Request<()> {
    Request::on_plugin("PluginDisable", "POST", "/plugins/{}/disable", name)
        .options(options)
        .response_timeout(ResponseTimeout::None)
}

pub(crate) fn upgrade(
    name: &str,
    options: &PluginUpgradeOptions,
    granted: &[PluginPrivilege],
) -> Request<PluginPull> {
    Request::on_plugin("PluginUpgrade", "POST", "/plugins/{}/upgrade", name)
        .since(26)
        .remote(&options.remote)
        .registry_auth(&options.remote, options.auth.as_ref())
        .json(&granted.to_vec())
        .returning()
}

pub(crate) fn create(name: &str) -> Request<()> {
    let mut request = Request::new("PluginCreate", "POST", "/plugins/create")
        .since(25)
        .text("name", name)
        .response_timeout(ResponseTimeout::None)
        .tar();
    if name.trim().is_empty() {
        request.wrong("the name of the plugin is empty");
    }
    request
}

pub(crate) fn push(name: &str, options: &PluginPushOptions) -> Request<Progress<ProgressMessage>> {
    Request::on_plugin("PluginPush", "POST", "/plugins/{}/push", name)
        .registry_auth(name, options.auth.as_ref())
        .returning()
}

pub(crate) fn set(name: &str, settings: &[impl AsRef<str>]) -> Request<()> {
    let settings: Vec<String> = settings.iter().map(|it| it.as_ref().to_owned()).collect();
    Request::on_plugin("PluginSet", "POST", "/plugins/{}/set", name).since(25).json(&settings)
}

impl Request<()> {
    /// Adds the required parameter `remote`.
    fn remote(mut self, remote: &str) -> Self {
        if remote.trim().is_empty() {
            self.wrong("remote is empty: give the reference of a plugin");
        }
        self.text("remote", remote)
    }
}

/// Sends `request`, a pull or an upgrade, if `grant` grants the required privileges.
fn pull_if_granted(
    context: &Context,
    options: PluginPrivilegesOptions,
    grant: impl FnOnce(&[PluginPrivilege]) -> bool,
    request: impl Fn(&[PluginPrivilege]) -> Request<PluginPull>,
) -> Result<PluginPull> {
    let operation = operation_of(request(&[]))?;
    let required = context.call(privileges(&options))?;
    if !grant(&required) {
        return Err(not_granted(operation, &options.remote, &required));
    }
    Ok(PluginPull::new(start_pull(context, request(&required))?))
}

/// The operation of a pull or an upgrade. Fails if its arguments are invalid, before anything is
/// sent.
pub(crate) fn operation_of(request: Request<PluginPull>) -> Result<&'static str> {
    let Parts { operation, error, .. } = request.parts;
    error.map_or(Ok(operation), Err)
}

/// The error for privileges that were not granted.
pub(crate) fn not_granted(
    operation: &'static str,
    remote: &str,
    required: &[PluginPrivilege],
) -> Error {
    let list: Vec<_> =
        required.iter().map(|it| format!("{} [{}]", it.name, it.value.join(", "))).collect();
    let list = if list.is_empty() { "none".to_owned() } else { list.join(", ") };
    Error::NotGranted {
        operation,
        message: format!("{remote}: privileges were not granted: {list}"),
    }
}

/// Starts a pull or an upgrade. Returns the plugin's name from the response header.
pub(crate) fn start_pull(
    context: &Context,
    request: Request<PluginPull>,
) -> Result<(String, BodyReader)> {
    let response = context.open_stream(request, None)?;
    let name = response.headers.get("docker-plugin-name").and_then(|name| name.to_str().ok());
    Ok((name.unwrap_or_default().to_owned(), response.body))
}

/// A pull or upgrade of a plugin in progress: an iterator over the engine's messages.
///
/// It ends with `None` after the plugin has been installed. A failure that the engine reports in a
/// message is an [`Error::Stream`] and the last item. Dropping it closes the connection, which
/// cancels the pull.
#[must_use = "the result of a pull is in its messages: call finish()"]
#[derive(Debug)]
pub struct PluginPull {
    name: String,
    progress: Progress<ProgressMessage>,
}

impl PluginPull {
    fn new((name, body): (String, BodyReader)) -> PluginPull {
        PluginPull { name, progress: Progress::new(body) }
    }

    /// Returns the local name of the plugin with its tag; empty if the engine does not report it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns a token that cancels the pull from another thread.
    pub fn cancel_token(&self) -> CancelToken {
        self.progress.cancel_token()
    }

    /// Waits until the plugin has been installed and returns its [`name`](PluginPull::name).
    ///
    /// # Errors
    /// Fails with the first error, including one that the engine reports in a message.
    pub fn finish(self) -> Result<String> {
        self.progress.finish()?;
        Ok(self.name)
    }
}

impl Iterator for PluginPull {
    type Item = Result<ProgressMessage>;

    fn next(&mut self) -> Option<Result<ProgressMessage>> {
        self.progress.next()
    }
}

impl Plugins<'_> {
    /// Lists plugins.
    ///
    /// `GET /plugins`.
    pub fn list(&self, options: &PluginListOptions) -> Result<Vec<Plugin>> {
        self.context.call(list(options))
    }

    /// Returns the privileges that a plugin in a registry requires.
    ///
    /// `GET /plugins/privileges`. Since API 1.25.
    ///
    /// Engines return an empty list if the registry rejects the request, for example because of
    /// missing credentials. A pull then fails.
    pub fn privileges(&self, options: &PluginPrivilegesOptions) -> Result<Vec<PluginPrivilege>> {
        self.context.call(privileges(options))
    }

    /// Pulls a plugin and grants it privileges.
    ///
    /// `POST /plugins/pull`. The plugin is not enabled.
    ///
    /// Engines require exactly the privileges that [`privileges`](Plugins::privileges) returns,
    /// unchanged; [`pull_with_grant`](Plugins::pull_with_grant) passes them on.
    ///
    /// # Errors
    /// - [`Error::Conflict`] if the plugin is already installed.
    /// - [`Error::Stream`] among the messages, if the registry rejects the request or privileges
    ///   were not granted, since the engine responds before it contacts the registry.
    pub fn pull(
        &self,
        options: &PluginPullOptions,
        granted: &[PluginPrivilege],
    ) -> Result<PluginPull> {
        Ok(PluginPull::new(start_pull(self.context, pull(options, granted))?))
    }

    /// Pulls a plugin if `grant` accepts the privileges that it requires.
    ///
    /// `GET /plugins/privileges` and `POST /plugins/pull`. `grant` is called once, even if the
    /// plugin requires no privileges. Since API 1.25.
    ///
    /// # Errors
    /// - [`Error::NotGranted`] if `grant` returns false. Nothing is pulled.
    /// - Other errors as [`pull`](Plugins::pull).
    pub fn pull_with_grant(
        &self,
        options: &PluginPullOptions,
        grant: impl FnOnce(&[PluginPrivilege]) -> bool,
    ) -> Result<PluginPull> {
        pull_if_granted(self.context, options.privileges(), grant, |granted| pull(options, granted))
    }

    /// Returns the details of a plugin.
    ///
    /// `GET /plugins/{name}/json`. Since API 1.25.
    pub fn inspect(&self, name: &str) -> Result<Plugin> {
        self.context.call(inspect(name))
    }

    /// Deletes a plugin.
    ///
    /// `DELETE /plugins/{name}`.
    ///
    /// # Errors
    /// Fails with [`Error::Conflict`] if the plugin is enabled and `force` is not set.
    pub fn delete(&self, name: &str, options: &PluginDeleteOptions) -> Result<()> {
        self.context.call_outcome(delete(name, options)).map(drop)
    }

    /// Enables a plugin and waits until it responds.
    ///
    /// `POST /plugins/{name}/enable`.
    ///
    /// # Errors
    /// Fails with [`Error::Conflict`], [`Error::BadRequest`] or [`Error::Engine`], depending on the
    /// engine's version, if the plugin is already enabled, or does not start or respond.
    pub fn enable(&self, name: &str, options: &PluginEnableOptions) -> Result<()> {
        self.context.call_outcome(enable(name, options)).map(drop)
    }

    /// Disables a plugin.
    ///
    /// `POST /plugins/{name}/disable`.
    ///
    /// # Errors
    /// Fails with [`Error::Conflict`], [`Error::BadRequest`] or [`Error::Engine`], depending on the
    /// engine's version, if the plugin is not enabled, or if it is in use and `force` is not set.
    pub fn disable(&self, name: &str, options: &PluginDisableOptions) -> Result<()> {
        self.context.call_outcome(disable(name, options)).map(drop)
    }

    /// Upgrades a plugin and grants it privileges.
    ///
    /// `POST /plugins/{name}/upgrade`. Privileges and errors are those of [`pull`](Plugins::pull).
    /// The plugin must be disabled; its settings are lost. Since API 1.26.
    pub fn upgrade(
        &self,
        name: &str,
        options: &PluginUpgradeOptions,
        granted: &[PluginPrivilege],
    ) -> Result<PluginPull> {
        Ok(PluginPull::new(start_pull(self.context, upgrade(name, options, granted))?))
    }

    /// Upgrades a plugin if `grant` accepts the privileges that the new version requires.
    ///
    /// `GET /plugins/privileges` and `POST /plugins/{name}/upgrade`. Since API 1.26.
    ///
    /// # Errors
    /// - [`Error::NotGranted`] if `grant` returns false. The plugin is not changed.
    /// - Other errors as [`upgrade`](Plugins::upgrade).
    pub fn upgrade_with_grant(
        &self,
        name: &str,
        options: &PluginUpgradeOptions,
        grant: impl FnOnce(&[PluginPrivilege]) -> bool,
    ) -> Result<PluginPull> {
        pull_if_granted(self.context, options.privileges(), grant, |granted| {
            upgrade(name, options, granted)
        })
    }

    /// Creates a plugin from a tar.
    ///
    /// `POST /plugins/create`. The tar must contain `config.json` and the root directory `rootfs`.
    /// It is streamed. Since API 1.25.
    ///
    /// # Errors
    /// Fails with [`Error::Conflict`] or [`Error::Engine`], depending on the engine's version, if
    /// the name is in use.
    pub fn create(&self, name: &str, tar: &mut dyn Read) -> Result<()> {
        self.context.call_with(create(name).parts, Some(tar), |_| Ok(()))
    }

    /// Pushes a plugin to the registry in its name.
    ///
    /// `POST /plugins/{name}/push`.
    ///
    /// # Errors
    /// The engine responds before it contacts the registry. Errors of the registry are an
    /// [`Error::Stream`] among the messages.
    pub fn push(
        &self,
        name: &str,
        options: &PluginPushOptions,
    ) -> Result<Progress<ProgressMessage>> {
        Ok(Progress::new(self.context.open_stream(push(name, options), None)?.body))
    }

    /// Changes settings of a plugin.
    ///
    /// `POST /plugins/{name}/set`. The plugin must be disabled. Each setting is `NAME=value`, or
    /// `NAME.field=value` for a mount or a device. Since API 1.25.
    ///
    /// # Errors
    /// Fails with [`Error::Conflict`], [`Error::BadRequest`] or [`Error::Engine`], depending on the
    /// engine's version, if the plugin is enabled, or if the setting does not exist or cannot be
    /// changed.
    pub fn set(&self, name: &str, settings: &[impl AsRef<str>]) -> Result<()> {
        self.context.call_outcome(set(name, settings)).map(drop)
    }
}

impl PluginPullOptions {
    /// The options to request its privileges with.
    pub(crate) fn privileges(&self) -> PluginPrivilegesOptions {
        PluginPrivilegesOptions { remote: self.remote.clone(), auth: self.auth.clone() }
    }
}

impl PluginUpgradeOptions {
    /// The options to request its privileges with.
    pub(crate) fn privileges(&self) -> PluginPrivilegesOptions {
        PluginPrivilegesOptions { remote: self.remote.clone(), auth: self.auth.clone() }
    }
}
