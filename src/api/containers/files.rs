//! The files of a container: what changed, archives in and out.

use std::io::Read;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use ureq::http::HeaderMap;

use super::Containers;
use crate::call::decode;
use crate::cancel::CancelToken;
use crate::codec::options;
use crate::model::{ContainerPathStat, FilesystemChange};
use crate::request::{Request, ResponseTimeout};
use crate::stream::Download;
use crate::{Error, Result};

options! {
    /// Options of [`Containers::put_archive`].
    #[derive(Clone, Default, PartialEq)]
    pub struct PutContainerArchiveOptions {
        /// The directory to unpack into. It must exist.
        pub path: String = manual "path",
        /// Fails where a file would take the place of a directory, or a directory that of a file.
        pub no_overwrite_dir_non_dir: bool = query "noOverwriteDirNonDir",
        /// Gives the files the owner and group that they have in the tar, by number.
        pub copy_uid_gid: bool = query "copyUIDGID",
    }
}

/// `GET /containers/{id}/changes`
pub(crate) fn changes(id: &str) -> Request<Vec<FilesystemChange>> {
    Request::on("ContainerChanges", "GET", "/containers/{}/changes", id).returning()
}

/// `GET /containers/{id}/export`
pub(crate) fn export(id: &str) -> Request<Download> {
    Request::on("ContainerExport", "GET", "/containers/{}/export", id).returning()
}

/// `HEAD /containers/{id}/archive`
pub(crate) fn archive_info(id: &str, path: &str) -> Request<ContainerPathStat> {
    with_path(Request::on("ContainerArchiveInfo", "HEAD", "/containers/{}/archive", id), path)
        .returning()
}

/// `GET /containers/{id}/archive`
pub(crate) fn archive(id: &str, path: &str) -> Request<Archive> {
    with_path(Request::on("ContainerArchive", "GET", "/containers/{}/archive", id), path)
        // Some engines pack the tar when they may.
        .header("Accept-Encoding", "identity")
        .returning()
}

/// `PUT /containers/{id}/archive`
pub(crate) fn put_archive(id: &str, options: &PutContainerArchiveOptions) -> Request<()> {
    with_path(
        Request::on("PutContainerArchive", "PUT", "/containers/{}/archive", id),
        &options.path,
    )
    .options(options)
    .response_timeout(ResponseTimeout::None)
    .tar()
}

fn with_path(mut request: Request<()>, path: &str) -> Request<()> {
    if path.is_empty() {
        request.wrong("path, which file or directory of the container, is empty");
    } else if path.contains('\0') {
        request.wrong("path holds NUL, which no path can");
    }
    request.text("path", path)
}

/// Reads JSON of an operation's response: into a model, or into a value for C.
type ReadJson<T> = fn(&'static str, &[u8]) -> Result<T>;

/// What the engine says of a path in a header of the response: JSON.
fn path_stat(operation: &'static str, headers: &HeaderMap) -> Result<Vec<u8>> {
    const HEADER: &str = "x-docker-container-path-stat";
    let wrong =
        |why: &str| Error::Protocol { operation, message: format!("header {HEADER} {why}") };
    let value = headers.get(HEADER).ok_or_else(|| wrong("is missing"))?;
    BASE64_STANDARD.decode(value).map_err(|_| wrong("is not base64"))
}

impl Containers<'_> {
    /// Lists what a container has changed in the files of its image (`GET /containers/{id}/changes`).
    pub fn changes(&self, id: &str) -> Result<Vec<FilesystemChange>> {
        self.context.call(changes(id))
    }

    /// Reads all files of a container as one tar (`GET /containers/{id}/export`).
    pub fn export(&self, id: &str) -> Result<Download> {
        Ok(Download::new(self.context.open_stream(export(id), None)?.body))
    }

    /// Tells size, mode and kind of a file or directory in a container
    /// (`HEAD /containers/{id}/archive`).
    ///
    /// # Errors
    /// [`Error::NotFound`] when the container or the path is not there.
    pub fn archive_info(&self, id: &str, path: &str) -> Result<ContainerPathStat> {
        self.archive_info_as(id, path, decode)
    }

    /// As [`archive_info`](Containers::archive_info), with what was told as whatever `read` makes of it.
    pub(crate) fn archive_info_as<S>(&self, id: &str, path: &str, read: ReadJson<S>) -> Result<S> {
        let request = archive_info(id, path);
        let operation = request.parts.operation;
        self.context.call_with(request.parts, None, |response| {
            read(operation, &path_stat(operation, &response.headers)?)
        })
    }

    /// Reads a file or directory of a container as a tar (`GET /containers/{id}/archive`). With `/.` at
    /// the end of the path the tar holds what is in the directory and not the directory.
    pub fn archive(&self, id: &str, path: &str) -> Result<Archive> {
        let (stat, download) = self.archive_as(id, path, decode)?;
        Ok(Archive { stat, download })
    }

    /// As [`archive`](Containers::archive), with what was told as whatever `read` makes of it.
    pub(crate) fn archive_as<S>(
        &self,
        id: &str,
        path: &str,
        read: ReadJson<S>,
    ) -> Result<(S, Download)> {
        let request = archive(id, path);
        let operation = request.parts.operation;
        let mut response = self.context.open_stream(request, None)?;
        let stat = path_stat(operation, &response.headers)
            .and_then(|json| read(operation, &json))
            // The call failed, whatever the body holds.
            .inspect_err(|error| response.body.finish(Some(error)))?;
        Ok((stat, Download::new(response.body)))
    }

    /// Unpacks a tar, packed or not, into a directory of a container
    /// (`PUT /containers/{id}/archive`). The tar is streamed up.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the container or the directory is not there, [`Error::BadRequest`] when the
    /// tar is broken or the path no directory, [`Error::Forbidden`] or [`Error::BadRequest`] when it is
    /// read-only. Older engines take all but the first for failures of their own:
    /// [`Error::Engine`].
    pub fn put_archive(
        &self,
        id: &str,
        options: &PutContainerArchiveOptions,
        tar: &mut dyn Read,
    ) -> Result<()> {
        self.context.call_with(put_archive(id, options).parts, Some(tar), |_| Ok(()))
    }
}

/// A file or directory of a container as a tar; from [`Containers::archive`].
#[derive(Debug)]
pub struct Archive {
    /// What the path is.
    pub stat: ContainerPathStat,
    /// The tar.
    pub download: Download,
}

impl Archive {
    /// A handle that ends the download from another thread.
    pub fn cancel_token(&self) -> CancelToken {
        self.download.cancel_token()
    }
}
