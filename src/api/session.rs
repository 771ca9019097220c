//! Connections for BuildKit, over which both sides speak gRPC.

use crate::codec::options;
use crate::model::StringList;
use crate::request::Request;
use crate::stream::RawDuplex;
use crate::{Context, Error, Result};

/// Connections that the engine hands over, for gRPC; from [`Context::session`].
///
/// A build by BuildKit asks its session for files, secrets and credentials. This library opens the
/// connection and carries the bytes; what is spoken over it is HTTP/2 with gRPC, for which there are
/// other libraries.
#[derive(Debug, Clone, Copy)]
pub struct Session<'a> {
    context: &'a Context,
}

impl Context {
    /// Connections that the engine hands over, for gRPC.
    pub fn session(&self) -> Session<'_> {
        Session { context: self }
    }
}

options! {
    /// Options of [`Session::open`].
    #[derive(Clone, Default, PartialEq)]
    pub struct SessionOptions {
        /// Id of the session, which builds name in
        /// [`ImageBuildOptions::session`](crate::ImageBuildOptions::session). Must be given, and new.
        pub uuid: String = header "X-Docker-Expose-Session-Uuid",
        /// A name for people.
        pub name: String = header "X-Docker-Expose-Session-Name",
        /// What sessions with the same files have in common, so that the engine keeps the files from one
        /// to the next.
        pub shared_key: String = header "X-Docker-Expose-Session-Sharedkey",
        /// The methods that the caller serves, such as `/moby.filesync.v1.FileSync/DiffCopy`.
        pub grpc_method: StringList = header "X-Docker-Expose-Session-Grpc-Method",
    }
}

/// `POST /session`
pub(crate) fn session(options: &SessionOptions) -> Request<RawDuplex> {
    let mut request = Request::new("Session", "POST", "/session").since(31).upgrade("h2c");
    if options.uuid.is_empty() {
        request.wrong("the id of the session is empty");
    }
    request.options(options).returning()
}

/// `POST /grpc`
pub(crate) fn grpc() -> Request<RawDuplex> {
    Request::new("Grpc", "POST", "/grpc").upgrade("h2c").returning()
}

/// Opens a connection of this request.
pub(crate) fn connect(context: &Context, request: Request<RawDuplex>) -> Result<RawDuplex> {
    let operation = request.parts.operation;
    let response = context.open_stream(request, None)?;
    if response.status != 101 {
        return Err(Error::Protocol {
            operation,
            message: format!(
                "the engine answered with status {} and did not hand over the connection",
                response.status
            ),
        });
    }
    Ok(RawDuplex::new(response.body))
}

impl Session<'_> {
    /// Opens a session (`POST /session`): from now on the engine calls and the caller serves.
    /// Since API 1.31; engines before API 1.39 have it as an experiment only. Deprecated by engines
    /// since API 1.53.
    ///
    /// # Errors
    /// [`Error::Engine`] or [`Error::BadRequest`], by the engine's age, when the id is taken.
    pub fn open(&self, options: &SessionOptions) -> Result<RawDuplex> {
        connect(self.context, session(options))
    }

    /// Opens a connection to BuildKit's own service in the engine (`POST /grpc`): the caller calls
    /// and the engine serves. Deprecated by engines since API 1.53.
    ///
    /// The Engine API does not define it. Engines have it since about API 1.39.
    pub fn grpc(&self) -> Result<RawDuplex> {
        connect(self.context, grpc())
    }
}
