//! Plugins of the engine.

use std::io::Read;

use crate::cancel::CancelToken;
use crate::codec::options;
use crate::model::{AuthConfig, Plugin, PluginPrivilege, ProgressMessage};
use crate::request::{Parts, Request, ResponseTimeout};
use crate::stream::{BodyReader, Progress};
use crate::{Context, Error, Filters, Result};

/// Calls about plugins, which give the engine drivers for volumes, networks and more; from
/// [`Context::plugins`].
///
/// Wherever a plugin is named, its name will do, with its tag unless that is `latest`, and so will
/// its id or a beginning of it.
///
/// A plugin wants privileges, such as the machine's network, and gets none that nobody has granted.
/// [`pull_with_grant`](Plugins::pull_with_grant) shows them to whoever decides:
///
/// ```no_run
/// use dockline::{Context, PluginPullOptions};
/// let docker = Context::from_env()?;
/// let options = PluginPullOptions { remote: "vieux/sshfs".into(), ..Default::default() };
/// let pull = docker.plugins().pull_with_grant(&options, |wanted| {
///     for privilege in wanted {
///         println!("It wants {}: {}", privilege.name, privilege.value.join(", "));
///     }
///     wanted.iter().all(|privilege| privilege.name != "allow-all-devices")
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
    /// Calls about plugins.
    pub fn plugins(&self) -> Plugins<'_> {
        Plugins { context: self }
    }
}

options! {
    /// Options of [`Plugins::list`].
    #[derive(Clone, Default, PartialEq)]
    pub struct PluginListOptions {
        /// Which, by `capability`, `enabled`.
        pub filters: Filters = json "filters",
    }
}

options! {
    /// Options of [`Plugins::privileges`].
    #[derive(Clone, Default, PartialEq)]
    pub struct PluginPrivilegesOptions {
        /// The plugin in its registry, by reference; `latest` unless it has a tag. Must be given.
        pub remote: String = manual "remote",
        /// Credentials for the registry; unless given those that the context has for it (see
        /// [`CredentialSource`](crate::CredentialSource)). Empty ones make the call anonymous.
        pub auth: Option<AuthConfig> = manual "X-Registry-Auth",
    }
}

options! {
    /// Options of [`Plugins::pull`] and [`Plugins::pull_with_grant`].
    #[derive(Clone, Default, PartialEq)]
    pub struct PluginPullOptions {
        /// The plugin in its registry, by reference; `latest` unless it has a tag. Must be given.
        pub remote: String = manual "remote",
        /// The name it gets here, with or without a tag; that of `remote` when empty.
        pub name: String = query "name",
        /// Credentials for the registry; unless given those that the context has for it (see
        /// [`CredentialSource`](crate::CredentialSource)). Empty ones make the call anonymous.
        pub auth: Option<AuthConfig> = manual "X-Registry-Auth",
    }
}

options! {
    /// Options of [`Plugins::delete`].
    #[derive(Clone, Default, PartialEq)]
    pub struct PluginDeleteOptions {
        /// Deletes it even while it is enabled.
        pub force: bool = query "force",
    }
}

options! {
    /// Options of [`Plugins::enable`].
    #[derive(Clone, Default, PartialEq)]
    pub struct PluginEnableOptions {
        /// Seconds that the engine waits whenever it asks something of the plugin; for ever unless
        /// given.
        pub timeout: u32 = always "timeout",
    }
}

options! {
    /// Options of [`Plugins::disable`].
    #[derive(Clone, Default, PartialEq)]
    pub struct PluginDisableOptions {
        /// Disables it even while it is in use.
        pub force: bool = query "force",
    }
}

options! {
    /// Options of [`Plugins::upgrade`] and [`Plugins::upgrade_with_grant`].
    #[derive(Clone, Default, PartialEq)]
    pub struct PluginUpgradeOptions {
        /// What it becomes, by reference; `latest` unless it has a tag. Must be given.
        pub remote: String = manual "remote",
        /// Credentials for the registry; unless given those that the context has for it (see
        /// [`CredentialSource`](crate::CredentialSource)). Empty ones make the call anonymous.
        pub auth: Option<AuthConfig> = manual "X-Registry-Auth",
    }
}

options! {
    /// Options of [`Plugins::push`].
    #[derive(Clone, Default, PartialEq)]
    pub struct PluginPushOptions {
        /// Credentials for the registry; unless given those that the context has for it (see
        /// [`CredentialSource`](crate::CredentialSource)). Empty ones make the call anonymous.
        pub auth: Option<AuthConfig> = manual "X-Registry-Auth",
    }
}

/// `GET /plugins`
pub(crate) fn list(options: &PluginListOptions) -> Request<Vec<Plugin>> {
    Request::new("PluginList", "GET", "/plugins").options(options).returning()
}

/// `GET /plugins/privileges`
pub(crate) fn privileges(options: &PluginPrivilegesOptions) -> Request<Vec<PluginPrivilege>> {
    Request::new("GetPluginPrivileges", "GET", "/plugins/privileges")
        .since(25)
        .remote(&options.remote)
        .registry_auth(&options.remote, options.auth.as_ref())
        // The engine asks the registry.
        .response_timeout(ResponseTimeout::None)
        .returning()
}

/// `POST /plugins/pull`
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

/// `GET /plugins/{name}/json`
pub(crate) fn inspect(name: &str) -> Request<Plugin> {
    Request::on_plugin("PluginInspect", "GET", "/plugins/{}/json", name).since(25).returning()
}

/// `DELETE /plugins/{name}`
pub(crate) fn delete(name: &str, options: &PluginDeleteOptions) -> Request<()> {
    Request::on_plugin("PluginDelete", "DELETE", "/plugins/{}", name)
        .options(options)
        .response_timeout(ResponseTimeout::None)
}

/// `POST /plugins/{name}/enable`
pub(crate) fn enable(name: &str, options: &PluginEnableOptions) -> Request<()> {
    Request::on_plugin("PluginEnable", "POST", "/plugins/{}/enable", name)
        .options(options)
        .response_timeout(ResponseTimeout::None)
}

/// `POST /plugins/{name}/disable`
pub(crate) fn disable(name: &str, options: &PluginDisableOptions) -> Request<()> {
    Request::on_plugin("PluginDisable", "POST", "/plugins/{}/disable", name)
        .options(options)
        .response_timeout(ResponseTimeout::None)
}

/// `POST /plugins/{name}/upgrade`
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

/// `POST /plugins/create`
pub(crate) fn create(name: &str) -> Request<()> {
    let mut request = Request::new("PluginCreate", "POST", "/plugins/create")
        .since(25)
        .text("name", name)
        .response_timeout(ResponseTimeout::None)
        .tar();
    if name.is_empty() {
        request.wrong("the name of the plugin is empty");
    }
    request
}

/// `POST /plugins/{name}/push`
pub(crate) fn push(name: &str, options: &PluginPushOptions) -> Request<Progress<ProgressMessage>> {
    Request::on_plugin("PluginPush", "POST", "/plugins/{}/push", name)
        .registry_auth(name, options.auth.as_ref())
        .returning()
}

/// `POST /plugins/{name}/set`
pub(crate) fn set(name: &str, settings: &[impl AsRef<str>]) -> Request<()> {
    let settings: Vec<String> = settings.iter().map(|it| it.as_ref().to_owned()).collect();
    Request::on_plugin("PluginSet", "POST", "/plugins/{}/set", name).since(25).json(&settings)
}

impl Request<()> {
    /// The parameter `remote`, which must be there.
    fn remote(mut self, remote: &str) -> Self {
        if remote.is_empty() {
            self.wrong("remote, which plugin of a registry, is empty");
        }
        self.text("remote", remote)
    }
}

/// Makes the `request` of a pull or an upgrade, if `grant` grants what the plugin wants.
fn ask(
    context: &Context,
    options: PluginPrivilegesOptions,
    grant: impl FnOnce(&[PluginPrivilege]) -> bool,
    request: impl Fn(&[PluginPrivilege]) -> Request<PluginPull>,
) -> Result<PluginPull> {
    let operation = checked(request(&[]))?;
    let wanted = context.call(privileges(&options))?;
    if !grant(&wanted) {
        return Err(not_granted(operation, &options.remote, &wanted));
    }
    Ok(PluginPull::new(begin(context, request(&wanted))?))
}

/// The operation of a pull or an upgrade that can be sent, before anything is.
pub(crate) fn checked(request: Request<PluginPull>) -> Result<&'static str> {
    let Parts { operation, wrong, .. } = request.parts;
    wrong.map_or(Ok(operation), Err)
}

/// That what a plugin wants was not granted.
pub(crate) fn not_granted(
    operation: &'static str,
    remote: &str,
    wanted: &[PluginPrivilege],
) -> Error {
    let wanted: Vec<_> =
        wanted.iter().map(|it| format!("{} [{}]", it.name, it.value.join(", "))).collect();
    let wanted = if wanted.is_empty() { "nothing".to_owned() } else { wanted.join(", ") };
    Error::NotGranted { operation, message: format!("{remote} wants {wanted}: not granted") }
}

/// A pull or an upgrade that has begun, and the name that the engine tells in its head.
pub(crate) fn begin(
    context: &Context,
    request: Request<PluginPull>,
) -> Result<(String, BodyReader)> {
    let response = context.open_stream(request, None)?;
    let name = response.headers.get("docker-plugin-name").and_then(|name| name.to_str().ok());
    Ok((name.unwrap_or_default().to_owned(), response.body))
}

/// A plugin on its way from its registry: the messages of the engine, one by one.
///
/// Ends with `None` when the plugin is there. A failure that the engine reports in a message is an
/// [`Error::Stream`] in its place, and the last item. Dropping it closes the connection, which makes
/// the engine give up.
#[must_use = "the plugin is there only when the messages are read: call finish()"]
#[derive(Debug)]
pub struct PluginPull {
    name: String,
    progress: Progress<ProgressMessage>,
}

impl PluginPull {
    fn new((name, body): (String, BodyReader)) -> PluginPull {
        PluginPull { name, progress: Progress::new(body) }
    }

    /// The name of the plugin here, with its tag; empty where the engine does not tell.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A handle that ends the work from another thread, also while it waits for the next message.
    pub fn cancel_token(&self) -> CancelToken {
        self.progress.cancel_token()
    }

    /// Waits until the plugin is there, and gives its name as [`name`](PluginPull::name).
    ///
    /// # Errors
    /// The first failure, also one that the engine reports in a message.
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
    /// Lists plugins (`GET /plugins`).
    pub fn list(&self, options: &PluginListOptions) -> Result<Vec<Plugin>> {
        self.context.call(list(options))
    }

    /// Tells what a plugin in a registry wants to be allowed (`GET /plugins/privileges`).
    /// Since API 1.25.
    ///
    /// Engines say that it wants nothing also where the registry refuses, such as for want of
    /// credentials. To pull it fails then.
    pub fn privileges(&self, options: &PluginPrivilegesOptions) -> Result<Vec<PluginPrivilege>> {
        self.context.call(privileges(options))
    }

    /// Pulls a plugin and allows it what is granted (`POST /plugins/pull`). It is there, and not
    /// enabled.
    ///
    /// Engines want all granted that [`privileges`](Plugins::privileges) told, as it was told, and
    /// nothing else; [`pull_with_grant`](Plugins::pull_with_grant) sees to it.
    ///
    /// # Errors
    /// [`Error::Conflict`] when it is there already. Engines answer before they ask the registry:
    /// what it refuses, and privileges that were not granted, may be an [`Error::Stream`] among the
    /// messages.
    pub fn pull(
        &self,
        options: &PluginPullOptions,
        granted: &[PluginPrivilege],
    ) -> Result<PluginPull> {
        Ok(PluginPull::new(begin(self.context, pull(options, granted))?))
    }

    /// Asks what a plugin wants, and pulls it if `grant` says yes to that
    /// (`GET /plugins/privileges`, `POST /plugins/pull`). Since API 1.25.
    ///
    /// `grant` is asked once, also where the plugin wants nothing.
    ///
    /// # Errors
    /// [`Error::NotGranted`] when it says no: then nothing is pulled. Else as
    /// [`pull`](Plugins::pull).
    pub fn pull_with_grant(
        &self,
        options: &PluginPullOptions,
        grant: impl FnOnce(&[PluginPrivilege]) -> bool,
    ) -> Result<PluginPull> {
        ask(self.context, options.privileges(), grant, |granted| pull(options, granted))
    }

    /// Tells everything about a plugin (`GET /plugins/{name}/json`). Since API 1.25.
    pub fn inspect(&self, name: &str) -> Result<Plugin> {
        self.context.call(inspect(name))
    }

    /// Deletes a plugin (`DELETE /plugins/{name}`).
    ///
    /// # Errors
    /// [`Error::Conflict`] when it is enabled and `force` is off.
    pub fn delete(&self, name: &str, options: &PluginDeleteOptions) -> Result<()> {
        self.context.call_outcome(delete(name, options)).map(drop)
    }

    /// Starts a plugin (`POST /plugins/{name}/enable`), and waits until it answers.
    ///
    /// # Errors
    /// [`Error::Conflict`], [`Error::BadRequest`] or [`Error::Engine`], by the engine's age, when it
    /// is enabled already, or does not start or answer.
    pub fn enable(&self, name: &str, options: &PluginEnableOptions) -> Result<()> {
        self.context.call_outcome(enable(name, options)).map(drop)
    }

    /// Stops a plugin (`POST /plugins/{name}/disable`).
    ///
    /// # Errors
    /// [`Error::Conflict`], [`Error::BadRequest`] or [`Error::Engine`], by the engine's age, when it
    /// is not enabled, or in use and `force` is off.
    pub fn disable(&self, name: &str, options: &PluginDisableOptions) -> Result<()> {
        self.context.call_outcome(disable(name, options)).map(drop)
    }

    /// Makes of a plugin what a registry has (`POST /plugins/{name}/upgrade`), and allows it what is
    /// granted, as [`pull`](Plugins::pull). It must be disabled; its settings go. Since API 1.26.
    pub fn upgrade(
        &self,
        name: &str,
        options: &PluginUpgradeOptions,
        granted: &[PluginPrivilege],
    ) -> Result<PluginPull> {
        Ok(PluginPull::new(begin(self.context, upgrade(name, options, granted))?))
    }

    /// Asks what a plugin in a registry wants, and upgrades to it if `grant` says yes to that
    /// (`GET /plugins/privileges`, `POST /plugins/{name}/upgrade`). Since API 1.26.
    ///
    /// # Errors
    /// [`Error::NotGranted`] when it says no: then nothing changes. Else as
    /// [`upgrade`](Plugins::upgrade).
    pub fn upgrade_with_grant(
        &self,
        name: &str,
        options: &PluginUpgradeOptions,
        grant: impl FnOnce(&[PluginPrivilege]) -> bool,
    ) -> Result<PluginPull> {
        ask(self.context, options.privileges(), grant, |granted| upgrade(name, options, granted))
    }

    /// Makes a plugin from a tar with its `config.json` and its root directory `rootfs`
    /// (`POST /plugins/create`). The tar is streamed up. Since API 1.25.
    ///
    /// # Errors
    /// [`Error::Conflict`] or [`Error::Engine`], by the engine's age, when the name is taken.
    pub fn create(&self, name: &str, tar: &mut dyn Read) -> Result<()> {
        self.context.call_with(create(name).parts, Some(tar), |_| Ok(()))
    }

    /// Pushes a plugin to the registry in its name (`POST /plugins/{name}/push`).
    ///
    /// # Errors
    /// Engines answer before they ask the registry: what it refuses is an [`Error::Stream`] among
    /// the messages.
    pub fn push(
        &self,
        name: &str,
        options: &PluginPushOptions,
    ) -> Result<Progress<ProgressMessage>> {
        Ok(Progress::new(self.context.open_stream(push(name, options), None)?.body))
    }

    /// Changes settings of a plugin (`POST /plugins/{name}/set`), which must be disabled: each as
    /// `NAME=value`, or `NAME.field=value` where the name is that of a mount or device.
    /// Since API 1.25.
    ///
    /// # Errors
    /// [`Error::Conflict`], [`Error::BadRequest`] or [`Error::Engine`], by the engine's age, when it
    /// is enabled, or there is no such setting, or it cannot be changed.
    pub fn set(&self, name: &str, settings: &[impl AsRef<str>]) -> Result<()> {
        self.context.call_outcome(set(name, settings)).map(drop)
    }
}

impl PluginPullOptions {
    /// To ask what it wants.
    pub(crate) fn privileges(&self) -> PluginPrivilegesOptions {
        PluginPrivilegesOptions { remote: self.remote.clone(), auth: self.auth.clone() }
    }
}

impl PluginUpgradeOptions {
    /// To ask what it wants.
    pub(crate) fn privileges(&self) -> PluginPrivilegesOptions {
        PluginPrivilegesOptions { remote: self.remote.clone(), auth: self.auth.clone() }
    }
}
