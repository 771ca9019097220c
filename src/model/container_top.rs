//! Processes of a container.

use super::StringList;
use crate::codec::record;

record! {
    /// Response of ContainerTop: a table of processes.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ContainerTopResponse {
        /// Column titles, as printed by `ps`.
        pub titles: StringList = "Titles",
        /// Rows, one per process.
        pub processes: Vec<StringList> = "Processes",
    }
}
