//! Plugins of a test.

use std::fs;
use std::process::Command;
use std::sync::OnceLock;

use dockline::{Context, PluginDeleteOptions};

use super::{deleted, tar, uncancelled, unique};
use crate::support::TempDir;

/// A plugin of one test, deleted with it.
pub struct TestPlugin {
    docker: Context,
    /// Its name with its tag.
    pub name: String,
}

impl TestPlugin {
    /// Makes one of a program that is built on the spot: a driver of volumes. It wants a directory of
    /// the machine and a capability; the directory and the variable `DEBUG` can be set.
    #[track_caller]
    pub fn create(docker: &Context, name: &str, description: &str) -> TestPlugin {
        let plugin = TestPlugin::of(docker, name);
        docker.plugins().create(name, &mut &plugin_tar(description)[..]).unwrap();
        plugin
    }

    /// One that is made in another way, by its name with its tag.
    pub fn of(docker: &Context, name: &str) -> TestPlugin {
        TestPlugin { docker: docker.clone(), name: name.to_owned() }
    }
}

impl Drop for TestPlugin {
    fn drop(&mut self) {
        let options = PluginDeleteOptions { force: true };
        let docker = uncancelled(&self.docker);
        deleted(&self.name, docker.plugins().delete(&self.name, &options));
    }
}

/// What an engine makes a plugin of.
pub fn plugin_tar(description: &str) -> Vec<u8> {
    let config = format!(
        r#"{{"description":"{description}","documentation":"none","entrypoint":["/plugin"],
            "workdir":"/","interface":
            {{"types":["docker.volumedriver/1.0"],"socket":"test.sock"}},
            "env":[{{"name":"DEBUG","settable":["value"],"value":"0"}}],
            "mounts":[{{"name":"data","settable":["source"],"source":"/tmp","destination":"/data",
            "type":"bind","options":["rbind","ro"]}}],"linux":{{"capabilities":["CAP_SYS_NICE"]}}}}"#
    );
    // Engines do not like to get the same layer twice at a time.
    let name = unique("layer");
    let files = [
        ("config.json", config.as_bytes()),
        ("rootfs/plugin", program()),
        ("rootfs/name", name.as_bytes()),
    ];
    tar(&files)
}

/// The plugin's program: static, since its root directory holds nothing else.
fn program() -> &'static [u8] {
    static PROGRAM: OnceLock<Vec<u8>> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let dir = TempDir::new();
        let path = dir.join("plugin");
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/plugin.c");
        let status = Command::new("gcc")
            .args(["-static", "-Os", "-s", "-Wall", "-Werror", "-o"])
            .args([path.as_os_str(), source.as_ref()])
            .status()
            .expect("this test needs gcc");
        assert!(status.success(), "gcc: {status}");
        fs::read(path).unwrap()
    })
}
