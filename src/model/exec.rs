//! Exec: commands in a running container.

use super::StringList;
use crate::codec::record;

record! {
    /// Body of ContainerExec: the command to run.
    #[derive(Clone, Default, PartialEq, Eq)]
    pub struct ContainerExecRequest {
        /// Whether to attach to standard input. Otherwise the command reads an empty input.
        pub attach_stdin: bool = "AttachStdin",
        /// Whether to attach to standard output. Otherwise the output is discarded.
        pub attach_stdout: bool = "AttachStdout",
        /// Whether to attach to standard error. Otherwise the output is discarded.
        pub attach_stderr: bool = "AttachStderr",
        /// Initial size of the terminal as `[rows, columns]`. Since API 1.42.
        pub console_size: Option<[u64; 2]> = "ConsoleSize" since 42,
        /// Key sequence for detaching from the terminal, such as `ctrl-p,ctrl-q`; empty means the
        /// engine's default.
        pub detach_keys: String = "DetachKeys",
        /// Whether to allocate a terminal, which combines standard output and standard error.
        pub tty: bool = "Tty",
        /// Environment variables in addition to those of the container, as `NAME=value`. Since API
        /// 1.25.
        pub env: StringList = "Env" since 25,
        /// Command and its arguments. Required.
        pub cmd: StringList = "Cmd",
        /// Whether to run with extended privileges.
        pub privileged: bool = "Privileged",
        /// User name or ID, as `user` or `user:group`; empty means that of the container.
        pub user: String = "User",
        /// Working directory; empty means that of the container. Since API 1.35.
        pub working_dir: String = "WorkingDir" since 35,
    }
}

record! {
    /// Body of ExecStart.
    #[derive(Clone, Default, PartialEq, Eq)]
    pub struct ExecStartRequest {
        /// Whether to start the command without attaching to it.
        pub detach: bool = "Detach",
        /// Whether the command has a terminal. Must be the same as in [`ContainerExecRequest`],
        /// because it selects the format of the output.
        pub tty: bool = "Tty",
        /// Initial size of the terminal as `[rows, columns]`. Since API 1.42.
        pub console_size: Option<[u64; 2]> = "ConsoleSize" since 42,
    }
}

record! {
    /// Response of ExecInspect.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ExecInspectResponse {
        /// ID of the exec instance.
        pub id: String = "ID",
        /// Whether the command is running.
        pub running: bool = "Running",
        /// Exit code of the command; `None` before the start and while it is running.
        pub exit_code: Option<i64> = "ExitCode",
        /// Configuration of the process.
        pub process_config: ProcessConfig = "ProcessConfig",
        /// Whether standard input is attached.
        pub open_stdin: bool = "OpenStdin",
        /// Whether standard error is attached.
        pub open_stderr: bool = "OpenStderr",
        /// Whether standard output is attached.
        pub open_stdout: bool = "OpenStdout",
        /// Whether the engine may remove the exec instance.
        pub can_remove: bool = "CanRemove",
        /// ID of the container.
        pub container_id: String = "ContainerID",
        /// Key codes for detaching from the terminal, in base64.
        pub detach_keys: String = "DetachKeys",
        /// Process ID on the host; 0 before the start.
        pub pid: i64 = "Pid",
    }
}

record! {
    /// Process of an exec instance.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ProcessConfig {
        /// Whether the process runs with extended privileges.
        pub privileged: bool = "privileged",
        /// User that runs the process; empty means that of the container.
        pub user: String = "user",
        /// Whether the process has a terminal.
        pub tty: bool = "tty",
        /// Path of the command.
        pub entrypoint: String = "entrypoint",
        /// Arguments of the command.
        pub arguments: StringList = "arguments",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::testing::decode_response;
    use crate::codec::testing::to_body;

    #[test]
    fn omits_empty_fields() {
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
    fn exit_code_is_none_while_running() {
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
