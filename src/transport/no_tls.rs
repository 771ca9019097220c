//! Replaces `tls.rs` in builds without the feature `tls`.

use std::io;
use std::time::Duration;

use super::Socket;
use crate::config::tls::TlsError;
use crate::{Error, Result, Tls};

/// The TLS client configuration of an engine. Has no values in this build.
#[derive(Debug, Clone)]
pub(crate) enum Client {}

impl Client {
    pub(crate) fn new(operation: &'static str, _: &str, _: &Tls) -> Result<Client> {
        Err(Error::invalid(
            operation,
            "connecting with TLS requires the feature `tls`, which this build of dockline does not \
             have: enable it, as in dockline = { version = \"…\", features = [\"tls\"] }",
        ))
    }

    pub(crate) fn session(&self) -> Result<Session, TlsError> {
        match *self {}
    }
}

/// A TLS session. Has no values in this build.
#[derive(Debug)]
pub(crate) enum Session {}

impl Session {
    pub(crate) fn handshake<E>(
        &self,
        _: &Socket,
        _: impl Fn() -> std::result::Result<Option<Duration>, E>,
    ) -> std::result::Result<bool, E> {
        match *self {}
    }

    pub(crate) fn receive(
        &self,
        _: &Socket,
        _: &mut [u8],
        _: Option<Duration>,
    ) -> io::Result<usize> {
        match *self {}
    }

    pub(crate) fn try_receive(&self, _: &Socket, _: &mut [u8]) -> io::Result<usize> {
        match *self {}
    }

    pub(crate) fn send(&self, _: &Socket, _: &[u8], _: Option<Duration>) -> io::Result<usize> {
        match *self {}
    }

    pub(crate) fn try_send(&self, _: &Socket, _: &[u8]) -> io::Result<usize> {
        match *self {}
    }

    pub(crate) fn is_flushed(&self) -> bool {
        match *self {}
    }

    pub(crate) fn is_readable(&self) -> bool {
        match *self {}
    }

    pub(crate) fn queue_close_notify(&self) {
        match *self {}
    }

    pub(crate) fn close(&self, _: &Socket) {
        match *self {}
    }
}
