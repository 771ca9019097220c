//! Plugins: one that is built here, in all its life.

use crate::helpers::{
    LIMIT, PrivateEngine, Registry, Report, TestPlugin, docker, is_podman, live, live_on,
    plugin_tar, refused_by, unique,
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

/// What engines say in different ages by different statuses.
#[track_caller]
fn refused<T: std::fmt::Debug>(result: dockline::Result<T>, words: &str) {
    let error = result.unwrap_err();
    assert!(error.api_error().is_some() && error.to_string().contains(words), "{error:?}");
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn made_set_enabled_disabled_deleted() {
    live(|docker| {
        if is_podman(docker) {
            return;
        }
        let plugins = docker.plugins();
        let plugin = TestPlugin::create(docker, &format!("{}:1", unique("plugin")), "made here");
        refused(plugins.create(&plugin.name, &mut &plugin_tar("again")[..]), "already exists");

        let made = plugins.inspect(&plugin.name).unwrap();
        assert_eq!((&made.name, made.enabled), (&plugin.name, false));
        assert_eq!(made.config.description, "made here");
        assert_eq!(made.config.interface.types, ["docker.volumedriver/1.0"]);
        assert_eq!(made.config.interface.socket, "test.sock");
        assert_eq!(
            (&*made.settings.mounts[0].name, &*made.settings.mounts[0].source),
            ("data", "/tmp")
        );
        assert_eq!(made.config.linux.capabilities, ["CAP_SYS_NICE"]);
        assert_eq!(made.config.rootfs.as_ref().unwrap().diff_ids.len(), 1);
        assert_eq!(made.settings.env, ["DEBUG=0"]);
        assert_eq!(plugins.inspect(&made.id[..16]).unwrap(), made);

        plugins.set(&plugin.name, &["DEBUG=1", "data.source=/var"]).unwrap();
        let set = plugins.inspect(&plugin.name).unwrap().settings;
        assert_eq!((&*set.env[0], &*set.mounts[0].source), ("DEBUG=1", "/var"));
        refused(plugins.set(&plugin.name, &["NOTHING=1"]), "NOTHING");

        refused(plugins.disable(&plugin.name, &Default::default()), "already disabled");
        plugins.enable(&plugin.name, &PluginEnableOptions { timeout: 30 }).unwrap();
        assert!(enabled(docker, &plugin.name));
        refused(plugins.enable(&plugin.name, &Default::default()), "already enabled");
        refused(plugins.set(&plugin.name, &["DEBUG=0"]), "plugin");
        let error = plugins.delete(&plugin.name, &Default::default()).unwrap_err();
        assert!(matches!(error, Error::Conflict(_)), "{error:?}");

        let ours = |enabled: &str| {
            let filters =
                Filters::new().with("enabled", enabled).with("capability", "volumedriver");
            let found = plugins.list(&PluginListOptions { filters }).unwrap();
            found.iter().any(|it| it.name == plugin.name)
        };
        assert!(ours("true") && !ours("false"));

        // In use by a volume, it is disabled by force only.
        let body = dockline::model::VolumeCreateRequest {
            name: unique("volume"),
            driver: plugin.name.clone(),
            ..Default::default()
        };
        let volume = docker.volumes().create(&body).unwrap();
        assert_eq!(volume.driver, plugin.name);
        refused(plugins.disable(&plugin.name, &Default::default()), "in use");
        plugins.disable(&plugin.name, &PluginDisableOptions { force: true }).unwrap();
        assert!(!enabled(docker, &plugin.name));
        plugins.enable(&plugin.name, &Default::default()).unwrap();
        // The plugin has forgotten it.
        docker.volumes().delete(&volume.name, &VolumeDeleteOptions { force: true }).unwrap();

        plugins.delete(&plugin.name, &PluginDeleteOptions { force: true }).unwrap();
        assert!(matches!(plugins.inspect(&plugin.name).unwrap_err(), Error::NotFound(_)));
        let again = plugins.delete(&plugin.name, &Default::default());
        assert!(matches!(again.unwrap_err(), Error::NotFound(_)));
    });
}

/// A plugin in two versions in the registry, and none of it on the engine.
fn push_two(docker: &Context, registry: &Registry) -> Result<(String, Option<AuthConfig>), Error> {
    let repo = format!("{}/{}", registry.address, unique("plugin"));
    let auth = Some(registry.credentials());
    for version in ["1", "2"] {
        let plugin = TestPlugin::create(docker, &format!("{repo}:{version}"), version);
        let plugins = docker.plugins();
        let refused = plugins.push(&plugin.name, &Default::default());
        let error = refused.and_then(|progress| progress.finish()).unwrap_err();
        assert!(matches!(error, Error::Stream { .. }), "{error:?}");
        let options = PluginPushOptions { auth: auth.clone() };
        let messages = plugins.push(&plugin.name, &options).and_then(|it| it.collect());
        let told: Vec<ProgressMessage> = match messages {
            Ok(told) => told,
            Err(error) => {
                // It goes together with its engine.
                std::mem::forget(plugin);
                return Err(error);
            }
        };
        assert!(told.iter().any(|it| !it.status.is_empty()), "{told:?}");
    }
    Ok((repo, auth))
}

/// An engine with such a registry. Now and then Docker 20.10 fails when it pushes a plugin to a registry
/// without TLS ("server gave HTTP response to HTTPS client"), and ends: so it is one of its own, and
/// then another.
fn engine_with_two() -> (Registry, PrivateEngine, String, Option<AuthConfig>) {
    let report = Report::of_this_test();
    within(LIMIT, move || {
        for _ in 0..3 {
            let engine = PrivateEngine::up();
            let registry = Registry::start(&engine.docker());
            match push_two(&report.watch(&engine.docker()), &registry) {
                Ok((repo, auth)) => {
                    report.end(true);
                    return (registry, engine, repo, auth);
                }
                Err(error) => eprintln!("the push has failed: {error}"),
            }
            // In this order: the registry's container goes with its engine.
            drop(engine);
        }
        panic!("the push has failed three times");
    })
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn pushed_pulled_upgraded() {
    // See `where_there_are_none`.
    if is_podman(&docker()) {
        return;
    }
    let (registry, engine, repo, auth) = engine_with_two();
    live_on(engine.docker(), move |docker| {
        let _registry = registry;
        let plugins = docker.plugins();
        let name = format!("{}:mine", unique("pulled"));
        let _plugin = TestPlugin::of(docker, &name);
        let options = PluginPullOptions {
            remote: format!("{repo}:1"),
            name: name.clone(),
            auth: auth.clone(),
        };

        // What it wants is told with credentials only; without, that it wants nothing.
        let ask = PluginPrivilegesOptions { remote: options.remote.clone(), auth: auth.clone() };
        let wanted = plugins.privileges(&ask).unwrap();
        let [mount, capabilities] = &wanted[..] else { panic!("{wanted:?}") };
        assert_eq!((&*mount.name, &**mount.value), ("mount", &["/tmp".to_owned()][..]));
        assert_eq!(capabilities.value, ["CAP_SYS_NICE"]);
        let anonymous = PluginPrivilegesOptions { auth: None, ..ask };
        assert_eq!(plugins.privileges(&anonymous).unwrap(), []);

        // What is not granted is not pulled, whoever says so: we, or the engine.
        let is_there = || match plugins.inspect(&name) {
            Ok(_) => true,
            Err(Error::NotFound(_)) => false,
            Err(error) => panic!("{error}"),
        };
        let error = plugins.pull_with_grant(&options, |_| false).unwrap_err();
        assert!(matches!(error, Error::NotGranted { .. }), "{error:?}");
        assert!(!is_there());
        for granted in [&[][..], &wanted[..1]] {
            let pull = plugins.pull(&options, granted).and_then(|pull| pull.finish());
            assert!(pull.unwrap_err().to_string().contains("privileges"));
            assert!(!is_there());
        }

        let mut shown = Vec::<PluginPrivilege>::new();
        let pull = plugins.pull_with_grant(&options, |wanted| {
            shown.extend_from_slice(wanted);
            true
        });
        let pull = pull.unwrap();
        assert_eq!(pull.name(), name);
        assert_eq!(pull.finish().unwrap(), name);
        assert_eq!(shown, wanted);
        let pulled = plugins.inspect(&name).unwrap();
        assert_eq!((&*pulled.config.description, pulled.enabled), ("1", false));
        assert_eq!(pulled.plugin_reference, options.remote);
        let again = plugins.pull(&options, &wanted).and_then(|pull| pull.finish());
        refused(again.map(drop), "already exists");

        plugins.enable(&name, &PluginEnableOptions { timeout: 30 }).unwrap();
        let newer = PluginUpgradeOptions { remote: format!("{repo}:2"), auth };
        let upgraded = plugins.upgrade(&name, &newer, &wanted).and_then(|it| it.finish());
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
fn not_there() {
    live(|docker| {
        let plugins = docker.plugins();
        let name = unique("plugin");
        let done = [
            plugins.inspect(&name).map(drop),
            plugins.delete(&name, &Default::default()),
            plugins.enable(&name, &Default::default()),
            plugins.disable(&name, &Default::default()),
            plugins.set(&name, &["A=b"]),
            plugins.push(&name, &Default::default()).and_then(|it| it.finish()),
        ];
        for error in done.map(Result::unwrap_err) {
            match is_podman(docker) {
                true => refused_by(&error, ""),
                false => assert!(matches!(error, Error::NotFound(_)), "{error:?}"),
            }
        }
    });
}

/// Podman has no plugins of this kind, and says so to whatever brings one.
#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn where_there_are_none() {
    live(|docker| {
        if !is_podman(docker) {
            return assert!(docker.plugins().list(&Default::default()).is_ok());
        }
        let plugins = docker.plugins();
        let remote = "none".to_owned();
        let ask = PluginPrivilegesOptions { remote: remote.clone(), auth: None };
        let pull = PluginPullOptions { remote: remote.clone(), ..Default::default() };
        let upgrade = PluginUpgradeOptions { remote, auth: None };
        let done = [
            plugins.list(&Default::default()).map(drop),
            plugins.privileges(&ask).map(drop),
            plugins.pull(&pull, &[]).map(drop),
            plugins.upgrade("none", &upgrade, &[]).map(drop),
            plugins.create("none", &mut &plugin_tar("none")[..]),
        ];
        for error in done.map(Result::unwrap_err) {
            refused_by(&error, "");
        }
    });
}
