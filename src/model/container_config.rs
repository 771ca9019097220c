//! What a container runs, independent of the host it runs on.

use super::{Empty, StringList};
use crate::codec::record;
use crate::model::Map;

record! {
    /// The part of a container's configuration that it shares with images: what to run and how.
    ///
    /// Sent to create a container (see [`ContainerCreateRequest`](super::ContainerCreateRequest)) and
    /// to commit one as an image; answered by container inspect. What is left empty is taken from the
    /// image.
    #[derive(Clone, Default, PartialEq)]
    pub struct ContainerConfig {
        /// Host name inside the container; the short id when empty.
        pub hostname: String = "Hostname",
        /// Domain name inside the container.
        pub domainname: String = "Domainname",
        /// Who runs the process: `name`, `name:group`, `uid` or `uid:gid`.
        pub user: String = "User",
        /// Whether the caller will attach to standard input.
        pub attach_stdin: bool = "AttachStdin",
        /// Whether the caller will attach to standard output.
        pub attach_stdout: bool = "AttachStdout",
        /// Whether the caller will attach to standard error.
        pub attach_stderr: bool = "AttachStderr",
        /// Ports the process listens on, as `80/tcp`. This publishes nothing; see
        /// [`HostConfig::port_bindings`](super::HostConfig::port_bindings).
        pub exposed_ports: Map<Empty> = "ExposedPorts",
        /// Whether the process gets a terminal. Its output is then one raw stream.
        pub tty: bool = "Tty",
        /// Whether standard input stays open while nobody is attached.
        pub open_stdin: bool = "OpenStdin",
        /// Whether standard input is closed when the first attached caller goes.
        pub stdin_once: bool = "StdinOnce",
        /// Environment as `NAME=value`. `NAME` alone removes a variable of the image.
        pub env: StringList = "Env",
        /// The command, or the arguments where there is an entry point.
        pub cmd: StringList = "Cmd",
        /// How to find out whether the container is well; `None` for what the image says.
        pub healthcheck: Option<HealthConfig> = "Healthcheck",
        /// Whether the command is escaped already. Windows only.
        pub args_escaped: bool = "ArgsEscaped",
        /// The image, by name or by id.
        pub image: String = "Image",
        /// Paths in the container that get an anonymous volume.
        pub volumes: Map<Empty> = "Volumes",
        /// Working directory of the command.
        pub working_dir: String = "WorkingDir",
        /// What is run, with `cmd` as its arguments. `None` for the image's own; an empty list, or one
        /// empty text, for none.
        pub entrypoint: Option<StringList> = "Entrypoint",
        /// Whether the container has no network.
        pub network_disabled: bool = "NetworkDisabled",
        /// MAC address of the container. Until API 1.51; since API 1.44 use
        /// [`EndpointSettings::mac_address`](super::EndpointSettings::mac_address).
        pub mac_address: String = "MacAddress" until 51,
        /// Build instructions to run in images made from this one.
        pub on_build: StringList = "OnBuild",
        /// Labels.
        pub labels: Map<String> = "Labels",
        /// Signal that asks the process to stop, such as `SIGTERM`, which is the default.
        pub stop_signal: String = "StopSignal",
        /// Seconds between that signal and `SIGKILL`. `None` for the engine's default of 10 seconds,
        /// -1 to wait for ever.
        pub stop_timeout: Option<i64> = "StopTimeout" since 25,
        /// Shell for commands that an image gives as text.
        pub shell: StringList = "Shell",
    }
}

record! {
    /// A command that tells whether a container is well, and when to run it.
    ///
    /// What is 0 or empty is inherited from the image, and where that says nothing, the engine's
    /// default holds.
    #[derive(Clone, Default, PartialEq)]
    pub struct HealthConfig {
        /// The check: `["CMD", command, arguments…]`, `["CMD-SHELL", text for the shell]`, or
        /// `["NONE"]` to turn off the image's.
        pub test: StringList = "Test",
        /// Nanoseconds between checks; 0 or at least 1,000,000.
        pub interval: i64 = "Interval",
        /// Nanoseconds until a check counts as failed; 0 or at least 1,000,000.
        pub timeout: i64 = "Timeout",
        /// Failed checks in a row that make the container unhealthy.
        pub retries: i64 = "Retries",
        /// Nanoseconds after the start in which a failed check is not counted; 0 or at least 1,000,000.
        pub start_period: i64 = "StartPeriod" since 29,
        /// Nanoseconds between checks during that first time; 0 or at least 1,000,000. Since API 1.44.
        pub start_interval: i64 = "StartInterval" since 44,
        ..unknown within specs
    }
}
