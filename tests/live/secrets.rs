//! Secrets and configs, in a swarm of one engine.

use crate::helpers::{PrivateEngine, assert_unsupported, docker, is_podman, live, live_on, unique};
use dockline::model::{ConfigSpec, SecretSpec, SwarmInitRequest};
use dockline::{
    ConfigListOptions, ConfigUpdateOptions, Context, Error, Filters, SecretListOptions,
    SecretUpdateOptions,
};

/// Runs the body of a test on a private engine that is a swarm manager. The engine under test does
/// not join a swarm.
fn on_manager(test: impl FnOnce(&Context) + Send + 'static) {
    let engine = PrivateEngine::start();
    let body = SwarmInitRequest {
        listen_addr: "127.0.0.1:2377".into(),
        advertise_addr: "127.0.0.1".into(),
        ..Default::default()
    };
    engine.docker().swarm().init(&body).unwrap();
    live_on(engine.docker(), test);
}

/// Its standard and URL-safe base64 differ. The engine returns the content of configs.
const CONTENT: &[u8] = &[0, 1, b'\n', 0xfb, 0xff, 0xfe, b'>', b'?'];

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn secrets() {
    if is_podman(&docker()) {
        return live(podman_secrets);
    }
    live(|docker| {
        let error = docker.secrets().list(&Default::default()).unwrap_err();
        assert!(matches!(error, Error::NoSwarm(_)), "{error:?}");
    });
    on_manager(|docker| {
        let spec = SecretSpec {
            name: "db.password".into(),
            labels: [("a", "b")].into(),
            data: CONTENT.into(),
            ..Default::default()
        };
        let id = docker.secrets().create(&spec).unwrap().id;
        assert_eq!(id.len(), 25, "{id}");
        assert!(matches!(docker.secrets().create(&spec).unwrap_err(), Error::Conflict(_)));
        let empty = SecretSpec { name: "empty".into(), ..Default::default() };
        let error = docker.secrets().create(&empty).unwrap_err();
        assert!(matches!(error, Error::BadRequest(_)), "{error:?}");

        // By ID, by a prefix of the ID, and by name; the content is never returned.
        let secret = docker.secrets().inspect(&id).unwrap();
        assert_eq!((&secret.id, &*secret.spec.name), (&id, "db.password"));
        assert_eq!((&secret.spec.labels, &*secret.spec.data), (&spec.labels, &[][..]));
        assert!(secret.created_at.unix_nanos() > Some(0), "{secret:?}");
        for name in ["db.password", &id[..8]] {
            assert_eq!(docker.secrets().inspect(name).unwrap(), secret);
        }
        let filters = Filters::new().with("label", "a=b");
        let found = docker.secrets().list(&SecretListOptions { filters }).unwrap();
        assert_eq!(found, std::slice::from_ref(&secret));

        let mut changed = secret.spec.clone();
        changed.labels = [("c", "d")].into();
        let options = SecretUpdateOptions { version: secret.version.index };
        docker.secrets().update(&id, &options, &changed).unwrap();
        let updated = docker.secrets().inspect(&id).unwrap();
        assert_eq!(updated.spec, changed);
        assert!(updated.version.index > secret.version.index);

        // An update must have the current version and may only change labels.
        let other = SecretSpec { data: "other".into(), ..changed.clone() };
        let options = SecretUpdateOptions { version: updated.version.index };
        let error = docker.secrets().update(&id, &options, &other).unwrap_err();
        assert!(error.to_string().contains("only updates to Labels are allowed"), "{error}");
        let stale = SecretUpdateOptions { version: secret.version.index };
        let error = docker.secrets().update(&id, &stale, &changed).unwrap_err();
        assert!(matches!(error, Error::Conflict(_)), "{error:?}");
        let relabel = |spec: &mut SecretSpec| drop(spec.labels.insert("e".into(), "f".into()));
        docker.secrets().update_with(&id, relabel).unwrap();
        let found = docker.secrets().inspect(&id).unwrap();
        assert_eq!(found.spec.labels, [("c", "d"), ("e", "f")].into());

        docker.secrets().delete("db.password").unwrap();
        assert!(matches!(docker.secrets().inspect(&id).unwrap_err(), Error::NotFound(_)));
        assert!(matches!(docker.secrets().delete(&id).unwrap_err(), Error::NotFound(_)));
    });
}

/// Podman has secrets without a swarm. It cannot update them.
fn podman_secrets(docker: &Context) {
    let name = unique("secret");
    let spec = SecretSpec { name: name.clone(), data: CONTENT.into(), ..Default::default() };
    let id = docker.secrets().create(&spec).unwrap().id;
    let secret = docker.secrets().inspect(&name).unwrap();
    assert_eq!((&secret.id, &secret.spec.name), (&id, &name));
    let filters = Filters::new().with("name", &name);
    let found = docker.secrets().list(&SecretListOptions { filters }).unwrap();
    assert!(found.iter().any(|it| it.id == id), "{found:?}");
    let options = SecretUpdateOptions { version: secret.version.index };
    let updated = docker.secrets().update(&id, &options, &secret.spec);
    docker.secrets().delete(&name).unwrap();
    assert!(matches!(docker.secrets().inspect(&id).unwrap_err(), Error::NotFound(_)));
    assert_unsupported(&updated.unwrap_err(), "update is not supported");
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn configs() {
    if is_podman(&docker()) {
        return live(|docker| {
            let configs = docker.configs();
            let spec = ConfigSpec { name: "c".into(), ..Default::default() };
            for result in [
                configs.list(&Default::default()).map(drop),
                configs.create(&spec).map(drop),
                configs.inspect("c").map(drop),
                configs.update("c", &Default::default(), &spec),
                configs.delete("c"),
            ] {
                assert_unsupported(&result.unwrap_err(), "");
            }
        });
    }
    live(|docker| {
        let error = docker.configs().list(&Default::default()).unwrap_err();
        assert!(matches!(error, Error::NoSwarm(_)), "{error:?}");
    });
    on_manager(|docker| {
        let spec = ConfigSpec {
            name: "nginx".into(),
            labels: [("a", "b")].into(),
            data: CONTENT.into(),
            ..Default::default()
        };
        let id = docker.configs().create(&spec).unwrap().id;
        let config = docker.configs().inspect("nginx").unwrap();
        assert_eq!((&config.id, &config.spec), (&id, &spec));
        assert!(matches!(docker.configs().create(&spec).unwrap_err(), Error::Conflict(_)));
        let filters = Filters::new().with("name", "ngi");
        let found = docker.configs().list(&ConfigListOptions { filters }).unwrap();
        assert_eq!(found, std::slice::from_ref(&config));

        let mut changed = spec.clone();
        changed.labels = [("c", "d")].into();
        let options = ConfigUpdateOptions { version: config.version.index };
        docker.configs().update("nginx", &options, &changed).unwrap();
        assert_eq!(docker.configs().inspect(&id).unwrap().spec, changed);
        let error = docker.configs().update(&id, &options, &changed).unwrap_err();
        assert!(matches!(error, Error::Conflict(_)), "{error:?}");
        let relabel = |spec: &mut ConfigSpec| spec.labels = [("e", "f")].into();
        docker.configs().update_with("nginx", relabel).unwrap();
        let found = docker.configs().inspect(&id).unwrap().spec;
        assert_eq!((found.labels, &*found.data), ([("e", "f")].into(), CONTENT));

        docker.configs().delete(&id).unwrap();
        assert!(matches!(docker.configs().inspect(&id).unwrap_err(), Error::NotFound(_)));
    });
}
