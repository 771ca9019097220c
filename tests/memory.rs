//! Memory does not depend on the size of the data. Each test runs in its own process, and this
//! program is separate, since its size counts as well.

mod support;

#[cfg(feature = "build-context")]
use std::fs::{self, File};
use std::io;
use std::time::Duration;

use dockline::*;
use support::*;

const GIGABYTE: u64 = 1_000_000_000;

/// Limit of the resident memory, including the test program and the fake engine.
const MAX_RESIDENT: u64 = 16 << 20;

#[track_caller]
fn assert_small() {
    let peak = Memory::own().peak;
    println!("peak: {} KiB resident", peak / 1024);
    assert!(peak < MAX_RESIDENT, "{} KiB resident", peak / 1024);
}

#[test]
fn following_logs() {
    in_own_process("following_logs", LIMIT, || {
        // Lines, as programs write them, and frames as large as the engine's buffer.
        for (payload, share) in [(100, 10), (16 * 1024, 90)] {
            let frames = GIGABYTE * share / 100 / payload;
            let engine = log_hose(frames, payload as usize);
            let docker = speaking(&engine.host(), "1.42");
            let options = ContainerLogsOptions { follow: true, ..Default::default() };
            let mut logs = docker.containers().logs("web", &options).unwrap();
            let mut bytes = 0;
            while let Some((_, piece)) = logs.next_frame().unwrap() {
                bytes += piece.len() as u64;
            }
            assert_eq!(bytes, frames * payload);
        }
        assert_small();
    });
}

/// The iterator, which copies each frame.
#[test]
fn following_logs_frame_by_frame() {
    in_own_process("following_logs_frame_by_frame", LIMIT, || {
        let engine = log_hose(GIGABYTE / 65_536, 65_536);
        let docker = speaking(&engine.host(), "1.42");
        let logs = docker.containers().logs("web", &Default::default()).unwrap();
        let bytes: u64 = logs.map(|frame| frame.unwrap().data.len() as u64).sum();
        assert_eq!(bytes, GIGABYTE / 65_536 * 65_536);
        assert_small();
    });
}

#[test]
fn uploading() {
    in_own_process("uploading", LIMIT, || {
        let engine = upload_sink("{\"status\":\"sha256:1\"}");
        let docker = speaking(&engine.host(), "1.42");
        let options = ImageCreateOptions { from_src: "-".into(), ..Default::default() };
        let mut tar = Pattern::new(GIGABYTE);
        docker.images().create(&options, Some(&mut tar)).unwrap().finish().unwrap();
        assert_small();
        assert_eq!(engine.finish().last().unwrap().body_length, GIGABYTE);
    });
}

#[test]
fn downloading() {
    in_own_process("downloading", LIMIT, || {
        let engine = Responder::unix(None, |_| Response::chunked(200).pattern(GIGABYTE));
        let docker = speaking(&engine.host(), "1.42");
        let mut tar = docker.images().get("a", &Default::default()).unwrap();
        assert_eq!(io::copy(&mut tar, &mut io::sink()).unwrap(), GIGABYTE);
        assert_small();
    });
}

/// A copy between engines: an image of 2 GB is loaded while it is saved.
#[test]
fn saving_and_loading_an_image() {
    in_own_process("saving_and_loading_an_image", LIMIT, || {
        const LENGTH: u64 = 2_000_000_000;
        let engine = Responder::unix(None, |request| match request.method.as_str() {
            "GET" => Response::chunked(200).pattern(LENGTH),
            _ => Response::chunked(200).then("{\"stream\":\"Loaded image: a:1\"}"),
        });
        let docker = speaking(&engine.host(), "1.42");
        let mut tar = docker.images().get("a", &Default::default()).unwrap();
        docker.images().load(&Default::default(), &mut tar).unwrap().finish().unwrap();
        assert_small();
        assert_eq!(engine.finish().last().unwrap().body_length, LENGTH);
    });
}

/// A result handler, which gets the beginning of each body, does not need more memory.
#[test]
fn with_a_result_handler() {
    in_own_process("with_a_result_handler", LIMIT, || {
        let (sender, results) = std::sync::mpsc::channel();
        let engine = Responder::unix(None, |request| match request.method.as_str() {
            "GET" => Response::chunked(200).pattern(GIGABYTE / 4),
            _ => Response::chunked(200),
        });
        let docker = client(&engine.host())
            .api_version(ApiVersion::new(1, 42))
            .on_result(move |result| {
                sender.send((result.request_bytes, result.response_bytes)).unwrap();
            })
            .build()
            .unwrap();
        let mut tar = docker.images().get("a", &Default::default()).unwrap();
        assert_eq!(io::copy(&mut tar, &mut io::sink()).unwrap(), GIGABYTE / 4);
        let mut tar = Pattern::new(GIGABYTE / 4);
        docker.images().load(&Default::default(), &mut tar).unwrap().finish().unwrap();
        assert_eq!(results.try_iter().collect::<Vec<_>>(), [(0, GIGABYTE / 4), (GIGABYTE / 4, 0)]);
        assert_small();
    });
}

/// A slow engine that responds before the upload is complete does not need more memory either.
#[test]
fn uploading_to_a_slow_engine() {
    in_own_process("uploading_to_a_slow_engine", LIMIT, || {
        const LENGTH: u64 = 100_000_000;
        let engine = FakeEngine::unix();
        engine
            .talk(|conn| {
                let mut request = RecordedRequest::read_head(conn, 0)?.unwrap();
                conn.send(head(["HTTP/1.1 200 OK", "Transfer-Encoding: chunked"]).as_bytes())?;
                conn.send(&chunk("{\"status\":\"reading\"}\r\n"))?;
                let mut pieces = 0_u64;
                request.read_body(conn, |_| {
                    pieces += 1;
                    if pieces % 100 == 0 {
                        std::thread::sleep(Duration::from_millis(1));
                    }
                    Ok(())
                })?;
                assert_eq!(request.body_length, LENGTH);
                conn.send(last_chunk())
            })
            .expect_close();
        let docker = speaking(&engine.host(), "1.42");
        let mut tar = Pattern::new(LENGTH);
        let progress = docker.images().load(&Default::default(), &mut tar).unwrap();
        assert_eq!(progress.map(Result::unwrap).last().unwrap().status, "reading");
        assert_small();
        engine.finish();
    });
}

/// A list is parsed in place: memory holds the JSON once, and the result.
#[test]
fn a_large_response_is_held_once() {
    in_own_process("a_large_response_is_held_once", LIMIT, || {
        const LENGTH: u64 = 20_000_000;
        let engine = Responder::unix(None, |_| {
            Response::sized(200).repeat(vec![b' '; 1000], 20_000).then("[]")
        });
        let docker = speaking(&engine.host(), "1.42");
        assert!(docker.containers().list(&Default::default()).unwrap().is_empty());
        let peak = Memory::own().peak;
        // A growing vector briefly holds its old and its new buffer.
        assert!(peak < 3 * LENGTH + MAX_RESIDENT, "{} KiB resident", peak / 1024);
    });
}

#[cfg(feature = "build-context")]
#[test]
fn building_from_a_directory() {
    in_own_process("building_from_a_directory", LIMIT, || {
        let dir = TempDir::new();
        dir.write("Dockerfile", "FROM scratch");
        // Half in one file, half in many; all are sparse.
        File::create(dir.join("large")).unwrap().set_len(GIGABYTE / 2).unwrap();
        fs::create_dir(dir.join("many")).unwrap();
        for number in 0..5_000 {
            let file = File::create(dir.join(format!("many/{number}"))).unwrap();
            file.set_len(GIGABYTE / 10_000).unwrap();
        }
        let engine = upload_sink("{\"stream\":\"Successfully built\"}");
        let docker = speaking(&engine.host(), "1.41");
        let build = docker.images().build_directory(&Default::default(), dir.path()).unwrap();
        assert_eq!(build.finish().unwrap(), None);
        assert!(engine.finish().last().unwrap().body_length > GIGABYTE);
        assert_small();
    });
}
