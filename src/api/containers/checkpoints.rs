//! Checkpoints of running containers.
//!
//! Only experimental engines with CRIU support them. All others fail with
//! [`Error::Unavailable`](crate::Error::Unavailable).

use super::Containers;
use crate::Result;
use crate::codec::{options, record};
use crate::request::{Request, ResponseTimeout};

options! {
    /// Options of [`Containers::checkpoint_create`].
    #[derive(Clone, Default, PartialEq)]
    pub struct CheckpointCreateOptions {
        /// Name of the checkpoint. Required.
        pub checkpoint_id: String = manual "CheckpointID",
        /// Directory on the engine's host to store the checkpoint in. Default: the engine's own
        /// directory.
        pub checkpoint_dir: String = manual "CheckpointDir",
        /// Stop the container after the checkpoint has been created.
        pub exit: bool = manual "Exit",
    }
}

options! {
    /// Options of [`Containers::checkpoint_list`] and [`Containers::checkpoint_delete`].
    #[derive(Clone, Default, PartialEq)]
    pub struct CheckpointOptions {
        /// Directory on the engine's host that the checkpoints are stored in. Default: the engine's
        /// own directory.
        pub dir: String = query "dir",
    }
}

record! {
    /// A checkpoint.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct Checkpoint {
        /// Name of the checkpoint.
        pub name: String = "Name",
    }
}

pub(crate) fn checkpoint_create(id: &str, options: &CheckpointCreateOptions) -> Request<()> {
    let mut request =
        Request::on_container("CheckpointCreate", "POST", "/containers/{}/checkpoints", id)
            .json(options)
            .response_timeout(ResponseTimeout::None);
    if options.checkpoint_id.trim().is_empty() {
        request.wrong("CheckpointID is empty: give the checkpoint a name");
    }
    request
}

pub(crate) fn checkpoint_list(id: &str, options: &CheckpointOptions) -> Request<Vec<Checkpoint>> {
    Request::on_container("CheckpointList", "GET", "/containers/{}/checkpoints", id)
        .options(options)
        .returning()
}

pub(crate) fn checkpoint_delete(
    id: &str,
    checkpoint: &str,
    options: &CheckpointOptions,
) -> Request<()> {
    Request::on_container("CheckpointDelete", "DELETE", "/containers/{}/checkpoints", id)
        .segment(checkpoint, "checkpoint")
        .options(options)
}

impl Containers<'_> {
    /// Creates a checkpoint of a running container.
    ///
    /// `POST /containers/{id}/checkpoints`. To restore it, start the container with
    /// [`ContainerStartOptions::checkpoint`](crate::ContainerStartOptions::checkpoint).
    pub fn checkpoint_create(&self, id: &str, options: &CheckpointCreateOptions) -> Result<()> {
        self.context.call_outcome(checkpoint_create(id, options)).map(drop)
    }

    /// Lists the checkpoints of a container.
    ///
    /// `GET /containers/{id}/checkpoints`.
    pub fn checkpoint_list(
        &self,
        id: &str,
        options: &CheckpointOptions,
    ) -> Result<Vec<Checkpoint>> {
        self.context.call(checkpoint_list(id, options))
    }

    /// Deletes a checkpoint.
    ///
    /// `DELETE /containers/{id}/checkpoints/{checkpoint}`.
    pub fn checkpoint_delete(
        &self,
        id: &str,
        checkpoint: &str,
        options: &CheckpointOptions,
    ) -> Result<()> {
        self.context.call_outcome(checkpoint_delete(id, checkpoint, options)).map(drop)
    }
}
