//! What a container runs, independent of the host it runs on.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Empty, Unknown, keeping};

/// The part of a container's configuration that it shares with images: what to run and how.
///
/// Sent to create a container (see [`ContainerCreateRequest`](super::ContainerCreateRequest)) and
/// to commit one as an image; answered by container inspect. What is left empty is taken from the
/// image.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct ContainerConfig {
    /// Host name inside the container; the short id when empty.
    pub hostname: String,
    /// Domain name inside the container.
    pub domainname: String,
    /// Who runs the process: `name`, `name:group`, `uid` or `uid:gid`.
    pub user: String,
    /// Whether the caller will attach to standard input.
    pub attach_stdin: bool,
    /// Whether the caller will attach to standard output.
    pub attach_stdout: bool,
    /// Whether the caller will attach to standard error.
    pub attach_stderr: bool,
    /// Ports the process listens on, as `80/tcp`. This publishes nothing; see
    /// [`HostConfig::port_bindings`](super::HostConfig::port_bindings).
    pub exposed_ports: BTreeMap<String, Empty>,
    /// Whether the process gets a terminal. Its output is then one raw stream.
    pub tty: bool,
    /// Whether standard input stays open while nobody is attached.
    pub open_stdin: bool,
    /// Whether standard input is closed when the first attached caller goes.
    pub stdin_once: bool,
    /// Environment as `NAME=value`. `NAME` alone removes a variable of the image.
    pub env: Vec<String>,
    /// The command, or the arguments where there is an entry point.
    pub cmd: Vec<String>,
    /// How to find out whether the container is well; `None` for what the image says.
    pub healthcheck: Option<HealthConfig>,
    /// Whether the command is escaped already. Windows only.
    pub args_escaped: bool,
    /// The image, by name or by id.
    pub image: String,
    /// Paths in the container that get an anonymous volume.
    pub volumes: BTreeMap<String, Empty>,
    /// Working directory of the command.
    pub working_dir: String,
    /// What is run, with `cmd` as its arguments. `None` for the image's own; an empty list, or one
    /// empty text, for none.
    pub entrypoint: Option<Vec<String>>,
    /// Whether the container has no network.
    pub network_disabled: bool,
    /// MAC address of the container. Until API 1.51; since API 1.44 use
    /// [`EndpointSettings::mac_address`](super::EndpointSettings::mac_address).
    pub mac_address: String,
    /// Build instructions to run in images made from this one.
    pub on_build: Vec<String>,
    /// Labels.
    pub labels: BTreeMap<String, String>,
    /// Signal that asks the process to stop, such as `SIGTERM`, which is the default.
    pub stop_signal: String,
    /// Seconds between that signal and `SIGKILL`. `None` for the engine's default of 10 seconds,
    /// -1 to wait for ever.
    pub stop_timeout: Option<i64>,
    /// Shell for commands that an image gives as text.
    pub shell: Vec<String>,
}

/// A command that tells whether a container is well, and when to run it.
///
/// What is 0 or empty is inherited from the image, and where that says nothing, the engine's
/// default holds.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase", remote = "Self")]
pub struct HealthConfig {
    /// The check: `["CMD", command, arguments…]`, `["CMD-SHELL", text for the shell]`, or
    /// `["NONE"]` to turn off the image's.
    pub test: Vec<String>,
    /// Nanoseconds between checks; 0 or at least 1,000,000.
    pub interval: i64,
    /// Nanoseconds until a check counts as failed; 0 or at least 1,000,000.
    pub timeout: i64,
    /// Failed checks in a row that make the container unhealthy.
    pub retries: i64,
    /// Nanoseconds after the start in which a failed check is not counted; 0 or at least 1,000,000.
    pub start_period: i64,
    /// Nanoseconds between checks during that first time; 0 or at least 1,000,000. Since API 1.44.
    pub start_interval: i64,
    /// Fields of newer engines.
    #[serde(flatten)]
    pub unknown: Unknown,
}

keeping! {
    HealthConfig { "Test", "Interval", "Timeout", "Retries", "StartPeriod", "StartInterval" }
}
