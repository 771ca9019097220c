//! Attach through a websocket.

use std::borrow::Cow;

use tungstenite::handshake::client::generate_key;
use tungstenite::handshake::derive_accept_key;

use super::Containers;
use crate::codec::options;
use crate::request::Request;
use crate::stream::WebSocketAttach;
use crate::{Error, Result};

options! {
    /// Options of [`Containers::attach_websocket`]. By default, stdin, stdout and stderr from now
    /// on.
    #[derive(Clone, PartialEq)]
    pub struct ContainerAttachWebsocketOptions {
        /// Key sequence that detaches from the container's terminal, such as `ctrl-p,ctrl-q`.
        pub detach_keys: String = query "detachKeys",
        /// Return the output that was written before the call first.
        pub logs: bool = query "logs",
        /// Stream the output that is written from now on. Default: `true`.
        pub stream: bool = query "stream",
        /// Attach to standard input. Engines before API 1.42 always do. Default: `true`.
        pub stdin: bool = query "stdin",
        /// Attach to standard output. Engines before API 1.42 always do. Default: `true`.
        pub stdout: bool = query "stdout",
        /// Attach to standard error. Engines before API 1.42 always do. Default: `true`.
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

pub(crate) fn attach_websocket(
    id: &str,
    options: &ContainerAttachWebsocketOptions,
    key: &str,
) -> Request<WebSocketAttach> {
    let some_off = !(options.stdin && options.stdout && options.stderr);
    Request::on_container("ContainerAttachWebsocket", "GET", "/containers/{}/attach/ws", id)
        .options(options)
        // Older engines ignore these options and attach all three streams, which is wrong only if
        // one is off.
        .needs(42, "turning off stdin, stdout or stderr", some_off)
        .header("Connection", "Upgrade")
        .header("Upgrade", "websocket")
        .header("Sec-WebSocket-Version", "13")
        .header("Sec-WebSocket-Key", key)
        // Engines require an Origin but do not check its value.
        .header("Origin", "http://localhost")
        .returning()
}

impl Containers<'_> {
    /// Attaches to a container through a websocket.
    ///
    /// `GET /containers/{id}/attach/ws`. For networks that only let HTTP and websockets pass.
    /// Otherwise prefer [`attach`](Containers::attach): it separates stdout from stderr and
    /// supports a half-close.
    ///
    /// # Errors
    /// Fails with [`Error::Protocol`] if the response is not a valid websocket handshake.
    pub fn attach_websocket(
        &self,
        id: &str,
        options: &ContainerAttachWebsocketOptions,
    ) -> Result<WebSocketAttach> {
        let mut options = Cow::Borrowed(options);
        if options.detach_keys.is_empty() {
            options.to_mut().detach_keys.clone_from(&self.context.cli_defaults().detach_keys);
        }
        let key = generate_key();
        let request = attach_websocket(id, &options, &key);
        let operation = request.parts.operation;
        let mut response = self.context.open_stream(request, None)?;
        let accept = response.headers.get("sec-websocket-accept").map(|value| value.as_bytes());
        if response.status != 101 || accept != Some(derive_accept_key(key.as_bytes()).as_bytes()) {
            let error = Error::Protocol {
                operation,
                message: "the engine did not open a websocket".to_owned(),
            };
            response.body.finish(Some(&error));
            return Err(error);
        }
        Ok(WebSocketAttach::new(response.body))
    }
}
