//! Result of waiting for a container.

use crate::codec::record;

record! {
    /// Response of ContainerWait.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ContainerWaitResponse {
        /// Exit code of the container.
        pub status_code: i64 = "StatusCode",
        /// Error if waiting failed.
        pub error: Option<ContainerWaitExitError> = "Error",
    }
}

record! {
    /// Error of waiting for a container.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ContainerWaitExitError {
        /// Error message of the engine.
        pub message: String = "Message",
    }
}
