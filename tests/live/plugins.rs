//! Plugins: all operations with a plugin that is built by the tests.

use crate::helpers::{
    LIMIT, PrivateEngine, Registry, Report, TestPlugin, assert_unsupported, docker, is_podman,
    live, live_on, plugin_tar, unique,
};
use crate::support::within;
use dockline::model::{AuthConfig, PluginPrivilege, ProgressMessage};
use dockline::{
    Context, Error, Filters, PluginDeleteOptions, PluginDisableOptions, PluginEnableOptions,
    PluginListOptions, PluginPrivilegesOptions, PluginPullOptions, PluginPushOptions,
    PluginUpgradeOptions, VolumeDeleteOptions,
};

fn enabled(docker: &Context, name: &str) -> bool {
    docker.plugins().inspect(name).unwrap().enabled
}

/// Checks an error whose status differs between engine versions.
#[track_caller]
fn assert_rejected<T: std::fmt::Debug>(result: dockline::Result<T>, message: &str) {
    let error = result.unwrap_err();
    assert!(error.api_error().is_some() && error.to_string().contains(message), "{error:?}");
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn create_set_enable_disable_delete() {
    live(|docker| {
        if is_podman(docker) {
            return;
        }
        let plugins = docker.plugins();
        let plugin = TestPlugin::create(docker, &format!("{}:1", unique("plugin")), "created here");
        assert_rejected(
            plugins.create(&plugin.name, &mut &plugin_tar("again")[..]),
            "already exists",
        );

        let created = plugins.inspect(&plugin.name).unwrap();
        assert_eq!((&created.name, created.enabled), (&plugin.name, false));
        assert_eq!(created.config.description, "created here");
        assert_eq!(created.config.interface.types, ["docker.volumedriver/1.0"]);
        assert_eq!(created.config.interface.socket, "test.sock");
        assert_eq!(
            (&*created.settings.mounts[0].name, &*created.settings.mounts[0].source),
            ("data", "/tmp")
        );
        assert_eq!(created.config.linux.capabilities, ["CAP_SYS_NICE"]);
        assert_eq!(created.config.rootfs.as_ref().unwrap().diff_ids.len(), 1);
        assert_eq!(created.settings.env, ["DEBUG=0"]);
        assert_eq!(plugins.inspect(&created.id[..16]).unwrap(), created);

        plugins.set(&plugin.name, &["DEBUG=1", "data.source=/var"]).unwrap();
        let set = plugins.inspect(&plugin.name).unwrap().settings;
        assert_eq!((&*set.env[0], &*set.mounts[0].source), ("DEBUG=1", "/var"));
        assert_rejected(plugins.set(&plugin.name, &["NOTHING=1"]), "NOTHING");

        assert_rejected(plugins.disable(&plugin.name, &Default::default()), "already disabled");
        plugins.enable(&plugin.name, &PluginEnableOptions { timeout: 30 }).unwrap();
        assert!(enabled(docker, &plugin.name));
        assert_rejected(plugins.enable(&plugin.name, &Default::default()), "already enabled");
        assert_rejected(plugins.set(&plugin.name, &["DEBUG=0"]), "plugin");
        let error = plugins.delete(&plugin.name, &Default::default()).unwrap_err();
        assert!(matches!(error, Error::Conflict(_)), "{error:?}");

        let is_listed = |enabled: &str| {
            let filters =
                Filters::new().with("enabled", enabled).with("capability", "volumedriver");
            let found = plugins.list(&PluginListOptions { filters }).unwrap();
            found.iter().any(|it| it.name == plugin.name)
        };
        assert!(is_listed("true") && !is_listed("false"));

        // A plugin in use by a volume can only be disabled with `force`.
        let body = dockline::model::VolumeCreateRequest {
            name: unique("volume"),
            driver: plugin.name.clone(),
            ..Default::default()
        };
        let volume = docker.volumes().create(&body).unwrap();
        assert_eq!(volume.driver, plugin.name);
        assert_rejected(plugins.disable(&plugin.name, &Default::default()), "in use");
        plugins.disable(&plugin.name, &PluginDisableOptions { force: true }).unwrap();
        assert!(!enabled(docker, &plugin.name));
        plugins.enable(&plugin.name, &Default::default()).unwrap();
        // The restarted plugin does not have the volume.
        docker.volumes().delete(&volume.name, &VolumeDeleteOptions { force: true }).unwrap();

        plugins.delete(&plugin.name, &PluginDeleteOptions { force: true }).unwrap();
        assert!(matches!(plugins.inspect(&plugin.name).unwrap_err(), Error::NotFound(_)));
        let again = plugins.delete(&plugin.name, &Default::default());
        assert!(matches!(again.unwrap_err(), Error::NotFound(_)));
    });
}

/// Pushes two versions of a plugin to the registry, and deletes both from the engine.
fn push_two_versions(
    docker: &Context,
    registry: &Registry,
) -> Result<(String, Option<AuthConfig>), Error> {
    let repo = format!("{}/{}", registry.address, unique("plugin"));
    let auth = Some(registry.credentials());
    for version in ["1", "2"] {
        let plugin = TestPlugin::create(docker, &format!("{repo}:{version}"), version);
        let plugins = docker.plugins();
        let unauthorized = plugins.push(&plugin.name, &Default::default());
        let error = unauthorized.and_then(|progress| progress.finish()).unwrap_err();
        assert!(matches!(error, Error::Stream { .. }), "{error:?}");
        let options = PluginPushOptions { auth: auth.clone() };
        let messages = plugins.push(&plugin.name, &options).and_then(|it| it.collect());
        let messages: Vec<ProgressMessage> = match messages {
            Ok(messages) => messages,
            Err(error) => {
                // Deleted with its engine.
                std::mem::forget(plugin);
                return Err(error);
            }
        };
        assert!(messages.iter().any(|it| !it.status.is_empty()), "{messages:?}");
    }
    Ok((repo, auth))
}

/// Returns a private engine and a registry with such plugins. Docker 20.10 sometimes fails to push
/// a plugin to a registry without TLS ("server gave HTTP response to HTTPS client") and exits; then
/// another engine is started.
fn engine_with_two_versions() -> (Registry, PrivateEngine, String, Option<AuthConfig>) {
    let report = Report::for_current_test();
    within(LIMIT, move || {
        for _ in 0..3 {
            let engine = PrivateEngine::start();
            let registry = Registry::start(&engine.docker());
            match push_two_versions(&report.watch(&engine.docker()), &registry) {
                Ok((repo, auth)) => {
                    report.end(true);
                    return (registry, engine, repo, auth);
                }
                Err(error) => eprintln!("push failed: {error}"),
            }
            // Dropped first, since the registry's container is deleted with its engine.
            drop(engine);
        }
        panic!("push failed three times");
    })
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn push_pull_upgrade() {
    // See `unsupported_by_podman`.
    if is_podman(&docker()) {
        return;
    }
    let (registry, engine, repo, auth) = engine_with_two_versions();
    live_on(engine.docker(), move |docker| {
        let _registry = registry;
        let plugins = docker.plugins();
        let name = format!("{}:mine", unique("pulled"));
        let _plugin = TestPlugin::guard(docker, &name);
        let options = PluginPullOptions {
            remote: format!("{repo}:1"),
            name: name.clone(),
            auth: auth.clone(),
        };

        // Without credentials the list of privileges is empty.
        let request =
            PluginPrivilegesOptions { remote: options.remote.clone(), auth: auth.clone() };
        let privileges = plugins.privileges(&request).unwrap();
        let [mount, capabilities] = &privileges[..] else { panic!("{privileges:?}") };
        assert_eq!((&*mount.name, &**mount.value), ("mount", &["/tmp".to_owned()][..]));
        assert_eq!(capabilities.value, ["CAP_SYS_NICE"]);
        let anonymous = PluginPrivilegesOptions { auth: None, ..request };
        assert_eq!(plugins.privileges(&anonymous).unwrap(), []);

        // A pull with a missing grant fails, in the library or in the engine.
        let plugin_exists = || match plugins.inspect(&name) {
            Ok(_) => true,
            Err(Error::NotFound(_)) => false,
            Err(error) => panic!("{error}"),
        };
        let error = plugins.pull_with_grant(&options, |_| false).unwrap_err();
        assert!(matches!(error, Error::NotGranted { .. }), "{error:?}");
        assert!(!plugin_exists());
        for granted in [&[][..], &privileges[..1]] {
            let pull = plugins.pull(&options, granted).and_then(|pull| pull.finish());
            assert!(pull.unwrap_err().to_string().contains("privileges"));
            assert!(!plugin_exists());
        }

        let mut requested = Vec::<PluginPrivilege>::new();
        let pull = plugins.pull_with_grant(&options, |privileges| {
            requested.extend_from_slice(privileges);
            true
        });
        let pull = pull.unwrap();
        assert_eq!(pull.name(), name);
        assert_eq!(pull.finish().unwrap(), name);
        assert_eq!(requested, privileges);
        let pulled = plugins.inspect(&name).unwrap();
        assert_eq!((&*pulled.config.description, pulled.enabled), ("1", false));
        assert_eq!(pulled.plugin_reference, options.remote);
        let again = plugins.pull(&options, &privileges).and_then(|pull| pull.finish());
        assert_rejected(again.map(drop), "already exists");

        plugins.enable(&name, &PluginEnableOptions { timeout: 30 }).unwrap();
        let newer = PluginUpgradeOptions { remote: format!("{repo}:2"), auth };
        let upgraded = plugins.upgrade(&name, &newer, &privileges).and_then(|it| it.finish());
        let error = upgraded.unwrap_err();
        assert!(error.to_string().contains("must be disabled"), "{error:?}");
        plugins.disable(&name, &Default::default()).unwrap();
        plugins.upgrade_with_grant(&name, &newer, |_| true).unwrap().finish().unwrap();
        let upgraded = plugins.inspect(&name).unwrap();
        assert_eq!((&upgraded.id, &*upgraded.config.description), (&pulled.id, "2"));
        plugins.enable(&name, &PluginEnableOptions { timeout: 30 }).unwrap();
        assert!(enabled(docker, &name));
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn reports_unknown_plugin() {
    live(|docker| {
        let plugins = docker.plugins();
        let name = unique("plugin");
        let results = [
            plugins.inspect(&name).map(drop),
            plugins.delete(&name, &Default::default()),
            plugins.enable(&name, &Default::default()),
            plugins.disable(&name, &Default::default()),
            plugins.set(&name, &["A=b"]),
            plugins.push(&name, &Default::default()).and_then(|it| it.finish()),
        ];
        for error in results.map(Result::unwrap_err) {
            match is_podman(docker) {
                true => assert_unsupported(&error, ""),
                false => assert!(matches!(error, Error::NotFound(_)), "{error:?}"),
            }
        }
    });
}

/// Podman does not have these plugins.
#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn unsupported_by_podman() {
    live(|docker| {
        if !is_podman(docker) {
            return assert!(docker.plugins().list(&Default::default()).is_ok());
        }
        let plugins = docker.plugins();
        let remote = "none".to_owned();
        let privileges = PluginPrivilegesOptions { remote: remote.clone(), auth: None };
        let pull = PluginPullOptions { remote: remote.clone(), ..Default::default() };
        let upgrade = PluginUpgradeOptions { remote, auth: None };
        let results = [
            plugins.list(&Default::default()).map(drop),
            plugins.privileges(&privileges).map(drop),
            plugins.pull(&pull, &[]).map(drop),
            plugins.upgrade("none", &upgrade, &[]).map(drop),
            plugins.create("none", &mut &plugin_tar("none")[..]),
        ];
        for error in results.map(Result::unwrap_err) {
            assert_unsupported(&error, "");
        }
    });
}
