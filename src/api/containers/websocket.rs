//! Attach by websocket.

use tungstenite::handshake::client::generate_key;
use tungstenite::handshake::derive_accept_key;

use super::Containers;
use crate::codec::options;
use crate::request::Request;
use crate::stream::WebSocketAttach;
use crate::{Error, Result};

options! {
    /// Options of [`Containers::attach_websocket`]. By default everything from now on: input and both
    /// outputs.
    #[derive(Clone, PartialEq)]
    pub struct ContainerAttachWebsocketOptions {
        /// The keys that detach from its terminal, such as `ctrl-p,ctrl-q`.
        pub detach_keys: String = query "detachKeys",
        /// First what it has written before.
        pub logs: bool = query "logs",
        /// What it writes from now on. On by default.
        pub stream: bool = query "stream",
        /// Its standard input. On by default; engines before API 1.42 give it always.
        pub stdin: bool = query "stdin",
        /// Its standard output. On by default; engines before API 1.42 give it always.
        pub stdout: bool = query "stdout",
        /// Its standard error. On by default; engines before API 1.42 give it always.
        pub stderr: bool = query "stderr",
    }
}

impl Default for ContainerAttachWebsocketOptions {
    fn default() -> Self {
        ContainerAttachWebsocketOptions {
            detach_keys: String::new(),
            logs: false,
            stream: true,
            stdin: true,
            stdout: true,
            stderr: true,
        }
    }
}

/// `GET /containers/{id}/attach/ws`
pub(crate) fn attach_websocket(
    id: &str,
    options: &ContainerAttachWebsocketOptions,
    key: &str,
) -> Request<WebSocketAttach> {
    let some_off = !(options.stdin && options.stdout && options.stderr);
    Request::on("ContainerAttachWebsocket", "GET", "/containers/{}/attach/ws", id)
        .options(options)
        // Older engines ignore all three and give everything: right, unless one is not wanted.
        .needs(42, "leaving out stdin, stdout or stderr", some_off)
        .header("Connection", "Upgrade")
        .header("Upgrade", "websocket")
        .header("Sec-WebSocket-Version", "13")
        .header("Sec-WebSocket-Key", key)
        // Engines compare it with nothing, but want one.
        .header("Origin", "http://localhost")
        .returning()
}

impl Containers<'_> {
    /// Connects to the input and output of a container by websocket
    /// (`GET /containers/{id}/attach/ws`), for where nothing but HTTP and websockets gets through.
    /// Where the connection is direct, [`attach`](Containers::attach) can more: it tells stdout from
    /// stderr, and ends the input alone.
    ///
    /// # Errors
    /// [`Error::Protocol`] when the engine does not answer as a websocket server.
    pub fn attach_websocket(
        &self,
        id: &str,
        options: &ContainerAttachWebsocketOptions,
    ) -> Result<WebSocketAttach> {
        let key = generate_key();
        let request = attach_websocket(id, options, &key);
        let operation = request.parts.operation;
        let response = self.context.open_stream(request, None)?;
        let accept = response.headers.get("sec-websocket-accept").map(|value| value.as_bytes());
        if response.status != 101 || accept != Some(derive_accept_key(key.as_bytes()).as_bytes()) {
            return Err(Error::Protocol {
                operation,
                message: "the engine did not open a websocket".to_owned(),
            });
        }
        Ok(WebSocketAttach::new(response.body))
    }
}
