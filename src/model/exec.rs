//! Programs that are started in a running container.

use super::StringList;
use crate::codec::record;

record! {
    /// The program to start.
    #[derive(Clone, Default, PartialEq, Eq)]
    pub struct ContainerExecRequest {
        /// Connect its standard input. Without it the program reads an empty input.
        pub attach_stdin: bool = "AttachStdin",
        /// Connect its standard output. Without it that is lost.
        pub attach_stdout: bool = "AttachStdout",
        /// Connect its standard error. Without it that is lost.
        pub attach_stderr: bool = "AttachStderr",
        /// First size of the terminal, `[rows, columns]`. Since API 1.42.
        pub console_size: Option<[u64; 2]> = "ConsoleSize" since 42,
        /// The keys that detach from its terminal, such as `ctrl-p,ctrl-q`; empty means those of the
        /// engine.
        pub detach_keys: String = "DetachKeys",
        /// Give it a terminal: then standard output and standard error are one.
        pub tty: bool = "Tty",
        /// Variables for its environment besides the container's, as `NAME=value`. Since API 1.25.
        pub env: StringList = "Env" since 25,
        /// The program and its arguments. Must be given.
        pub cmd: StringList = "Cmd",
        /// Give it all the rights of the host.
        pub privileged: bool = "Privileged",
        /// The user to run it as, by name or number: `user`, `user:group`; empty means the container's.
        pub user: String = "User",
        /// The directory to start it in; empty means the container's. Since API 1.35.
        pub working_dir: String = "WorkingDir" since 35,
    }
}

record! {
    /// How an exec is started.
    #[derive(Clone, Default, PartialEq, Eq)]
    pub struct ExecStartRequest {
        /// Start the program and do not connect to it.
        pub detach: bool = "Detach",
        /// Whether it has a terminal. Must be the same as when the exec was made, since it decides how
        /// the output comes.
        pub tty: bool = "Tty",
        /// First size of the terminal, `[rows, columns]`. Since API 1.42.
        pub console_size: Option<[u64; 2]> = "ConsoleSize" since 42,
    }
}

record! {
    /// What the engine knows of an exec.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ExecInspectResponse {
        /// Its id.
        pub id: String = "ID",
        /// Whether the program runs.
        pub running: bool = "Running",
        /// Exit code of the program; missing before its start and while it runs.
        pub exit_code: Option<i64> = "ExitCode",
        /// The program.
        pub process_config: ProcessConfig = "ProcessConfig",
        /// Whether its standard input is connected.
        pub open_stdin: bool = "OpenStdin",
        /// Whether its standard error is connected.
        pub open_stderr: bool = "OpenStderr",
        /// Whether its standard output is connected.
        pub open_stdout: bool = "OpenStdout",
        /// Whether the engine may forget it.
        pub can_remove: bool = "CanRemove",
        /// Id of the container.
        pub container_id: String = "ContainerID",
        /// The codes of the keys that detach from its terminal, in base64.
        pub detach_keys: String = "DetachKeys",
        /// Process id of the program on the engine's machine; 0 before its start.
        pub pid: i64 = "Pid",
    }
}

record! {
    /// The program of an exec.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ProcessConfig {
        /// Whether it has all the rights of the host.
        pub privileged: bool = "privileged",
        /// The user it runs as; empty means the container's.
        pub user: String = "user",
        /// Whether it has a terminal.
        pub tty: bool = "tty",
        /// The program.
        pub entrypoint: String = "entrypoint",
        /// Its arguments.
        pub arguments: StringList = "arguments",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::testing::decode_response;
    use crate::codec::testing::to_body;

    #[test]
    fn what_was_not_asked_for_is_not_sent() {
        let text = |body: Vec<u8>| String::from_utf8(body).unwrap();
        let exec = ContainerExecRequest {
            attach_stdout: true,
            console_size: Some([0, 0]),
            cmd: ["true", ""].into(),
            ..Default::default()
        };
        assert_eq!(
            text(to_body(&exec)),
            r#"{"AttachStdout":true,"ConsoleSize":[0,0],"Cmd":["true",""]}"#
        );
        assert_eq!(text(to_body(&ExecStartRequest::default())), "{}");
    }

    #[test]
    fn an_exit_code_is_told_when_there_is_one() {
        let read = |json: &str| decode_response::<ExecInspectResponse>(json.as_bytes()).unwrap();
        let running = read(
            r#"{"ID":"e","Running":true,"ExitCode":null,"ProcessConfig":{"tty":true,
            "entrypoint":"sh","arguments":["-c","exit 2"],"privileged":false},"OpenStdin":true,
            "OpenStderr":true,"OpenStdout":true,"CanRemove":false,"ContainerID":"c",
            "DetachKeys":"EBE=","Pid":42}"#,
        );
        assert_eq!(running.exit_code, None);
        assert_eq!(running.process_config.arguments, ["-c", "exit 2"]);
        assert!(running.process_config.tty);
        assert_eq!((running.pid, running.detach_keys.as_str()), (42, "EBE="));
        assert_eq!(read(r#"{"Running":false,"ExitCode":0}"#).exit_code, Some(0));
        assert_eq!(read(r#"{"ExitCode":137}"#).exit_code, Some(137));
    }
}
