//! What a container uses: processes, CPU, memory, network, disk.

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
        /// Arguments of the `ps` that runs on the engine's host; `-ef` when empty.
        pub ps_args: String = query "ps_args",
    }
}

options! {
    /// Options of [`Containers::stats_once`].
    #[derive(Clone, Default, PartialEq)]
    pub struct ContainerStatsOnceOptions {
        /// Takes one sample at once instead of two a second apart, so that there is no earlier one to
        /// compare with. Since API 1.41.
        pub one_shot: bool = query "one-shot" since 41,
    }
}

/// `GET /containers/{id}/top`
pub(crate) fn top(id: &str, options: &ContainerTopOptions) -> Request<ContainerTopResponse> {
    Request::on("ContainerTop", "GET", "/containers/{}/top", id).options(options).returning()
}

/// `GET /containers/{id}/stats`
pub(crate) fn stats(id: &str) -> Request<Records<ContainerStatsResponse>> {
    Request::on("ContainerStats", "GET", "/containers/{}/stats", id)
        .param("stream", "1")
        .returning()
}

/// `GET /containers/{id}/stats?stream=0`
pub(crate) fn stats_once(
    id: &str,
    options: &ContainerStatsOnceOptions,
) -> Request<ContainerStatsResponse> {
    Request::on("ContainerStats", "GET", "/containers/{}/stats", id)
        .param("stream", "0")
        .options(options)
        .returning()
}

impl Containers<'_> {
    /// Lists the processes of a container (`GET /containers/{id}/top`).
    ///
    /// # Errors
    /// [`Error::Conflict`](crate::Error::Conflict) or [`Error::Engine`](crate::Error::Engine) when it
    /// does not run.
    pub fn top(&self, id: &str, options: &ContainerTopOptions) -> Result<ContainerTopResponse> {
        self.context.call(top(id, options))
    }

    /// Tells what a container uses, once a second until it is deleted
    /// (`GET /containers/{id}/stats`). The first sample has no earlier one to compare with.
    pub fn stats(&self, id: &str) -> Result<Records<ContainerStatsResponse>> {
        Ok(Records::new(self.context.open_stream(stats(id), None)?.body))
    }

    /// Tells what a container uses now (`GET /containers/{id}/stats`). This takes the engine one or two
    /// seconds, unless `one_shot` is set.
    pub fn stats_once(
        &self,
        id: &str,
        options: &ContainerStatsOnceOptions,
    ) -> Result<ContainerStatsResponse> {
        self.context.call(stats_once(id, options))
    }
}
