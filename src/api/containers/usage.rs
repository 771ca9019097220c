//! Processes and resource usage of a container.

use super::Containers;
use crate::Result;
use crate::codec::options;
use crate::model::{ContainerStatsResponse, ContainerTopResponse};
use crate::request::Request;
use crate::stream::Records;

options! {
    /// Options of [`Containers::top`].
    #[derive(Clone, Default, PartialEq)]
    pub struct ContainerTopOptions {
        /// Arguments for the `ps` command on the engine's host. Default: `-ef`.
        pub ps_args: String = query "ps_args",
    }
}

options! {
    /// Options of [`Containers::stats_once`].
    #[derive(Clone, Default, PartialEq)]
    pub struct ContainerStatsOnceOptions {
        /// Return one sample at once instead of two samples one second apart. `precpu_stats` is
        /// then empty. Since API 1.41.
        pub one_shot: bool = query "one-shot" since 41,
    }
}

pub(crate) fn top(id: &str, options: &ContainerTopOptions) -> Request<ContainerTopResponse> {
    Request::on_container("ContainerTop", "GET", "/containers/{}/top", id)
        .options(options)
        .returning()
}

pub(crate) fn stats(id: &str) -> Request<Records<ContainerStatsResponse>> {
    Request::on_container("ContainerStats", "GET", "/containers/{}/stats", id)
        .param("stream", "1")
        .returning()
}

pub(crate) fn stats_once(
    id: &str,
    options: &ContainerStatsOnceOptions,
) -> Request<ContainerStatsResponse> {
    Request::on_container("ContainerStats", "GET", "/containers/{}/stats", id)
        .param("stream", "0")
        .options(options)
        .returning()
}

impl Containers<'_> {
    /// Lists the processes of a container.
    ///
    /// `GET /containers/{id}/top`.
    ///
    /// # Errors
    /// Fails with [`Error::Conflict`](crate::Error::Conflict) or
    /// [`Error::Engine`](crate::Error::Engine) if the container is not running.
    pub fn top(&self, id: &str, options: &ContainerTopOptions) -> Result<ContainerTopResponse> {
        self.context.call(top(id, options))
    }

    /// Streams the resource usage of a container.
    ///
    /// `GET /containers/{id}/stats`. The engine sends one sample a second until the container is
    /// deleted. The first sample has an empty `precpu_stats`.
    pub fn stats(&self, id: &str) -> Result<Records<ContainerStatsResponse>> {
        Ok(Records::new(self.context.open_stream(stats(id), None)?.body))
    }

    /// Returns the current resource usage of a container.
    ///
    /// `GET /containers/{id}/stats`. The engine needs one to two seconds, unless `one_shot` is set.
    pub fn stats_once(
        &self,
        id: &str,
        options: &ContainerStatsOnceOptions,
    ) -> Result<ContainerStatsResponse> {
        self.context.call(stats_once(id, options))
    }
}
