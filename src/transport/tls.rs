//! TLS sessions with rustls. Both directions work independently, and each can be closed by itself.

use std::io::{self, IoSlice, Read, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use std::{fmt, fs};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use rustls::client::ResolvesClientCert;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::ring::sign::any_supported_type;
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{
    CertificateDer, PrivateKeyDer, PrivatePkcs1KeyDer, PrivatePkcs8KeyDer, PrivateSec1KeyDer,
    ServerName, UnixTime,
};
use rustls::sign::CertifiedKey;
use rustls::{
    AlertDescription, CertificateError, ClientConfig, ClientConnection, DigitallySignedStruct,
    InvalidMessage, RootCertStore, SignatureScheme,
};
use zeroize::Zeroizing;

use super::Socket;
use crate::config::tls::{Pem, Tls, TlsError, TlsFailure};
use crate::{Error, Result};

/// Size of the receive buffer, which bounds the bytes of one read from the socket.
const BUFFER: usize = 64 * 1024;

/// The TLS client configuration of an engine, shared by its connections.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    config: Arc<ClientConfig>,
    server_name: ServerName<'static>,
    identity: Arc<Identity>,
}

impl Client {
    /// Reads the certificates and the key that `tls` names, and checks that they match.
    pub(crate) fn new(operation: &'static str, host: &str, tls: &Tls) -> Result<Client> {
        let server_name = ServerName::try_from(host.to_owned()).map_err(|_| {
            Error::invalid(operation, format!("{host:?} is not a valid host name for TLS"))
        })?;
        let provider = Arc::new(ring::default_provider());
        let identity = Arc::new(Identity::new(operation, tls)?);
        let builder = ClientConfig::builder_with_provider(provider.clone())
            .with_safe_default_protocol_versions()
            .map_err(|error| Error::invalid(operation, error.to_string()))?;
        let builder = if tls.skip_verify {
            builder
                .dangerous()
                .with_custom_certificate_verifier(Arc::new(NoServerVerification(provider)))
        } else {
            builder.with_root_certificates(trusted_roots(operation, tls.ca.as_ref())?)
        };
        let config = builder.with_client_cert_resolver(identity.clone());
        Ok(Client { config: Arc::new(config), server_name, identity })
    }

    /// A new session. Call [`Session::handshake`] first.
    pub(crate) fn session(&self) -> Result<Session, TlsError> {
        let connection = ClientConnection::new(self.config.clone(), self.server_name.clone())
            .map_err(|error| self.tls_error(&error))?;
        Ok(Session {
            client: self.clone(),
            received: Mutex::new(Received { buffer: vec![0; BUFFER], ..Received::default() }),
            connection: Mutex::new(connection),
        })
    }

    /// Converts an error of rustls, with advice.
    fn tls_error(&self, error: &rustls::Error) -> TlsError {
        use AlertDescription::*;
        let host = self.server_name.to_str();
        let (failure, message) = match error {
            rustls::Error::InvalidCertificate(reason) => match reason {
                CertificateError::UnknownIssuer | CertificateError::BadSignature => (
                    TlsFailure::UntrustedAuthority,
                    "the engine's certificate is not signed by a trusted authority: pass the \
                     certificate of the authority that signed it (ca)"
                        .to_owned(),
                ),
                CertificateError::Expired | CertificateError::ExpiredContext { .. } => (
                    TlsFailure::Expired,
                    "the engine's certificate has expired, or the local clock is wrong".to_owned(),
                ),
                CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => (
                    TlsFailure::Expired,
                    "the engine's certificate is not valid yet, or the local clock is wrong"
                        .to_owned(),
                ),
                CertificateError::NotValidForName => (
                    TlsFailure::WrongName,
                    format!("the engine's certificate is not valid for {host}"),
                ),
                CertificateError::NotValidForNameContext { presented, .. } => {
                    let names = match &presented[..] {
                        [] => "it has no subjectAltName".to_owned(),
                        names => {
                            let names: Vec<_> = names.iter().map(|name| inner_name(name)).collect();
                            format!("it is valid for {}", names.join(", "))
                        }
                    };
                    (
                        TlsFailure::WrongName,
                        format!("the engine's certificate is not valid for {host}: {names}"),
                    )
                }
                other => (
                    TlsFailure::Protocol,
                    format!("the engine's certificate cannot be used: {other:?}"),
                ),
            },
            rustls::Error::AlertReceived(alert) => match alert {
                CertificateRequired | BadCertificate | HandshakeFailure
                    if self.identity.was_missing() =>
                {
                    (
                        TlsFailure::ClientCertificateMissing,
                        "the engine requires a client certificate, and none is set: pass one with \
                         its private key (cert and key)"
                            .to_owned(),
                    )
                }
                BadCertificate
                | UnsupportedCertificate
                | CertificateRevoked
                | CertificateExpired
                | CertificateUnknown
                | UnknownCA
                | AccessDenied
                | DecryptError
                    if self.identity.was_sent() =>
                {
                    (
                        TlsFailure::ClientCertificateRefused,
                        format!(
                            "the engine rejected the client certificate ({alert:?}): it must be \
                             signed by an authority that the engine trusts, and be valid today"
                        ),
                    )
                }
                other => (TlsFailure::Protocol, format!("the engine sent a TLS alert: {other:?}")),
            },
            rustls::Error::InvalidMessage(
                InvalidMessage::InvalidContentType | InvalidMessage::UnknownProtocolVersion,
            ) => (
                TlsFailure::NotTls,
                "the response is not TLS: use http://, or tcp:// without TLS settings, or check the \
                 port"
                    .to_owned(),
            ),
            other => (TlsFailure::Protocol, format!("TLS failed: {other}")),
        };
        TlsError { failure, message }
    }
}

/// Extracts the name from rustls' notation, such as `DnsName("engine")`.
fn inner_name(name: &str) -> &str {
    name.split_once('(').map_or(name, |(_, name)| name.trim_end_matches(')').trim_matches('"'))
}

/// The trusted root certificates: those of `ca`, or the system's.
fn trusted_roots(operation: &'static str, ca: Option<&Pem>) -> Result<RootCertStore> {
    let mut store = RootCertStore::empty();
    match ca {
        Some(pem) => {
            for certificate in certificates(operation, "ca", pem)? {
                store.add(certificate).map_err(|error| {
                    Error::invalid(
                        operation,
                        format!("ca: {} contains an invalid certificate: {error}", pem.name()),
                    )
                })?;
            }
        }
        None => {
            // Certificates that cannot be parsed are skipped.
            store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            if store.is_empty() {
                return Err(Error::invalid(
                    operation,
                    "the system has no root certificates (Debian: package ca-certificates): pass \
                     those to trust (ca)",
                ));
            }
        }
    }
    Ok(store)
}

/// All certificates in `pem`, at least one.
fn certificates(
    operation: &'static str,
    what: &str,
    pem: &Pem,
) -> Result<Vec<CertificateDer<'static>>> {
    let text = read_pem(operation, what, pem)?;
    let parsed: std::result::Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&text).collect();
    match parsed {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        Ok(_) => Err(Error::invalid(
            operation,
            format!(
                "{what}: {} contains no certificate: expected PEM, -----BEGIN CERTIFICATE-----",
                pem.name()
            ),
        )),
        Err(error) => Err(Error::invalid(
            operation,
            format!("{what}: {} is not valid PEM: {error}", pem.name()),
        )),
    }
}

/// The private key in `pem`.
fn private_key(operation: &'static str, pem: &Pem) -> Result<Zeroizing<PrivateKeyDer<'static>>> {
    let text = read_pem(operation, "key", pem)?;
    parse_private_key(&text).map_err(|reason| {
        Error::invalid(operation, format!("key: {} contains {reason}", pem.name()))
    })
}

/// Parses the first private key in PEM. The error completes the sentence "the file contains".
///
/// The PEM parser of rustls does not wipe its intermediate buffers.
fn parse_private_key(
    text: &[u8],
) -> std::result::Result<Zeroizing<PrivateKeyDer<'static>>, &'static str> {
    let find = |from: usize, pattern: &str| {
        let mut windows = text[from..].windows(pattern.len());
        windows.position(|window| window == pattern.as_bytes()).map(|at| from + at)
    };
    type FromDer = fn(Vec<u8>) -> PrivateKeyDer<'static>;
    let formats: [(_, FromDer); 3] = [
        ("PRIVATE KEY-----", |der| PrivatePkcs8KeyDer::from(der).into()),
        ("RSA PRIVATE KEY-----", |der| PrivatePkcs1KeyDer::from(der).into()),
        ("EC PRIVATE KEY-----", |der| PrivateSec1KeyDer::from(der).into()),
    ];
    for (label, from_der) in formats {
        let begin = format!("-----BEGIN {label}");
        let Some(at) = find(0, &begin) else { continue };
        let start = at + begin.len();
        let Some(end) = find(start, "-----END ") else {
            return Err("a private key without an END line");
        };
        let section = &text[start..end];
        // A header such as "Proc-Type: 4,ENCRYPTED".
        if section.contains(&b':') {
            return Err(ENCRYPTED);
        }
        let mut base64 = Zeroizing::new(Vec::with_capacity(section.len()));
        base64.extend(section.iter().filter(|byte| !byte.is_ascii_whitespace()));
        let der = BASE64_STANDARD.decode(&*base64);
        return der
            .map(|der| Zeroizing::new(from_der(der)))
            .map_err(|_| "a private key that is not valid base64");
    }
    Err(match find(0, "-----BEGIN ENCRYPTED PRIVATE KEY-----") {
        Some(_) => ENCRYPTED,
        None => {
            "no private key: expected PEM in PKCS#1, PKCS#8 or SEC1, -----BEGIN … PRIVATE KEY-----"
        }
    })
}

const ENCRYPTED: &str = "an encrypted private key: decrypt it (openssl pkey)";

/// Reads the PEM text.
fn read_pem(operation: &'static str, what: &str, pem: &Pem) -> Result<Zeroizing<Vec<u8>>> {
    match pem {
        Pem::Text(text) => Ok(Zeroizing::new(text.clone())),
        Pem::File(path) => fs::read(path).map(Zeroizing::new).map_err(|source| Error::Io {
            operation,
            message: format!("reading {what} from {}", path.display()),
            source,
        }),
    }
}

/// The client certificate, for an engine that requests one.
#[derive(Debug)]
struct Identity {
    certificate: Option<Arc<CertifiedKey>>,
    /// An engine has requested a certificate.
    requested: AtomicBool,
}

impl Identity {
    fn new(operation: &'static str, tls: &Tls) -> Result<Identity> {
        let certificate = match (&tls.cert, &tls.key) {
            (None, None) => None,
            (Some(_), None) => {
                return Err(Error::invalid(
                    operation,
                    "cert is given without its private key (key)",
                ));
            }
            (None, Some(_)) => {
                return Err(Error::invalid(
                    operation,
                    "key is given without its certificate (cert)",
                ));
            }
            (Some(cert), Some(key)) => {
                let chain = certificates(operation, "cert", cert)?;
                let key = private_key(operation, key)?;
                let key = any_supported_type(&key).map_err(|error| {
                    Error::invalid(operation, format!("key: cannot be used: {error}"))
                })?;
                let certificate = CertifiedKey::new(chain, key);
                // Only a definite mismatch fails. Some certificates cannot be compared, such as
                // those of X.509 version 1; the engine verifies them.
                if let Err(rustls::Error::InconsistentKeys(rustls::InconsistentKeys::KeyMismatch)) =
                    certificate.keys_match()
                {
                    return Err(Error::Tls {
                        operation,
                        failure: TlsFailure::KeyMismatch,
                        message: "the private key (key) does not belong to the certificate (cert)"
                            .to_owned(),
                    });
                }
                Some(Arc::new(certificate))
            }
        };
        Ok(Identity { certificate, requested: AtomicBool::new(false) })
    }

    /// An engine has requested a certificate, and none is set.
    fn was_missing(&self) -> bool {
        self.certificate.is_none() && self.requested.load(Ordering::Relaxed)
    }

    /// An engine has requested a certificate and received it.
    fn was_sent(&self) -> bool {
        self.certificate.is_some() && self.requested.load(Ordering::Relaxed)
    }
}

impl ResolvesClientCert for Identity {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.requested.store(true, Ordering::Relaxed);
        self.certificate.clone()
    }

    fn has_certs(&self) -> bool {
        self.certificate.is_some()
    }
}

/// Accepts every server certificate, without verification.
#[derive(Debug)]
struct NoServerVerification(Arc<CryptoProvider>);

impl ServerCertVerifier for NoServerVerification {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> std::result::Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

/// The TLS session of a connection.
///
/// The reading thread holds the lock of `received`, also while it waits for the socket. The lock of
/// `connection` is held only for encryption, decryption and non-blocking system calls. So a blocked read
/// does not delay writes, and a blocked write does not delay reads.
pub(crate) struct Session {
    client: Client,
    received: Mutex<Received>,
    connection: Mutex<ClientConnection>,
}

/// Received bytes that are not decrypted yet.
#[derive(Default)]
struct Received {
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    /// The socket is at its end.
    eof: bool,
    /// The error that follows the bytes decrypted so far.
    failure: Option<TlsError>,
}

impl Received {
    fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// Fills the empty buffer with `receive`, which may block.
    fn fill(&mut self, receive: impl FnOnce(&mut [u8]) -> io::Result<usize>) -> io::Result<()> {
        debug_assert!(self.is_empty());
        let count = receive(&mut self.buffer)?;
        (self.start, self.end, self.eof) = (0, count, count == 0);
        Ok(())
    }
}

impl Read for Received {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = buffer.len().min(self.end - self.start);
        buffer[..count].copy_from_slice(&self.buffer[self.start..self.start + count]);
        self.start += count;
        Ok(count)
    }
}

impl Session {
    /// Performs the handshake.
    ///
    /// `remaining` returns the longest time to wait, or an error if it has passed. Returns false if the
    /// engine closes the connection instead.
    pub(crate) fn handshake<E: From<io::Error>>(
        &self,
        socket: &Socket,
        remaining: impl Fn() -> std::result::Result<Option<Duration>, E>,
    ) -> std::result::Result<bool, E> {
        let mut received = lock(&self.received);
        loop {
            let sent = self.flush(&mut lock(&self.connection), socket);
            if let Err(error) = sent {
                if error.kind() != io::ErrorKind::WouldBlock {
                    return Err(self.send_error(&mut received, socket, error).into());
                }
                socket.await_writable(remaining()?)?;
                continue;
            }
            if !lock(&self.connection).is_handshaking() {
                return Ok(true);
            }
            if received.is_empty() {
                let wait = remaining()?;
                match received.fill(|buffer| socket.receive(buffer, wait)) {
                    // `remaining` fails in the next round if the time has passed.
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => continue,
                    result => result?,
                }
            }
            if received.eof {
                return Ok(false);
            }
            let mut connection = lock(&self.connection);
            if let Err(error) = self.process(&mut connection, &mut received) {
                // Sends the alert that gives the reason.
                let _ = self.flush(&mut connection, socket);
                return Err(io::Error::from(error).into());
            }
        }
    }

    /// As [`Socket::receive`]. Fails with `ErrorKind::Interrupted` if the received bytes do not yield
    /// plaintext yet.
    pub(crate) fn receive(
        &self,
        socket: &Socket,
        buffer: &mut [u8],
        wait: Option<Duration>,
    ) -> io::Result<usize> {
        let received = &mut *lock(&self.received);
        match self.decrypt(socket, received, buffer) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            result => return result,
        }
        received.fill(|buffer| socket.receive(buffer, wait))?;
        self.decrypt(socket, received, buffer).map_err(block_to_interrupt)
    }

    /// As [`Socket::try_receive`].
    pub(crate) fn try_receive(&self, socket: &Socket, buffer: &mut [u8]) -> io::Result<usize> {
        let received = &mut *lock(&self.received);
        loop {
            match self.decrypt(socket, received, buffer) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                result => return result,
            }
            received.fill(|buffer| socket.try_receive(buffer))?;
        }
    }

    /// Fills `buffer` with plaintext of the bytes received so far; 0 is a close_notify.
    fn decrypt(
        &self,
        socket: &Socket,
        received: &mut Received,
        buffer: &mut [u8],
    ) -> io::Result<usize> {
        let mut connection = lock(&self.connection);
        let mut filled = 0;
        let failure = loop {
            match connection.reader().read(&mut buffer[filled..]) {
                // The end, or `buffer` is full.
                Ok(0) => return Ok(filled),
                Ok(count) => filled += count,
                Err(error) if error.kind() != io::ErrorKind::WouldBlock => {
                    break io::Error::new(
                        io::ErrorKind::UnexpectedEof,
                        "it ended without close_notify, so data may be missing",
                    );
                }
                Err(error) if received.is_empty() && !received.eof => break error,
                Err(_) => {
                    if let Err(error) = self.process(&mut connection, received) {
                        let _ = self.flush(&mut connection, socket);
                        break error.into();
                    }
                }
            }
        };
        // Sends replies of TLS itself, such as key updates. The next write sends the rest.
        let _ = self.flush(&mut connection, socket);
        // After partial data the next call returns the same failure.
        if filled > 0 { Ok(filled) } else { Err(failure) }
    }

    /// Passes received bytes to rustls and processes the TLS records in them.
    fn process(
        &self,
        connection: &mut ClientConnection,
        received: &mut Received,
    ) -> Result<(), TlsError> {
        if let Some(error) = &received.failure {
            return Err(error.clone());
        }
        let read = connection
            .read_tls(received)
            .map_err(|error| rustls::Error::General(error.to_string()));
        match read.and_then(|_| connection.process_new_packets()) {
            Ok(_) => Ok(()),
            Err(error) => {
                let error = self.client.tls_error(&error);
                received.failure = Some(error.clone());
                Err(error)
            }
        }
    }

    /// As [`Socket::send`], but accepted bytes may remain buffered: see [`is_flushed`](Session::is_flushed).
    /// Fails with `ErrorKind::Interrupted` if only earlier bytes were written.
    pub(crate) fn send(
        &self,
        socket: &Socket,
        bytes: &[u8],
        wait: Option<Duration>,
    ) -> io::Result<usize> {
        match self.try_send(socket, bytes) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            result => return result,
        }
        if !socket.await_writable(wait)? {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        self.try_send(socket, bytes).map_err(block_to_interrupt)
    }

    /// As [`Socket::try_send`], with buffering as in [`send`](Session::send).
    pub(crate) fn try_send(&self, socket: &Socket, bytes: &[u8]) -> io::Result<usize> {
        let sent = {
            let mut connection = lock(&self.connection);
            self.flush(&mut connection, socket).and_then(|()| {
                let accepted = connection.writer().write(bytes)?;
                match self.flush(&mut connection, socket) {
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(accepted),
                    result => result.map(|()| accepted),
                }
            })
        };
        sent.map_err(|error| match self.received.try_lock() {
            // If another thread is reading, that thread returns the reason.
            Ok(mut received) if error.kind() != io::ErrorKind::WouldBlock => {
                self.send_error(&mut received, socket, error)
            }
            _ => error,
        })
    }

    /// Whether all accepted bytes are written to the socket.
    pub(crate) fn is_flushed(&self) -> bool {
        !lock(&self.connection).wants_write()
    }

    /// Half-closes the session. The next sends write the close_notify.
    pub(crate) fn queue_close_notify(&self) {
        lock(&self.connection).send_close_notify();
    }

    /// Sends close_notify, as far as that does not block.
    pub(crate) fn close(&self, socket: &Socket) {
        let has_failed = lock(&self.received).failure.is_some();
        let mut connection = lock(&self.connection);
        if !connection.is_handshaking() && !has_failed {
            connection.send_close_notify();
            let _ = self.flush(&mut connection, socket);
        }
    }

    /// Whether a read returns without waiting for the socket.
    pub(crate) fn is_readable(&self) -> bool {
        let received = lock(&self.received);
        !received.is_empty()
            || lock(&self.connection)
                .process_new_packets()
                .map_or(true, |state| state.plaintext_bytes_to_read() > 0)
    }

    /// Writes the buffered TLS records without blocking.
    fn flush(&self, connection: &mut ClientConnection, socket: &Socket) -> io::Result<()> {
        while connection.wants_write() {
            connection.write_tls(&mut SocketWriter(socket))?;
        }
        Ok(())
    }

    /// The error of a failed write. An engine that rejects the client sends an alert and closes, so a
    /// received alert is returned instead of `error`.
    fn send_error(&self, received: &mut Received, socket: &Socket, error: io::Error) -> io::Error {
        let mut connection = lock(&self.connection);
        // rustls stops reading while plaintext is unread.
        while connection.wants_read() {
            if received.is_empty()
                && (received.fill(|buffer| socket.try_receive(buffer)).is_err() || received.eof)
            {
                return error;
            }
            if let Err(error) = self.process(&mut connection, received) {
                return error.into();
            }
        }
        error
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").finish_non_exhaustive()
    }
}

/// Non-blocking writes to a socket, without SIGPIPE.
struct SocketWriter<'a>(&'a Socket);

impl Write for SocketWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.try_send(bytes)
    }

    fn write_vectored(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        self.0.try_send_vectored(slices)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Maps WouldBlock to Interrupted after a partial transfer, so that the caller waits again.
fn block_to_interrupt(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::WouldBlock => io::ErrorKind::Interrupted.into(),
        _ => error,
    }
}

/// Locks a mutex. Poisoning is ignored, since no invariant spans a panic.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
