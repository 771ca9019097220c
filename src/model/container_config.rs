//! Configuration of a container that does not depend on the host.

use super::{Empty, StringList};
use crate::codec::record;
use crate::model::Map;

record! {
    /// Portable part of a container's configuration, shared with images.
    ///
    /// Sent by ContainerCreate (in [`ContainerCreateRequest`](super::ContainerCreateRequest)) and
    /// ImageCommit, and returned by ContainerInspect. Empty fields default to the values of the
    /// image.
    #[derive(Clone, Default, PartialEq)]
    pub struct ContainerConfig {
        /// Host name of the container; defaults to the short container ID.
        pub hostname: String = "Hostname",
        /// Domain name of the container.
        pub domainname: String = "Domainname",
        /// User that runs the process: `name`, `name:group`, `uid` or `uid:gid`.
        pub user: String = "User",
        /// Whether the client attaches to standard input.
        pub attach_stdin: bool = "AttachStdin",
        /// Whether the client attaches to standard output.
        pub attach_stdout: bool = "AttachStdout",
        /// Whether the client attaches to standard error.
        pub attach_stderr: bool = "AttachStderr",
        /// Ports the process listens on, such as `80/tcp`. Exposed ports are not published; see
        /// [`HostConfig::port_bindings`](super::HostConfig::port_bindings).
        pub exposed_ports: Map<Empty> = "ExposedPorts",
        /// Whether to allocate a terminal. The output is then a single raw stream.
        pub tty: bool = "Tty",
        /// Whether standard input stays open while no client is attached.
        pub open_stdin: bool = "OpenStdin",
        /// Whether standard input is closed when the first attached client disconnects.
        pub stdin_once: bool = "StdinOnce",
        /// Environment variables as `NAME=value`. `NAME` alone removes a variable of the image.
        pub env: StringList = "Env",
        /// Command to run, or arguments of the entrypoint if there is one.
        pub cmd: StringList = "Cmd",
        /// Health check; `None` means that of the image.
        pub healthcheck: Option<HealthConfig> = "Healthcheck",
        /// Whether the command is already escaped. Windows only.
        pub args_escaped: bool = "ArgsEscaped",
        /// Name or ID of the image.
        pub image: String = "Image",
        /// Paths in the container at which anonymous volumes are mounted.
        pub volumes: Map<Empty> = "Volumes",
        /// Working directory of the command.
        pub working_dir: String = "WorkingDir",
        /// Entrypoint, which runs with `cmd` as its arguments. `None` means that of the image; an
        /// empty list or a single empty string means no entrypoint.
        pub entrypoint: Option<StringList> = "Entrypoint",
        /// Whether networking is disabled.
        pub network_disabled: bool = "NetworkDisabled",
        /// MAC address of the container. Until API 1.51; since API 1.44 use
        /// [`EndpointSettings::mac_address`](super::EndpointSettings::mac_address).
        pub mac_address: String = "MacAddress" until 51,
        /// `ONBUILD` instructions, which run in builds based on this image.
        pub on_build: StringList = "OnBuild",
        /// Labels.
        pub labels: Map<String> = "Labels",
        /// Signal that stops the container; defaults to `SIGTERM`.
        pub stop_signal: String = "StopSignal",
        /// Timeout in seconds between the stop signal and `SIGKILL`. `None` means the engine's
        /// default of 10 seconds, -1 no timeout.
        pub stop_timeout: Option<i64> = "StopTimeout" since 25,
        /// Shell for commands in shell form.
        pub shell: StringList = "Shell",
    }
}

record! {
    /// Health check of a container.
    ///
    /// Fields that are 0 or empty are inherited from the image, or else default to the engine's
    /// values.
    #[derive(Clone, Default, PartialEq)]
    pub struct HealthConfig {
        /// Command of the check: `["CMD", command, arguments…]`, `["CMD-SHELL", shell command]`, or
        /// `["NONE"]` to disable the check of the image.
        pub test: StringList = "Test",
        /// Interval between checks in nanoseconds; 0 or at least 1,000,000.
        pub interval: i64 = "Interval",
        /// Timeout of a check in nanoseconds; 0 or at least 1,000,000.
        pub timeout: i64 = "Timeout",
        /// Number of consecutive failures after which the container is unhealthy.
        pub retries: i64 = "Retries",
        /// Start period in nanoseconds, in which failures are not counted; 0 or at least 1,000,000.
        pub start_period: i64 = "StartPeriod" since 29,
        /// Interval between checks during the start period in nanoseconds; 0 or at least 1,000,000.
        /// Since API 1.44.
        pub start_interval: i64 = "StartInterval" since 44,
        ..unknown within specs
    }
}
