//! Names on a real engine: of links, networks and images with an IPv6 registry.

use crate::helpers::{
    BUSYBOX, Container, assert_unsupported, is_podman, live, note_difference, shell, unique,
};
use dockline::model::{
    ContainerCreateRequest, NetworkConnectRequest, NetworkCreateRequest, NetworkDisconnectRequest,
};
use dockline::{ContainerDeleteOptions, ContainerListOptions, Context, Error, ImageTagOptions};

/// The names of a container in the list.
fn listed(docker: &Context, id: &str) -> dockline::model::ContainerSummary {
    let all = ContainerListOptions { all: true, ..Default::default() };
    let list = docker.containers().list(&all).unwrap();
    list.into_iter().find(|container| container.id == id).unwrap()
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn links() {
    live(|docker| {
        let target = Container::create(docker, &shell("true"));
        let mut body: ContainerCreateRequest = shell("true");
        body.host_config.links = [format!("{}:alias", target.name)].into();
        if is_podman(docker) {
            note_difference("ContainerCreate", "links are not supported");
            return;
        }
        // Names are sorted: the alias comes first if its parent has the lower name.
        let parent = Container::create(docker, &body);
        let link = format!("{}/alias", parent.name);
        let container = listed(docker, &target.id);
        assert_eq!(container.names.len(), 2, "{:?}", container.names);
        assert_eq!(container.name(), Some(&*target.name));
        assert_eq!(listed(docker, &parent.id).name(), Some(&*parent.name));
        let by_link = docker.containers().inspect(&link, &Default::default()).unwrap();
        assert_eq!(by_link.id, target.id);
        let options = ContainerDeleteOptions { link: true, ..Default::default() };
        docker.containers().delete(&format!("/{link}"), &options).unwrap();
        assert_eq!(listed(docker, &target.id).names.len(), 1);
        // The engine decides whether a container has the name of an image.
        let error = docker.containers().inspect(BUSYBOX, &Default::default()).unwrap_err();
        assert!(matches!(error, Error::NotFound(_)), "{error:?}");
        let error = docker.containers().inspect("a/b:c", &Default::default()).unwrap_err();
        assert!(matches!(error, Error::NotFound(_)), "{error:?}");
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn networks_with_special_characters() {
    live(|docker| {
        let container = Container::create(docker, &shell("true"));
        for characters in ["a b", "$%^", "a/b", "@,'(", "a?b#c&d", "ü"] {
            let name = unique(characters);
            let body = NetworkCreateRequest { name: name.clone(), ..Default::default() };
            let id = match docker.networks().create(&body) {
                Ok(created) => created.id,
                Err(error) => {
                    assert!(is_podman(docker), "{error}");
                    assert_unsupported(&error, &name);
                    continue;
                }
            };
            let inspected = docker.networks().inspect(&name, &Default::default()).unwrap();
            assert_eq!((&inspected.id, &inspected.name), (&id, &name));
            let body =
                NetworkConnectRequest { container: container.id.clone(), ..Default::default() };
            docker.networks().connect(&name, &body).unwrap();
            let body = NetworkDisconnectRequest { container: container.id.clone(), force: true };
            docker.networks().disconnect(&name, &body).unwrap();
            docker.networks().delete(&name).unwrap();
        }
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn images_with_an_ipv6_registry() {
    live(|docker| {
        let repo = format!("[::1]:5000/{}", unique("image"));
        let options = ImageTagOptions { repo: repo.clone(), tag: "t".into() };
        // Since Docker 25.
        if let Err(error) = docker.images().tag(BUSYBOX, &options) {
            return assert_unsupported(&error, "invalid");
        }
        let name = format!("{repo}:t");
        let image = docker.images().inspect(&name, &Default::default()).unwrap();
        assert_eq!(image.id, docker.images().inspect(BUSYBOX, &Default::default()).unwrap().id);
        assert!(!docker.images().history(&name, &Default::default()).unwrap().is_empty());
        docker.images().delete(&name, &Default::default()).unwrap();
    });
}
