//! Plugins of a test.

use std::fs;
use std::process::Command;
use std::sync::OnceLock;

use dockline::{Context, PluginDeleteOptions};

use super::{assert_deleted, tar, uncancelled, unique};
use crate::support::TempDir;

/// A plugin of one test, deleted on drop.
pub struct TestPlugin {
    docker: Context,
    /// Name with tag.
    pub name: String,
}

impl TestPlugin {
    /// Creates a volume driver from a program that is compiled on the spot. It needs a host
    /// directory and a capability; the directory and the variable `DEBUG` can be set.
    #[track_caller]
    pub fn create(docker: &Context, name: &str, description: &str) -> TestPlugin {
        let plugin = TestPlugin::guard(docker, name);
        docker.plugins().create(name, &mut &plugin_tar(description)[..]).unwrap();
        plugin
    }

    /// Guards a plugin that is created in another way, by its name with tag.
    pub fn guard(docker: &Context, name: &str) -> TestPlugin {
        TestPlugin { docker: docker.clone(), name: name.to_owned() }
    }
}

impl Drop for TestPlugin {
    fn drop(&mut self) {
        let options = PluginDeleteOptions { force: true };
        let docker = uncancelled(&self.docker);
        assert_deleted(&self.name, docker.plugins().delete(&self.name, &options));
    }
}

/// Returns the tar from which an engine creates a plugin.
pub fn plugin_tar(description: &str) -> Vec<u8> {
    let config = format!(
        r#"{{"description":"{description}","documentation":"none","entrypoint":["/plugin"],
            "workdir":"/","interface":
            {{"types":["docker.volumedriver/1.0"],"socket":"test.sock"}},
            "env":[{{"name":"DEBUG","settable":["value"],"value":"0"}}],
            "mounts":[{{"name":"data","settable":["source"],"source":"/tmp","destination":"/data",
            "type":"bind","options":["rbind","ro"]}}],"linux":{{"capabilities":["CAP_SYS_NICE"]}}}}"#
    );
    // Engines fail if two plugins with the same layer are created at the same time.
    let name = unique("layer");
    let files = [
        ("config.json", config.as_bytes()),
        ("rootfs/plugin", program()),
        ("rootfs/name", name.as_bytes()),
    ];
    tar(&files)
}

/// Compiles the plugin's program. It is static, since the root file system has no libraries.
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
