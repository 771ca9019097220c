//! Connections for BuildKit, which carry gRPC.

use crate::codec::options;
use crate::model::StringList;
use crate::request::Request;
use crate::stream::RawDuplex;
use crate::{Context, Error, Result};

/// Connections to BuildKit for gRPC; from [`Context::session`].
///
/// A BuildKit build requests files, secrets and credentials from its session. This library opens
/// the upgraded connection and transfers bytes. The caller supplies the HTTP/2 and gRPC
/// implementation.
#[derive(Debug, Clone, Copy)]
pub struct Session<'a> {
    context: &'a Context,
}

impl Context {
    /// Returns the operations that open gRPC connections to BuildKit.
    pub fn session(&self) -> Session<'_> {
        Session { context: self }
    }
}

options! {
    /// Options of [`Session::open`].
    #[derive(Clone, Default, PartialEq)]
    pub struct SessionOptions {
        /// ID of the session, for the `session` option of builds. It must be unique. Required.
        pub uuid: String = header "X-Docker-Expose-Session-Uuid",
        /// Descriptive name of the session.
        pub name: String = header "X-Docker-Expose-Session-Name",
        /// Key shared by sessions with the same files, so that the engine reuses files of earlier
        /// sessions.
        pub shared_key: String = header "X-Docker-Expose-Session-Sharedkey",
        /// gRPC methods that the client serves, such as `/moby.filesync.v1.FileSync/DiffCopy`.
        pub grpc_method: StringList = header "X-Docker-Expose-Session-Grpc-Method",
    }
}

pub(crate) fn session(options: &SessionOptions) -> Request<RawDuplex> {
    let mut request = Request::new("Session", "POST", "/session").since(31).upgrade("h2c");
    if options.uuid.trim().is_empty() {
        request.wrong("the id of the session is empty");
    }
    request.options(options).returning()
}

pub(crate) fn grpc() -> Request<RawDuplex> {
    Request::new("Grpc", "POST", "/grpc").upgrade("h2c").returning()
}

/// Opens an upgraded connection with this request.
pub(crate) fn connect(context: &Context, request: Request<RawDuplex>) -> Result<RawDuplex> {
    let operation = request.parts.operation;
    let mut response = context.open_stream(request, None)?;
    if response.status != 101 {
        let error = Error::Protocol {
            operation,
            message: format!(
                "the engine responded with status {} and did not upgrade the connection",
                response.status
            ),
        };
        response.body.finish(Some(&error));
        return Err(error);
    }
    Ok(RawDuplex::new(response.body))
}

impl Session<'_> {
    /// Opens a session, in which the engine calls and the client serves.
    ///
    /// `POST /session`. Experimental before API 1.39, deprecated since API 1.53. Since API 1.31.
    ///
    /// # Errors
    /// Fails with [`Error::Engine`] or [`Error::BadRequest`], depending on the engine's version, if
    /// the ID is in use.
    pub fn open(&self, options: &SessionOptions) -> Result<RawDuplex> {
        connect(self.context, session(options))
    }

    /// Opens a connection to BuildKit, in which the client calls and the engine serves.
    ///
    /// `POST /grpc`. Not part of the Engine API; engines support it since about API 1.39.
    /// Deprecated since API 1.53.
    pub fn grpc(&self) -> Result<RawDuplex> {
        connect(self.context, grpc())
    }
}
