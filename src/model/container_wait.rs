//! The end of a container.

use crate::codec::record;

record! {
    /// Answer to container wait.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ContainerWaitResponse {
        /// Exit code of the process.
        pub status_code: i64 = "StatusCode",
        /// Why waiting failed, where it did.
        pub error: Option<ContainerWaitExitError> = "Error",
    }
}

record! {
    /// Why waiting for a container failed.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ContainerWaitExitError {
        /// In the engine's words.
        pub message: String = "Message",
    }
}
