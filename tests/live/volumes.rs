//! Volumes on a real engine, and disk usage.

use crate::helpers::{
    Container, LIMIT, assert_unsupported, is_podman, live, note_difference, shell, unique,
};
use dockline::model::{
    ContainerCreateRequest, SystemDataUsage, Volume, VolumeCreateRequest, VolumeScope,
    VolumeUpdateRequest,
};
use dockline::{
    ApiVersion, Context, DataUsageType, Error, Filters, SystemDataUsageOptions,
    VolumeDeleteOptions, VolumeListOptions, VolumePruneOptions, VolumeUpdateOptions,
};

/// A volume of one test, deleted on drop. Drop its containers first.
struct TestVolume {
    docker: Context,
    name: String,
}

impl TestVolume {
    #[track_caller]
    fn create(docker: &Context, body: &VolumeCreateRequest) -> TestVolume {
        let name = docker.volumes().create(body).unwrap().name;
        TestVolume { docker: docker.clone(), name }
    }
}

impl Drop for TestVolume {
    fn drop(&mut self) {
        match self.docker.volumes().delete(&self.name, &Default::default()) {
            Ok(()) | Err(Error::NotFound(_)) => {}
            Err(error) if std::thread::panicking() => {
                eprintln!("cannot delete {}: {error}", self.name)
            }
            Err(error) => panic!("cannot delete {}: {error}", self.name),
        }
    }
}

fn named(name: &str) -> VolumeCreateRequest {
    VolumeCreateRequest { name: name.into(), ..Default::default() }
}

fn labelled(label: &str, value: &str) -> VolumeCreateRequest {
    VolumeCreateRequest {
        labels: [(label.to_owned(), value.to_owned())].into(),
        ..named(&unique("volume"))
    }
}

/// Returns the request for a container that mounts the volume at `/data`.
fn mounting(volume: &TestVolume, script: &str) -> ContainerCreateRequest {
    let mut request = shell(script);
    request.host_config.binds = vec![format!("{}:/data", volume.name)].into();
    request
}

fn list(docker: &Context, name: &str, value: &str) -> Vec<String> {
    let filters = Filters::new().with(name, value);
    let found = docker.volumes().list(&VolumeListOptions { filters }).unwrap();
    assert!(found.warnings.is_empty());
    let mut names: Vec<String> = found.volumes.into_iter().map(|volume| volume.name).collect();
    names.sort();
    names
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn create_and_inspect() {
    live(|docker| {
        let name = unique("volume");
        let body = VolumeCreateRequest {
            driver: "local".into(),
            driver_opts: [("type", "tmpfs"), ("device", "tmpfs")].into(),
            labels: [("a.label", "größer = \"c\""), (&name, "")].into(),
            ..named(&name)
        };
        let created = docker.volumes().create(&body).unwrap();
        let volume = TestVolume { docker: docker.clone(), name: created.name.clone() };
        let found = docker.volumes().inspect(&name).unwrap();
        for seen in [&created, &found] {
            assert_eq!((seen.name.as_str(), seen.driver.as_str()), (name.as_str(), "local"));
            assert_eq!((&seen.options, &seen.labels), (&body.driver_opts, &body.labels));
            assert_eq!(seen.scope, VolumeScope::Local);
            assert!(seen.created_at.unix_nanos().unwrap() > 1_500_000_000_000_000_000);
            assert!(seen.mountpoint.contains(&name), "{}", seen.mountpoint);
            assert!(seen.cluster_volume.is_none());
        }
        assert_eq!(list(docker, "label", &name), [name.as_str()]);
        assert_eq!(list(docker, "name", &name), [name.as_str()]);
        assert!(list(docker, "driver", "local").contains(&name));
        assert!(list(docker, "dangling", "true").contains(&name));
        assert!(!list(docker, "dangling", "false").contains(&name));

        // Creating it again returns the existing volume.
        assert_eq!(docker.volumes().create(&body).unwrap().created_at, created.created_at);
        drop(volume);
        let error = docker.volumes().inspect(&name).unwrap_err();
        assert!(matches!(error, Error::NotFound(_)), "{error}");
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn volume_outlives_containers() {
    live(|docker| {
        // The engine generates a name.
        let volume = TestVolume::create(docker, &VolumeCreateRequest::default());
        assert!(volume.name.len() > 30, "{}", volume.name);
        let writer = Container::create(docker, &mounting(&volume, "echo kept >/data/file"));
        writer.start();
        assert_eq!(writer.wait(), 0);

        let error = docker.volumes().delete(&volume.name, &Default::default()).unwrap_err();
        assert!(matches!(error, Error::Conflict(_)), "in use by a container: {error}");
        assert!(list(docker, "dangling", "false").contains(&volume.name));
        drop(writer);

        let reader = Container::create(docker, &mounting(&volume, "cat /data/file"));
        reader.start();
        assert_eq!(reader.wait(), 0);
        assert_eq!(reader.output().out(), "kept\n");
        drop(reader);
        docker.volumes().delete(&volume.name, &Default::default()).unwrap();

        let error = docker.volumes().delete(&volume.name, &Default::default()).unwrap_err();
        assert!(matches!(error, Error::NotFound(_)), "{error}");
        let force = VolumeDeleteOptions { force: true };
        docker.volumes().delete(&volume.name, &force).unwrap();
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn error_responses() {
    live(|docker| {
        let error = docker.volumes().create(&named("a name")).unwrap_err();
        let podman = is_podman(docker) && matches!(error, Error::Engine(_));
        assert!(matches!(error, Error::BadRequest(_)) || podman, "{error}");
        assert!(error.to_string().contains("a-zA-Z0-9"), "{error}");

        // The engine is not in a swarm.
        let body = VolumeUpdateRequest { spec: Some(Default::default()) };
        let options = VolumeUpdateOptions { version: 1 };
        let volume = TestVolume::create(docker, &named(&unique("volume")));
        let error = docker.volumes().update(&volume.name, &options, &body).unwrap_err();
        if docker.api_version().unwrap() < ApiVersion::new(1, 42) {
            assert!(matches!(error, Error::EngineTooOld { .. }), "{error}");
            assert_unsupported(&error, "needs API 1.42");
        } else {
            assert!(matches!(error, Error::NoSwarm(_) | Error::Unavailable(_)), "{error}");
            assert_unsupported(&error, "swarm");
        }
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn prune_by_label() {
    live(|docker| {
        let label = unique("label");
        let volume = |value: &str| TestVolume::create(docker, &labelled(&label, value));
        let (old, used, kept) = (volume("old"), volume("old"), volume("kept"));
        let writer =
            Container::create(docker, &mounting(&old, "head -c 100000 /dev/zero >/data/file"));
        writer.start();
        assert_eq!(writer.wait(), 0);
        drop(writer);
        let user = Container::create(docker, &mounting(&used, "true"));

        let mut filters = Filters::new().with("label", format!("{label}=old"));
        if docker.api_version().unwrap() < ApiVersion::new(1, 42) {
            // All that are unused go.
        } else if is_podman(docker) {
            note_difference("VolumePrune", "those with a name go, too, before Podman 6.0");
        } else {
            let options = VolumePruneOptions { filters: filters.clone() };
            let pruned = docker.volumes().prune(&options).unwrap();
            assert!(pruned.volumes_deleted.is_empty(), "named volumes are kept");
            filters.add("all", "true");
        }
        let pruned = docker.volumes().prune(&VolumePruneOptions { filters }).unwrap();
        assert_eq!(pruned.volumes_deleted, [old.name.as_str()]);
        assert!(pruned.space_reclaimed >= 100_000, "{}", pruned.space_reclaimed);
        let mut expected = [used.name.clone(), kept.name.clone()];
        expected.sort();
        assert_eq!(list(docker, "label", &label), expected);
        drop(user);
    });
}

/// Returns the volume of that name in the disk usage.
fn find_volume(usage: &SystemDataUsage, name: &str) -> Option<Volume> {
    usage.all_volumes().iter().find(|volume| volume.name == name).cloned()
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn disk_usage() {
    live(|docker| {
        let volume = TestVolume::create(docker, &named(&unique("volume")));
        let script = "head -c 300000 /dev/zero | tee /data/file >/file; echo ready; sleep 1000";
        let container = Container::create(docker, &mounting(&volume, script));
        container.start();
        container.await_output("ready");

        let version = docker.api_version().unwrap();
        let verbose = version >= ApiVersion::new(1, 52);
        let options = SystemDataUsageOptions { verbose, ..Default::default() };
        let mut usage = docker.system().data_usage(&options);
        if is_podman(docker) {
            // Podman fails if a container is deleted meanwhile.
            crate::support::eventually(LIMIT, "no container is deleted meanwhile", || {
                let failed =
                    usage.as_ref().is_err_and(|error| error.to_string().contains("no such"));
                if failed {
                    usage = docker.system().data_usage(&options);
                }
                !failed
            });
        }
        let usage = usage.unwrap();

        let found = find_volume(&usage, &volume.name).unwrap().usage_data.unwrap();
        assert_eq!(found.ref_count, 1);
        assert!(found.size >= 300_000, "{}", found.size);
        let mut containers = usage.all_containers().iter();
        let found = containers.find(|found| found.id == container.id).unwrap();
        assert!(found.size_rw.unwrap() >= 300_000, "{:?}", found.size_rw);
        let image = container.inspect().image;
        let found = usage.all_images().iter().find(|found| image.ends_with(&found.id)).unwrap();
        assert!(found.containers >= 1 && found.size > 0);

        if is_podman(docker) {
            note_difference("SystemDataUsage", "the size of all layers is 0");
            assert_eq!(usage.images_total().total_size, 0);
            return;
        }
        let images = usage.images_total();
        assert!(images.active_count >= 1 && images.total_count >= images.active_count);
        // Layers shared with other images count as reclaimable.
        let unshared = found.size - found.shared_size.max(0);
        assert!(images.total_size >= found.size);
        assert!(images.reclaimable <= images.total_size - unshared);
        let containers = usage.containers_total();
        assert!(containers.active_count >= 1 && containers.total_size >= 300_000);
        assert!(containers.reclaimable <= containers.total_size - 300_000);
        let volumes = usage.volumes_total();
        assert!(volumes.active_count >= 1 && volumes.total_size >= 300_000);
        assert!(volumes.reclaimable <= volumes.total_size - 300_000);

        let only = vec![DataUsageType::Volume];
        let options = SystemDataUsageOptions { r#type: only, verbose };
        let result = docker.system().data_usage(&options);
        if version < ApiVersion::new(1, 42) {
            let error = result.unwrap_err();
            assert!(matches!(error, Error::EngineTooOld { .. }), "{error}");
        } else {
            let usage = result.unwrap();
            assert!(find_volume(&usage, &volume.name).is_some() && usage.all_images().is_empty());
        }
    });
}
