//! Memory of a typed list. A separate program, since it replaces the allocator.

#[path = "support/mod.rs"]
mod support;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use support::{Responder, Response, speaking};

thread_local! {
    /// Bytes that this thread has allocated and not freed.
    static HELD: Cell<usize> = const { Cell::new(0) };
}

struct Counting;

// SAFETY: forwards all calls to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // A thread that exits has no counter.
        _ = HELD.try_with(|held| held.set(held.get().wrapping_add(layout.size())));
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        _ = HELD.try_with(|held| held.set(held.get().wrapping_sub(layout.size())));
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const CONTAINERS: usize = 1000;

/// A container as Compose creates it, with nine labels, a network and a volume.
fn container(number: usize) -> String {
    format!(
        r#"{{"Id":"4283fefc63f0cd0e873a0000c6d07ef7b77e90d3593ad699fc1f7cd5bb2e{number:04}",
        "Names":["/project_service-{number}_1"],"Image":"registry.example.com/team/service:{number}",
        "ImageID":"sha256:f0f19c557067cbbe80c46d1fb6dfbdb0ae0755281220e087835b92558589eaff",
        "Command":"/usr/local/bin/entrypoint.sh --config /etc/service/config.yaml",
        "Created":1700000000,"Ports":[{{"IP":"0.0.0.0","PrivatePort":80,"PublicPort":8080,"Type":"tcp"}}],
        "Labels":{{
        "com.docker.compose.config-hash":"309cad68386d070c415ed7e70cad19461922995d84016e51c6b36d6f3c9f",
        "com.docker.compose.container-number":"1","com.docker.compose.oneoff":"False",
        "com.docker.compose.project":"project",
        "com.docker.compose.project.config_files":"/srv/project/docker-compose.yml",
        "com.docker.compose.project.working_dir":"/srv/project",
        "com.docker.compose.service":"service-{number}","com.docker.compose.version":"2.27.1",
        "maintainer":"Team <team@example.com>"}},"State":"running","Status":"Up 3 days (healthy)",
        "HostConfig":{{"NetworkMode":"project_default"}},"NetworkSettings":{{"Networks":{{
        "project_default":{{"IPAMConfig":null,"Links":null,"Aliases":null,
        "NetworkID":"056a4ad683cbf721245568a8baa397f43a1d2c44a3c2728b93e8319002d3167d",
        "EndpointID":"53e5753dc98fa36a1009aecac22ae386fb856967b282e2a7c91a5a97a327707c",
        "Gateway":"172.18.0.1","IPAddress":"172.18.0.2","IPPrefixLen":16,"IPv6Gateway":"",
        "GlobalIPv6Address":"","GlobalIPv6PrefixLen":0,"MacAddress":"02:42:ac:12:00:05",
        "DriverOpts":null}}}}}},"Mounts":[{{"Type":"volume","Name":"project_data_{number}",
        "Source":"/var/lib/docker/volumes/project_data_{number}/_data","Destination":"/data",
        "Driver":"local","Mode":"z","RW":true,"Propagation":""}}]}}"#
    )
}

#[test]
fn typed_list_memory() {
    let list = (0..CONTAINERS).map(container).collect::<Vec<_>>().join(",");
    let engine = Responder::unix(None, move |_| Response::json(format!("[{list}]")));
    let docker = speaking(&engine.host(), "1.41");
    let options = Default::default();
    // The first call opens the connection.
    assert_eq!(docker.containers().list(&options).unwrap().len(), CONTAINERS);
    let before = HELD.get();
    let containers = docker.containers().list(&options).unwrap();
    let held = (HELD.get() - before) / CONTAINERS;
    assert_eq!(containers[CONTAINERS - 1].names, ["/project_service-999_1"]);
    println!("bytes allocated per container: {held}");
    assert!(held <= 3000, "{held}");
}
