//! Which engine is meant, asked of the docker command: it has to agree with the library, or to differ
//! where the table says so. `src/config/resolve.rs` asks the library the same.

use std::path::Path;
use std::process::Command;

use crate::endpoint_cases::{Asked, CASES, Case, Docker, Outcome, fill};
use crate::support::{TempDir, run};

use super::helpers::LIMIT;

/// Host, TLS in words as the table has them; or what it said when it failed.
fn ask_docker(case: &Case, root: &Path) -> Result<(String, String), String> {
    let mut docker = Command::new("docker");
    match case.asked {
        Asked::Nothing => &mut docker,
        Asked::Host(host) => docker.args(["--host", host]),
        Asked::DockerContext(name) => docker.args(["--context", name]),
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
    let mut words: Vec<&str> = lines.next().unwrap_or_default().split_whitespace().collect();
    // In its own order, another one each time.
    words.sort_unstable();
    let mut tls = words.join(" ").replace(".pem", "");
    if skips {
        tls = format!("{tls} skip_verify").trim().to_owned();
    }
    Ok((host, tls))
}

#[test]
#[ignore = "needs the docker command: scripts/engine run"]
fn the_docker_command_agrees() {
    for case in CASES {
        let name = case.name;
        let dir = TempDir::new();
        let root = dir.path();
        case.write_files(root);
        let said = ask_docker(case, root).inspect_err(|error| println!("{name}: {error}")).ok();
        let default = "unix:///var/run/docker.sock";
        let expected = match case.outcome {
            Outcome::Opens(host, tls, _) => {
                Some((fill(&host.replace("{default}", default), root), tls.to_owned()))
            }
            Outcome::Fails(_) => None,
        };
        match case.docker {
            Docker::Agrees => assert_eq!(said, expected, "{name}"),
            Docker::TakesDefault => {
                assert_eq!(said, Some((default.to_owned(), String::new())), "{name}");
            }
            Docker::Differs => assert_ne!(said, expected, "{name}"),
            Docker::Varies => {}
        }
    }
}
