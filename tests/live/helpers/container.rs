//! Containers of a test, what they write, and networks for them.

use std::thread;
use std::time::{Duration, Instant};

use dockline::model::{ContainerConfig, ContainerCreateRequest, ContainerInspectResponse};
use dockline::{
    ContainerCreateOptions, ContainerDeleteOptions, ContainerLogsOptions, ContainerStopOptions,
    Context, Error, Frame, Outcome, Result, StdStream,
};

use super::{BUSYBOX, LIMIT, deleted, raw, uncancelled, unique};

/// A container that runs a shell script on busybox, named [`unique`]ly by the test that makes it.
pub fn shell(script: &str) -> ContainerCreateRequest {
    ContainerConfig {
        image: BUSYBOX.into(),
        cmd: ["sh", "-c", script].map(String::from).into(),
        // The first process ignores signals that it does not handle, such as the usual SIGTERM.
        stop_signal: "SIGKILL".into(),
        ..ContainerConfig::default()
    }
    .into()
}

/// A container of one test, deleted with it.
pub struct Container {
    pub docker: Context,
    pub id: String,
    pub name: String,
}

impl Container {
    /// Makes it; it does not run yet.
    #[track_caller]
    pub fn create(docker: &Context, request: &ContainerCreateRequest) -> Container {
        let name = unique("container");
        let options = ContainerCreateOptions { name: name.clone(), ..Default::default() };
        let id = docker.containers().create(&options, request).unwrap().id;
        Container { docker: docker.clone(), id, name }
    }

    /// Makes it and starts it.
    #[track_caller]
    pub fn run(docker: &Context, script: &str) -> Container {
        let container = Container::create(docker, &shell(script));
        container.start();
        container
    }

    #[track_caller]
    pub fn start(&self) {
        let outcome = self.docker.containers().start(&self.id, &Default::default()).unwrap();
        assert_eq!(outcome, Outcome::Done);
    }

    /// Ends it at once.
    #[track_caller]
    pub fn stop(&self) {
        let options = ContainerStopOptions { t: Some(0), ..Default::default() };
        self.docker.containers().stop(&self.id, &options).unwrap();
    }

    /// Waits for its end; its exit code.
    #[track_caller]
    pub fn wait(&self) -> i64 {
        self.docker.containers().wait(&self.id, &Default::default()).unwrap().status_code
    }

    #[track_caller]
    pub fn inspect(&self) -> ContainerInspectResponse {
        self.docker.containers().inspect(&self.id, &Default::default()).unwrap()
    }

    /// What is in its log.
    #[track_caller]
    pub fn output(&self) -> Output {
        self.logs(&ContainerLogsOptions::default())
    }

    /// What is in its log, by these options.
    #[track_caller]
    pub fn logs(&self, options: &ContainerLogsOptions) -> Output {
        collect(self.docker.containers().logs(&self.id, options).unwrap()).unwrap()
    }

    /// Follows its log until `text` has come on stdout, which so is known to run.
    #[track_caller]
    pub fn await_output(&self, text: &str) {
        let options = ContainerLogsOptions { follow: true, ..Default::default() };
        let mut seen = Output::default();
        for frame in self.docker.containers().logs(&self.id, &options).unwrap() {
            seen.add(&frame.unwrap());
            if seen.out().contains(text) {
                return;
            }
        }
        panic!("it ended without saying {text:?}: {seen:?}");
    }
}

impl Drop for Container {
    fn drop(&mut self) {
        let options = ContainerDeleteOptions { force: true, v: true, ..Default::default() };
        let docker = uncancelled(&self.docker);
        let delete = || docker.containers().delete(&self.id, &options);
        let mut result = delete();
        // Podman deletes none that is just ending.
        let end = Instant::now() + LIMIT;
        let ending = |result: &Result<()>| matches!(result, Err(Error::Engine(api_error)) if api_error.message.contains("state improper: stopp"));
        while ending(&result) && Instant::now() < end {
            thread::sleep(Duration::from_millis(20));
            result = delete();
        }
        let result = match result {
            // Somebody is at it already, such as the engine for `AutoRemove`.
            Err(Error::Conflict(api_error)) if api_error.message.contains("in progress") => Ok(()),
            result => result,
        };
        deleted(&self.name, result);
    }
}

/// What a container has written.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Output {
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
}

impl Output {
    pub fn add(&mut self, frame: &Frame) {
        assert!(!frame.data.is_empty(), "an empty frame was handed out");
        match frame.stream {
            StdStream::Stdout => self.stdout.extend_from_slice(&frame.data),
            StdStream::Stderr => self.stderr.extend_from_slice(&frame.data),
        }
    }

    /// Its stdout as text.
    pub fn out(&self) -> String {
        String::from_utf8(self.stdout.clone()).unwrap()
    }

    /// Its stderr as text.
    pub fn err(&self) -> String {
        String::from_utf8(self.stderr.clone()).unwrap()
    }
}

/// Reads output to its end.
pub fn collect(frames: impl IntoIterator<Item = Result<Frame>>) -> Result<Output> {
    let mut output = Output::default();
    for frame in frames {
        output.add(&frame?);
    }
    Ok(output)
}

/// A network of one test, deleted with it. Drop its containers first.
pub struct TestNetwork {
    docker: Context,
    pub name: String,
}

impl TestNetwork {
    #[track_caller]
    pub fn create(docker: &Context) -> TestNetwork {
        let name = unique("network");
        let body = format!(r#"{{"Name":"{name}","Driver":"bridge"}}"#);
        docker.raw(&raw("POST", "/networks/create", &body)).unwrap();
        TestNetwork { docker: docker.clone(), name }
    }
}

impl Drop for TestNetwork {
    fn drop(&mut self) {
        let request = raw("DELETE", format!("/networks/{}", self.name), "");
        deleted(&self.name, uncancelled(&self.docker).raw(&request).map(drop));
    }
}
