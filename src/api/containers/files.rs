//! Files of a container: changes, export and archives.

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
        /// Directory in the container to extract the archive into. It must exist. Required.
        pub path: String = manual "path",
        /// Fail if a file would replace a directory, or a directory a file.
        pub no_overwrite_dir_non_dir: bool = query "noOverwriteDirNonDir",
        /// Set the owner and group of each file to the numeric IDs in the archive.
        pub copy_uid_gid: bool = query "copyUIDGID",
    }
}

pub(crate) fn changes(id: &str) -> Request<Vec<FilesystemChange>> {
    Request::on_container("ContainerChanges", "GET", "/containers/{}/changes", id).returning()
}

pub(crate) fn export(id: &str) -> Request<Download> {
    Request::on_container("ContainerExport", "GET", "/containers/{}/export", id).returning()
}

pub(crate) fn archive_info(id: &str, path: &str) -> Request<ContainerPathStat> {
    with_path(
        Request::on_container("ContainerArchiveInfo", "HEAD", "/containers/{}/archive", id),
        path,
    )
    .returning()
}

pub(crate) fn archive(id: &str, path: &str) -> Request<Archive> {
    with_path(Request::on_container("ContainerArchive", "GET", "/containers/{}/archive", id), path)
        // Some engines compress the tar if the client accepts it.
        .header("Accept-Encoding", "identity")
        .returning()
}

pub(crate) fn put_archive(id: &str, options: &PutContainerArchiveOptions) -> Request<()> {
    with_path(
        Request::on_container("PutContainerArchive", "PUT", "/containers/{}/archive", id),
        &options.path,
    )
    .options(options)
    .response_timeout(ResponseTimeout::None)
    .tar()
}

fn with_path(mut request: Request<()>, path: &str) -> Request<()> {
    if path.trim().is_empty() {
        request.wrong("path is empty: give a file or directory of the container");
    } else if path.contains('\0') {
        request.wrong("path contains a NUL byte");
    }
    request.text("path", path)
}

/// Reads JSON of an operation's response: into a model, or into a value for C.
type ReadJson<T> = fn(&'static str, &[u8]) -> Result<T>;

/// The JSON in the response header that describes the path.
fn path_stat(operation: &'static str, headers: &HeaderMap) -> Result<Vec<u8>> {
    const HEADER: &str = "x-docker-container-path-stat";
    let invalid =
        |reason: &str| Error::Protocol { operation, message: format!("header {HEADER} {reason}") };
    let value = headers.get(HEADER).ok_or_else(|| invalid("is missing"))?;
    BASE64_STANDARD.decode(value).map_err(|_| invalid("is not base64"))
}

impl Containers<'_> {
    /// Lists the files that a container has changed.
    ///
    /// `GET /containers/{id}/changes`. Returns the paths that differ from the container's image.
    pub fn changes(&self, id: &str) -> Result<Vec<FilesystemChange>> {
        self.context.call(changes(id))
    }

    /// Exports the file system of a container as a tar.
    ///
    /// `GET /containers/{id}/export`.
    pub fn export(&self, id: &str) -> Result<Download> {
        Ok(Download::new(self.context.open_stream(export(id), None)?.body))
    }

    /// Returns size, mode and type of a file in a container.
    ///
    /// `HEAD /containers/{id}/archive`. `path` may also be a directory.
    ///
    /// # Errors
    /// Fails with [`Error::NotFound`] if the container or the path does not exist.
    pub fn archive_info(&self, id: &str, path: &str) -> Result<ContainerPathStat> {
        self.archive_info_as(id, path, decode)
    }

    /// As [`archive_info`](Containers::archive_info), with the JSON decoded by `read`.
    pub(crate) fn archive_info_as<S>(&self, id: &str, path: &str, read: ReadJson<S>) -> Result<S> {
        let request = archive_info(id, path);
        let operation = request.parts.operation;
        self.context.call_with(request.parts, None, |response| {
            read(operation, &path_stat(operation, &response.headers)?)
        })
    }

    /// Reads a file or directory of a container as a tar.
    ///
    /// `GET /containers/{id}/archive`. If `path` ends with `/.`, the tar contains the content of
    /// the directory without the directory itself.
    ///
    /// # Errors
    /// Fails with [`Error::NotFound`] if the container or the path does not exist.
    pub fn archive(&self, id: &str, path: &str) -> Result<Archive> {
        let (stat, download) = self.archive_as(id, path, decode)?;
        Ok(Archive { stat, download })
    }

    /// As [`archive`](Containers::archive), with the JSON decoded by `read`.
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
            // The call has failed, even if the body is intact.
            .inspect_err(|error| response.body.finish(Some(error)))?;
        Ok((stat, Download::new(response.body)))
    }

    /// Extracts a tar into a directory of a container.
    ///
    /// `PUT /containers/{id}/archive`. The tar is streamed from `tar`; it may be compressed.
    ///
    /// # Errors
    /// - [`Error::NotFound`] if the container or the directory does not exist.
    /// - [`Error::BadRequest`] if the tar is malformed or the path is not a directory.
    /// - [`Error::Forbidden`] or [`Error::BadRequest`] if the path is read-only.
    /// - [`Error::Engine`] instead of the latter two from older engines.
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
    /// Name, size, mode and link target of the path.
    pub stat: ContainerPathStat,
    /// The tar.
    pub download: Download,
}

impl Archive {
    /// Returns a token that cancels the download from another thread.
    pub fn cancel_token(&self) -> CancelToken {
        self.download.cancel_token()
    }
}
