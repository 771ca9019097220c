//! Engines that reach each other, for swarms.

use std::path::Path;
use std::sync::OnceLock;
use std::{env, fs};

use dockline::Context;
use dockline::model::{LocalNodeState, NodeState, SwarmJoinRequest};

use super::LIMIT;
use super::engine::{kill_engine, script};
use crate::support::eventually;

/// Engines started by `scripts/engine swarm up` and stopped on drop. At first they are in no swarm.
pub struct Machines {
    hosts: Vec<String>,
    dir: String,
}

impl Machines {
    /// Starts `count` engines. This takes seconds.
    #[track_caller]
    pub fn start(count: usize) -> Machines {
        let owner = std::process::id().to_string();
        let output = script()
            .args(["swarm", "up", &count.to_string(), "--owner", &owner, "--restart"])
            .output()
            .unwrap();
        assert!(output.status.success(), "scripts/engine swarm up: {}", output.status);
        let text = String::from_utf8(output.stdout).unwrap();
        let setting = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(&format!("export {name}=")));
            line.unwrap_or_else(|| panic!("no {name}: {text}")).to_owned()
        };
        let hosts = setting("DOCKLINE_TEST_SWARM").split(',').map(str::to_owned).collect();
        Machines { hosts, dir: setting("DOCKLINE_SWARM_DIR") }
    }

    pub fn host(&self, number: usize) -> &str {
        &self.hosts[number]
    }

    /// Returns the shell command that stops an engine and all its containers at once.
    pub fn stop_command(&self, number: usize) -> String {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/engine");
        format!("{script} down {}", dir(&self.hosts[number]))
    }

    #[track_caller]
    pub fn stop(&self, number: usize) {
        let status = script().args(["down", dir(&self.hosts[number])]).status().unwrap();
        assert!(status.success(), "scripts/engine down: {status}");
    }

    /// Kills an engine, which is then restarted; returns when it responds.
    #[track_caller]
    pub fn restart(&self, number: usize) {
        let host = &self.hosts[number];
        let socket = host.strip_prefix("unix://").unwrap();
        fs::remove_file(socket).unwrap();
        kill_engine(host);
        eventually(LIMIT, "the engine responds again", || {
            Path::new(socket).exists() && Context::open(host).unwrap().system().ping().is_ok()
        });
    }
}

impl Drop for Machines {
    fn drop(&mut self) {
        let down = script().args(["swarm", "down", &self.dir]).output();
        if fs::exists(&self.dir).unwrap() && !std::thread::panicking() {
            panic!("scripts/engine swarm down: {down:?}");
        }
    }
}

/// Returns the directory that contains the engine's socket.
fn dir(host: &str) -> &str {
    Path::new(host.strip_prefix("unix://").unwrap()).parent().unwrap().to_str().unwrap()
}

/// Creates a swarm: the first engine is the manager, the others are workers.
#[track_caller]
pub fn make_swarm(engines: &[Context]) {
    let manager = &engines[0];
    manager.swarm().init(&Default::default()).unwrap();
    let token = manager.swarm().inspect().unwrap().join_tokens.worker;
    for engine in &engines[1..] {
        let request = SwarmJoinRequest {
            remote_addrs: vec![address(manager)].into(),
            join_token: token.clone(),
            ..Default::default()
        };
        engine.swarm().join(&request).unwrap();
    }
    wait_until_ready(manager, engines.len());
}

/// Waits until `count` nodes are ready.
#[track_caller]
pub fn wait_until_ready(manager: &Context, count: usize) {
    eventually(LIMIT, "all nodes are ready", || {
        let nodes = manager.nodes().list(&Default::default()).unwrap();
        nodes.iter().filter(|it| it.status.state == NodeState::Ready).count() == count
    });
}

/// Returns the address at which other nodes reach a manager.
#[track_caller]
pub fn address(manager: &Context) -> String {
    format!("{}:2377", manager.system().info().unwrap().swarm.node_addr)
}

/// Returns the engines in `DOCKLINE_TEST_SWARM`: a swarm of three, of which the first is the
/// manager. The first test that calls this creates the swarm.
#[track_caller]
pub fn shared_swarm() -> &'static [Context] {
    static SWARM: OnceLock<Vec<Context>> = OnceLock::new();
    SWARM.get_or_init(|| {
        let Ok(hosts) = env::var("DOCKLINE_TEST_SWARM") else {
            panic!(
                "DOCKLINE_TEST_SWARM is not set: scripts/engine swarm run 3 -- cargo test --test \
                 live swarm:: -- --ignored"
            );
        };
        let engines: Vec<_> = hosts.split(',').map(|host| Context::open(host).unwrap()).collect();
        assert_eq!(engines.len(), 3, "{hosts}");
        // They may be in the swarm of an earlier run.
        let state = |engine: &Context| engine.system().info().unwrap().swarm.local_node_state;
        if engines.iter().any(|it| state(it) == LocalNodeState::Inactive) {
            make_swarm(&engines);
        }
        engines
    })
}
