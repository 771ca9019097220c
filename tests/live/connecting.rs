//! Compares how the docker command selects the engine with the cases of the library: both agree, or
//! the case says how they differ. `src/config/resolve.rs` tests the library with the same cases.

use std::path::Path;
use std::process::Command;

use crate::endpoint_cases::{CASES, Case, Docker, Outcome, Requested, fill};
use crate::support::{TempDir, run};

use super::helpers::LIMIT;

/// Returns the host and the TLS settings in the notation of the cases, or stderr if the command
/// fails.
fn ask_docker(case: &Case, root: &Path) -> Result<(String, String), String> {
    let mut docker = Command::new("docker");
    match case.requested {
        Requested::Nothing => &mut docker,
        Requested::Host(host) => docker.args(["--host", host]),
        Requested::DockerContext(name) => docker.args(["--context", name]),
    };
    let format = "{{.Endpoints.docker.Host}}\n{{.Endpoints.docker.SkipTLSVerify}}\n\
                  {{range .TLSMaterial.docker}}{{.}} {{end}}";
    docker.args(["context", "inspect", "--format", format]);
    docker.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    let finished = run(docker.envs(case.environment(root)), LIMIT);
    if !finished.status.success() {
        return Err(finished.stderr);
    }
    let mut lines = finished.stdout.lines();
    let host = lines.next().unwrap().to_owned();
    let skips = lines.next() == Some("true");
    let mut tls: Vec<&str> = lines.next().unwrap_or_default().split_whitespace().collect();
    // The command prints them in random order.
    tls.sort_unstable();
    let mut tls = tls.join(" ").replace(".pem", "");
    if skips {
        tls = format!("{tls} skip_verify").trim().to_owned();
    }
    Ok((host, tls))
}

#[test]
#[ignore = "needs the docker command: scripts/engine run"]
fn docker_command_selects_same_engine() {
    for case in CASES {
        let name = case.name;
        let dir = TempDir::new();
        let root = dir.path();
        case.write_files(root);
        let selected = ask_docker(case, root).inspect_err(|error| println!("{name}: {error}")).ok();
        let default = "unix:///var/run/docker.sock";
        let expected = match case.outcome {
            Outcome::Opens(host, tls, _) => {
                Some((fill(&host.replace("{default}", default), root), tls.to_owned()))
            }
            Outcome::Fails(_) => None,
        };
        match case.docker {
            Docker::Agrees => assert_eq!(selected, expected, "{name}"),
            Docker::TakesDefault => {
                assert_eq!(selected, Some((default.to_owned(), String::new())), "{name}");
            }
            Docker::Differs => assert_ne!(selected, expected, "{name}"),
            Docker::Varies => {}
        }
    }
}
