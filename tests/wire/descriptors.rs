//! Descriptor leaks: a thousand calls of each kind leave the same number of descriptors open. Each test runs in a
//! process of its own.

use std::io::{self, Read};

use crate::support::*;
use dockline::*;

const CALLS: u32 = 1000;

/// An engine of API 1.42 for calls of all kinds.
fn engine() -> Responder {
    Responder::unix(None, |request| match request.path() {
        "/v1.42/containers/json" => Response::json("[]"),
        "/v1.42/containers/none/json" => Response::error(404, "no such container"),
        "/v1.42/containers/web/stats" => Response::chunked(200).then("{}\n").then("{}\n"),
        "/v1.42/images/load" => Response::chunked(200).then("{\"status\":\"a\"}\n"),
        "/v1.42/containers/web/archive" => Response::sized(200),
        "/v1.42/images/busybox/get" => Response::chunked(200).then(vec![b'x'; 10_000]),
        "/v1.42/containers/web/attach" => Response::takeover(101, |conn| {
            conn.send(&frame(1, "a"))?;
            conn.drain().map(drop)
        })
        .header("Content-Type", "application/vnd.docker.multiplexed-stream"),
        other => panic!("{other}"),
    })
}

/// Makes the calls, and compares the number of descriptors before and after.
#[track_caller]
fn assert_no_leaks(test: &str, call: impl Fn(&Context, u32)) {
    in_own_process(test, LIMIT, || {
        let engine = engine();
        let before = open_descriptors();
        let docker = speaking(&engine.host(), "1.42");
        (0..CALLS).for_each(|number| call(&docker, number));
        // One connection may be kept. Both of its ends are in this process, and the engine closes its own a moment
        // later.
        eventually(LIMIT, "at most one connection is kept", || open_descriptors() <= before + 2);
        drop(docker);
        eventually(LIMIT, "all connections are closed", || open_descriptors() == before);
        engine.finish();
    });
}

#[test]
fn values() {
    assert_no_leaks("descriptors::values", |docker, number| match number % 2 {
        0 => drop(docker.containers().list(&Default::default()).unwrap()),
        _ => drop(docker.containers().inspect("none", &Default::default()).unwrap_err()),
    });
}

/// Read to the end, dropped early, and cancelled.
#[test]
fn streams() {
    assert_no_leaks("descriptors::streams", |docker, number| {
        let mut stats = docker.containers().stats("web").unwrap();
        stats.next().unwrap().unwrap();
        match number % 3 {
            0 => assert_eq!(stats.count(), 1),
            1 => drop(stats),
            _ => {
                stats.cancel_token().cancel();
                // Data received before may still be delivered.
                stats.for_each(drop);
            }
        }
    });
}

/// With and without progress, and with a source that fails.
#[test]
fn uploads() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("broken"))
        }
    }
    assert_no_leaks("descriptors::uploads", |docker, number| {
        let put = PutContainerArchiveOptions { path: "/".into(), ..Default::default() };
        let mut tar = Pattern::new(10_000);
        let (images, containers) = (docker.images(), docker.containers());
        match number % 4 {
            0 => images.load(&Default::default(), &mut tar).unwrap().finish().unwrap(),
            1 => drop(images.load(&Default::default(), &mut tar).unwrap()),
            2 => containers.put_archive("web", &put, &mut tar).unwrap(),
            _ => drop(containers.put_archive("web", &put, &mut Broken).unwrap_err()),
        }
    });
}

#[test]
fn downloads() {
    assert_no_leaks("descriptors::downloads", |docker, number| {
        let mut tar = docker.images().get("busybox", &Default::default()).unwrap();
        match number % 3 {
            0 => assert_eq!(tar.copy_to(&mut io::sink()).unwrap(), 10_000),
            1 => drop(tar),
            _ => {
                tar.cancel_token().cancel();
                // Data received before may still be delivered.
                drop(tar.copy_to(&mut io::sink()));
            }
        }
    });
}

#[test]
fn duplexes() {
    assert_no_leaks("descriptors::duplexes", |docker, number| {
        let mut attached = docker.containers().attach("web", &Default::default()).unwrap();
        assert_eq!(attached.output().next().unwrap().unwrap().data, b"a");
        match number % 4 {
            0 => drop(attached),
            1 => drop(attached.split()),
            2 => {
                let (output, mut input) = attached.split();
                input.close().unwrap();
                assert_eq!(output.count(), 0);
            }
            _ => attached.cancel_token().cancel(),
        }
    });
}
