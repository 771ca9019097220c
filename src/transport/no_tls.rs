//! Stands in for TLS in builds without the feature `tls`.

use std::io;
use std::time::Duration;

use super::Socket;
use crate::config::tls::TlsError;
use crate::{Error, Result, Tls};

/// Our side of TLS with one engine: nobody has it.
#[derive(Debug, Clone)]
pub(crate) enum Client {}

impl Client {
    pub(crate) fn new(operation: &'static str, _: &str, _: &Tls) -> Result<Client> {
        Err(Error::invalid(
            operation,
            "an engine by TLS takes the feature `tls`, and this build of dockline has it not: \
             turn it on, as in dockline = { version = \"…\", features = [\"tls\"] }",
        ))
    }

    pub(crate) fn session(&self) -> Result<Session, TlsError> {
        match *self {}
    }
}

/// TLS on one connection: there is none.
#[derive(Debug)]
pub(crate) enum Session {}

impl Session {
    pub(crate) fn shake_hands<E>(
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

    pub(crate) fn receive_now(&self, _: &Socket, _: &mut [u8]) -> io::Result<usize> {
        match *self {}
    }

    pub(crate) fn send(&self, _: &Socket, _: &[u8], _: Option<Duration>) -> io::Result<usize> {
        match *self {}
    }

    pub(crate) fn send_now(&self, _: &Socket, _: &[u8]) -> io::Result<usize> {
        match *self {}
    }

    pub(crate) fn is_sent(&self) -> bool {
        match *self {}
    }

    pub(crate) fn has_input(&self) -> bool {
        match *self {}
    }

    pub(crate) fn end(&self) {
        match *self {}
    }

    pub(crate) fn leave(&self, _: &Socket) {
        match *self {}
    }
}
