//! Containers and networks of a test, and the output of containers.

use std::thread;
use std::time::{Duration, Instant};

use dockline::model::{ContainerConfig, ContainerCreateRequest, ContainerInspectResponse};
use dockline::{
    ContainerCreateOptions, ContainerDeleteOptions, ContainerLogsOptions, ContainerStopOptions,
    Context, Error, Frame, Outcome, Result, StdStream,
};

use super::{BUSYBOX, LIMIT, assert_deleted, raw, uncancelled, unique};

/// Returns the request for a container that runs a shell script on busybox.
pub fn shell(script: &str) -> ContainerCreateRequest {
    ContainerConfig {
        image: BUSYBOX.into(),
        cmd: ["sh", "-c", script].map(String::from).into(),
        // PID 1 ignores signals without a handler, such as SIGTERM.
        stop_signal: "SIGKILL".into(),
        ..ContainerConfig::default()
    }
    .into()
}

/// A container of one test, deleted on drop.
pub struct Container {
    pub docker: Context,
    pub id: String,
    pub name: String,
}

impl Container {
    /// Creates a container without starting it.
    #[track_caller]
    pub fn create(docker: &Context, request: &ContainerCreateRequest) -> Container {
        let name = unique("container");
        let options = ContainerCreateOptions { name: name.clone(), ..Default::default() };
        let id = docker.containers().create(&options, request).unwrap().id;
        Container { docker: docker.clone(), id, name }
    }

    /// Creates and starts a container.
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

    /// Stops the container without a grace period.
    #[track_caller]
    pub fn stop(&self) {
        let options = ContainerStopOptions { t: Some(0), ..Default::default() };
        self.docker.containers().stop(&self.id, &options).unwrap();
    }

    /// Waits until the container exits; returns its exit code.
    #[track_caller]
    pub fn wait(&self) -> i64 {
        self.docker.containers().wait(&self.id, &Default::default()).unwrap().status_code
    }

    #[track_caller]
    pub fn inspect(&self) -> ContainerInspectResponse {
        self.docker.containers().inspect(&self.id, &Default::default()).unwrap()
    }

    /// Returns the logs.
    #[track_caller]
    pub fn output(&self) -> Output {
        self.logs(&ContainerLogsOptions::default())
    }

    /// Returns the logs that the options select.
    #[track_caller]
    pub fn logs(&self, options: &ContainerLogsOptions) -> Output {
        collect(self.docker.containers().logs(&self.id, options).unwrap()).unwrap()
    }

    /// Follows the logs until stdout contains `text`.
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
        panic!("the logs ended without {text:?}: {seen:?}");
    }
}

impl Drop for Container {
    fn drop(&mut self) {
        let options = ContainerDeleteOptions { force: true, v: true, ..Default::default() };
        let docker = uncancelled(&self.docker);
        let delete = || docker.containers().delete(&self.id, &options);
        let mut result = delete();
        // Podman cannot delete a container that is stopping.
        let end = Instant::now() + LIMIT;
        let stopping = |result: &Result<()>| matches!(result, Err(Error::Engine(api_error)) if api_error.message.contains("state improper: stopp"));
        while stopping(&result) && Instant::now() < end {
            thread::sleep(Duration::from_millis(20));
            result = delete();
        }
        let result = match result {
            // Another deletion is in progress, for example by `AutoRemove`.
            Err(Error::Conflict(api_error)) if api_error.message.contains("in progress") => Ok(()),
            result => result,
        };
        assert_deleted(&self.name, result);
    }
}

/// The output of a container.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Output {
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
}

impl Output {
    pub fn add(&mut self, frame: &Frame) {
        assert!(!frame.data.is_empty(), "empty frame");
        match frame.stream {
            StdStream::Stdout => self.stdout.extend_from_slice(&frame.data),
            StdStream::Stderr => self.stderr.extend_from_slice(&frame.data),
        }
    }

    /// Returns stdout as a string.
    pub fn out(&self) -> String {
        String::from_utf8(self.stdout.clone()).unwrap()
    }

    /// Returns stderr as a string.
    pub fn err(&self) -> String {
        String::from_utf8(self.stderr.clone()).unwrap()
    }
}

/// Reads all frames.
pub fn collect(frames: impl IntoIterator<Item = Result<Frame>>) -> Result<Output> {
    let mut output = Output::default();
    for frame in frames {
        output.add(&frame?);
    }
    Ok(output)
}

/// A network of one test, deleted on drop. Drop its containers first.
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
        assert_deleted(&self.name, uncancelled(&self.docker).raw(&request).map(drop));
    }
}
