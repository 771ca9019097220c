//! TLS between socket and HTTP: both directions at once, with an end for each.

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

/// Size of the buffer for what comes in: as much as the socket gives at once.
const BUFFER: usize = 64 * 1024;

/// Our side of TLS with one engine, shared by its connections.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    config: Arc<ClientConfig>,
    name: ServerName<'static>,
    identity: Arc<Identity>,
}

impl Client {
    /// Reads what `tls` names, and checks that it fits together.
    pub(crate) fn new(operation: &'static str, host: &str, tls: &Tls) -> Result<Client> {
        let name = ServerName::try_from(host.to_owned()).map_err(|_| {
            Error::invalid(operation, format!("{host:?} is no name that a certificate can hold"))
        })?;
        let provider = Arc::new(ring::default_provider());
        let identity = Arc::new(Identity::new(operation, tls)?);
        let builder = ClientConfig::builder_with_provider(provider.clone())
            .with_safe_default_protocol_versions()
            .map_err(|error| Error::invalid(operation, error.to_string()))?;
        let builder = if tls.skip_verify {
            builder.dangerous().with_custom_certificate_verifier(Arc::new(Anybody(provider)))
        } else {
            builder.with_root_certificates(authorities(operation, tls.ca.as_ref())?)
        };
        let config = builder.with_client_cert_resolver(identity.clone());
        Ok(Client { config: Arc::new(config), name, identity })
    }

    /// A new connection, which begins with [`Session::shake_hands`].
    pub(crate) fn session(&self) -> Result<Session, TlsError> {
        let connection = ClientConnection::new(self.config.clone(), self.name.clone())
            .map_err(|error| self.explain(&error))?;
        Ok(Session {
            client: self.clone(),
            incoming: Mutex::new(Incoming { buffer: vec![0; BUFFER], ..Incoming::default() }),
            connection: Mutex::new(connection),
        })
    }

    /// What an error means, and what to do.
    fn explain(&self, error: &rustls::Error) -> TlsError {
        use AlertDescription::*;
        let host = self.name.to_str();
        let (failure, message) = match error {
            rustls::Error::InvalidCertificate(wrong) => match wrong {
                CertificateError::UnknownIssuer | CertificateError::BadSignature => (
                    TlsFailure::UntrustedAuthority,
                    "no authority that is trusted has signed the engine's certificate: give the \
                     certificate of the authority that has (ca)"
                        .to_owned(),
                ),
                CertificateError::Expired | CertificateError::ExpiredContext { .. } => (
                    TlsFailure::Expired,
                    "the engine's certificate has expired, or the clock is wrong here".to_owned(),
                ),
                CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => (
                    TlsFailure::Expired,
                    "the engine's certificate is not valid yet, or the clock is wrong here"
                        .to_owned(),
                ),
                CertificateError::NotValidForName => (
                    TlsFailure::WrongName,
                    format!("the engine's certificate is for another host than {host}"),
                ),
                CertificateError::NotValidForNameContext { presented, .. } => {
                    let names = match &presented[..] {
                        [] => "no host at all (it has no subjectAltName)".to_owned(),
                        names => {
                            names.iter().map(|name| plain(name)).collect::<Vec<_>>().join(", ")
                        }
                    };
                    (
                        TlsFailure::WrongName,
                        format!("the engine's certificate is not for {host}, but for {names}"),
                    )
                }
                other => (
                    TlsFailure::Protocol,
                    format!("the engine's certificate cannot be used: {other:?}"),
                ),
            },
            rustls::Error::AlertReceived(alert) => match alert {
                CertificateRequired | BadCertificate | HandshakeFailure
                    if self.identity.is_missing() =>
                {
                    (
                        TlsFailure::ClientCertificateMissing,
                        "the engine wants a certificate, and none is given: give one with its \
                         private key (cert and key)"
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
                    if self.identity.is_shown() =>
                {
                    (
                        TlsFailure::ClientCertificateRefused,
                        format!(
                            "the engine does not take our certificate ({alert:?}): it must be \
                             signed by the authority that the engine trusts, and be valid today"
                        ),
                    )
                }
                other => (TlsFailure::Protocol, format!("the engine ended TLS: {other:?}")),
            },
            rustls::Error::InvalidMessage(
                InvalidMessage::InvalidContentType | InvalidMessage::UnknownProtocolVersion,
            ) => (
                TlsFailure::NotTls,
                "what responses does not speak TLS: take http:// or tcp:// without TLS settings, or \
                 check the port"
                    .to_owned(),
            ),
            other => (TlsFailure::Protocol, format!("TLS failed: {other}")),
        };
        TlsError { failure, message }
    }
}

/// The name in what rustls tells of one, such as `DnsName("engine")`.
fn plain(name: &str) -> &str {
    name.split_once('(').map_or(name, |(_, name)| name.trim_end_matches(')').trim_matches('"'))
}

/// The authorities to trust.
fn authorities(operation: &'static str, ca: Option<&Pem>) -> Result<RootCertStore> {
    let mut store = RootCertStore::empty();
    match ca {
        Some(pem) => {
            for certificate in certificates(operation, "ca", pem)? {
                store.add(certificate).map_err(|error| {
                    Error::invalid(
                        operation,
                        format!("ca: {} holds no authority's certificate: {error}", pem.name()),
                    )
                })?;
            }
        }
        None => {
            // Single ones that cannot be read are no reason to stop.
            store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            if store.is_empty() {
                return Err(Error::invalid(
                    operation,
                    "this system has no certificates of authorities (Debian: ca-certificates): \
                     give those to trust (ca)",
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
    let text = read(operation, what, pem)?;
    let found: std::result::Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&text).collect();
    match found {
        Ok(found) if !found.is_empty() => Ok(found),
        Ok(_) => Err(Error::invalid(
            operation,
            format!(
                "{what}: {} holds no certificate: expected PEM, -----BEGIN CERTIFICATE-----",
                pem.name()
            ),
        )),
        Err(error) => {
            Err(Error::invalid(operation, format!("{what}: {} is no PEM: {error}", pem.name())))
        }
    }
}

/// The private key in `pem`.
fn private_key(operation: &'static str, pem: &Pem) -> Result<Zeroizing<PrivateKeyDer<'static>>> {
    let text = read(operation, "key", pem)?;
    first_key(&text)
        .map_err(|why| Error::invalid(operation, format!("key: {} holds {why}", pem.name())))
}

/// The first private key in PEM, or what is there instead. By hand, since who reads PEM in general
/// does not wipe what he had in between.
fn first_key(text: &[u8]) -> std::result::Result<Zeroizing<PrivateKeyDer<'static>>, &'static str> {
    let find = |from: usize, words: &str| {
        let found = text[from..].windows(words.len()).position(|part| part == words.as_bytes());
        found.map(|at| from + at)
    };
    type Kind = fn(Vec<u8>) -> PrivateKeyDer<'static>;
    let kinds: [(_, Kind); 3] = [
        ("PRIVATE KEY-----", |der| PrivatePkcs8KeyDer::from(der).into()),
        ("RSA PRIVATE KEY-----", |der| PrivatePkcs1KeyDer::from(der).into()),
        ("EC PRIVATE KEY-----", |der| PrivateSec1KeyDer::from(der).into()),
    ];
    for (label, kind) in kinds {
        let begin = format!("-----BEGIN {label}");
        let Some(at) = find(0, &begin) else { continue };
        let start = at + begin.len();
        let Some(end) = find(start, "-----END ") else {
            return Err("a private key without an end");
        };
        let section = &text[start..end];
        if section.contains(&b':') {
            return Err(ENCRYPTED);
        }
        let mut base64 = Zeroizing::new(Vec::with_capacity(section.len()));
        base64.extend(section.iter().filter(|byte| !byte.is_ascii_whitespace()));
        let der = BASE64_STANDARD.decode(&*base64);
        return der
            .map(|der| Zeroizing::new(kind(der)))
            .map_err(|_| "a private key that is no base64");
    }
    Err(match find(0, "-----BEGIN ENCRYPTED PRIVATE KEY-----") {
        Some(_) => ENCRYPTED,
        None => {
            "no private key: expected PEM in PKCS#1, PKCS#8 or SEC1, -----BEGIN … PRIVATE KEY-----"
        }
    })
}

const ENCRYPTED: &str = "an encrypted private key: decrypt it (openssl pkey)";

/// The text of `pem`.
fn read(operation: &'static str, what: &str, pem: &Pem) -> Result<Zeroizing<Vec<u8>>> {
    match pem {
        Pem::Text(text) => Ok(Zeroizing::new(text.clone())),
        Pem::File(path) => fs::read(path).map(Zeroizing::new).map_err(|source| Error::Io {
            operation,
            message: format!("reading {what} from {}", path.display()),
            source,
        }),
    }
}

/// Who we are, for an engine that asks.
#[derive(Debug)]
struct Identity {
    certificate: Option<Arc<CertifiedKey>>,
    /// An engine has asked.
    asked: AtomicBool,
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
                // What cannot be compared, such as a certificate of version 1, is the engine's to
                // judge.
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
        Ok(Identity { certificate, asked: AtomicBool::new(false) })
    }

    fn is_missing(&self) -> bool {
        self.certificate.is_none() && self.asked.load(Ordering::Relaxed)
    }

    fn is_shown(&self) -> bool {
        self.certificate.is_some() && self.asked.load(Ordering::Relaxed)
    }
}

impl ResolvesClientCert for Identity {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.asked.store(true, Ordering::Relaxed);
        self.certificate.clone()
    }

    fn has_certs(&self) -> bool {
        self.certificate.is_some()
    }
}

/// Takes whoever answers for the engine.
#[derive(Debug)]
struct Anybody(Arc<CryptoProvider>);

impl ServerCertVerifier for Anybody {
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

/// TLS on one connection.
///
/// Two locks. `incoming` is the reader's: it may wait for the socket with it. `connection` is held
/// for as long as encrypting, decrypting and system calls that do not wait take, so that neither
/// direction waits for the other's peer.
pub(crate) struct Session {
    client: Client,
    incoming: Mutex<Incoming>,
    connection: Mutex<ClientConnection>,
}

/// What came and is not decrypted yet.
#[derive(Default)]
struct Incoming {
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    /// Nothing more will come.
    over: bool,
    /// TLS broke behind what was given last.
    broken: Option<TlsError>,
}

impl Incoming {
    fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// Takes in what `receive` brings, which may wait.
    fn fill(&mut self, receive: impl FnOnce(&mut [u8]) -> io::Result<usize>) -> io::Result<()> {
        debug_assert!(self.is_empty());
        let count = receive(&mut self.buffer)?;
        (self.start, self.end, self.over) = (0, count, count == 0);
        Ok(())
    }
}

impl Read for Incoming {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = buffer.len().min(self.end - self.start);
        buffer[..count].copy_from_slice(&self.buffer[self.start..self.start + count]);
        self.start += count;
        Ok(count)
    }
}

impl Session {
    /// Comes to terms with the engine. `left` says how long it may wait, and fails when it is over.
    /// False when the engine closed the connection instead.
    pub(crate) fn shake_hands<E: From<io::Error>>(
        &self,
        socket: &Socket,
        left: impl Fn() -> std::result::Result<Option<Duration>, E>,
    ) -> std::result::Result<bool, E> {
        let mut incoming = lock(&self.incoming);
        loop {
            let sent = self.flush(&mut lock(&self.connection), socket);
            if let Err(error) = sent {
                if error.kind() != io::ErrorKind::WouldBlock {
                    return Err(self.broken_while_sending(&mut incoming, socket, error).into());
                }
                socket.await_room(left()?)?;
                continue;
            }
            if !lock(&self.connection).is_handshaking() {
                return Ok(true);
            }
            if incoming.is_empty() {
                let wait = left()?;
                match incoming.fill(|buffer| socket.receive(buffer, wait)) {
                    // `left` tells whether that was all.
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => continue,
                    result => result?,
                }
            }
            if incoming.over {
                return Ok(false);
            }
            let mut connection = lock(&self.connection);
            if let Err(problem) = self.feed(&mut connection, &mut incoming) {
                // So that the engine learns why.
                let _ = self.flush(&mut connection, socket);
                return Err(io::Error::from(problem).into());
            }
        }
    }

    /// As [`Socket::receive`]. `ErrorKind::Interrupted` when something came, and nothing to read yet.
    pub(crate) fn receive(
        &self,
        socket: &Socket,
        buffer: &mut [u8],
        wait: Option<Duration>,
    ) -> io::Result<usize> {
        let incoming = &mut *lock(&self.incoming);
        match self.decrypt(socket, incoming, buffer) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            result => return result,
        }
        incoming.fill(|buffer| socket.receive(buffer, wait))?;
        self.decrypt(socket, incoming, buffer).map_err(again)
    }

    /// As [`Socket::receive_now`].
    pub(crate) fn receive_now(&self, socket: &Socket, buffer: &mut [u8]) -> io::Result<usize> {
        let incoming = &mut *lock(&self.incoming);
        loop {
            match self.decrypt(socket, incoming, buffer) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                result => return result,
            }
            incoming.fill(|buffer| socket.receive_now(buffer))?;
        }
    }

    /// Fills `buffer` with what has come already; 0 is the end that the engine told.
    fn decrypt(
        &self,
        socket: &Socket,
        incoming: &mut Incoming,
        buffer: &mut [u8],
    ) -> io::Result<usize> {
        let mut connection = lock(&self.connection);
        let mut given = 0;
        let failure = loop {
            match connection.reader().read(&mut buffer[given..]) {
                // The end, or as much as can be given.
                Ok(0) => return Ok(given),
                Ok(count) => given += count,
                Err(error) if error.kind() != io::ErrorKind::WouldBlock => {
                    break io::Error::new(
                        io::ErrorKind::UnexpectedEof,
                        "it ended without the closing message of TLS, so something may be missing",
                    );
                }
                Err(error) if incoming.is_empty() && !incoming.over => break error,
                Err(_) => {
                    if let Err(problem) = self.feed(&mut connection, incoming) {
                        let _ = self.flush(&mut connection, socket);
                        break problem.into();
                    }
                }
            }
        };
        // What TLS has to answer by itself. What does not fit now goes with what is sent next.
        let _ = self.flush(&mut connection, socket);
        // An end or a failure is told again when it is asked for again.
        if given > 0 { Ok(given) } else { Err(failure) }
    }

    /// Hands TLS the next of what came.
    fn feed(
        &self,
        connection: &mut ClientConnection,
        incoming: &mut Incoming,
    ) -> Result<(), TlsError> {
        if let Some(problem) = &incoming.broken {
            return Err(problem.clone());
        }
        let fed = connection
            .read_tls(incoming)
            .map_err(|error| rustls::Error::General(error.to_string()));
        match fed.and_then(|_| connection.process_new_packets()) {
            Ok(_) => Ok(()),
            Err(error) => {
                let problem = self.client.explain(&error);
                incoming.broken = Some(problem.clone());
                Err(problem)
            }
        }
    }

    /// As [`Socket::send`], but what it takes may stay here: [`is_sent`](Session::is_sent) tells.
    /// `ErrorKind::Interrupted` when something went out, and there is no room for `bytes` yet.
    pub(crate) fn send(
        &self,
        socket: &Socket,
        bytes: &[u8],
        wait: Option<Duration>,
    ) -> io::Result<usize> {
        match self.send_now(socket, bytes) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            result => return result,
        }
        if !socket.await_room(wait)? {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        self.send_now(socket, bytes).map_err(again)
    }

    /// As [`Socket::send_now`]; likewise.
    pub(crate) fn send_now(&self, socket: &Socket, bytes: &[u8]) -> io::Result<usize> {
        let sent = {
            let mut connection = lock(&self.connection);
            self.flush(&mut connection, socket).and_then(|()| {
                let taken = connection.writer().write(bytes)?;
                match self.flush(&mut connection, socket) {
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(taken),
                    result => result.map(|()| taken),
                }
            })
        };
        sent.map_err(|error| match self.incoming.try_lock() {
            // With a reader in place it is the reader who learns why.
            Ok(mut incoming) if error.kind() != io::ErrorKind::WouldBlock => {
                self.broken_while_sending(&mut incoming, socket, error)
            }
            _ => error,
        })
    }

    /// Whether all that was taken has gone out.
    pub(crate) fn is_sent(&self) -> bool {
        !lock(&self.connection).wants_write()
    }

    /// Tells the engine that nothing more will come. Goes out as what is sent does.
    pub(crate) fn end(&self) {
        lock(&self.connection).send_close_notify();
    }

    /// Takes leave of an engine that is still there, if that costs no time.
    pub(crate) fn leave(&self, socket: &Socket) {
        let is_broken = lock(&self.incoming).broken.is_some();
        let mut connection = lock(&self.connection);
        if !connection.is_handshaking() && !is_broken {
            connection.send_close_notify();
            let _ = self.flush(&mut connection, socket);
        }
    }

    /// Whether something can be read without the socket.
    pub(crate) fn has_input(&self) -> bool {
        let incoming = lock(&self.incoming);
        !incoming.is_empty()
            || lock(&self.connection)
                .process_new_packets()
                .map_or(true, |state| state.plaintext_bytes_to_read() > 0)
    }

    /// Sends what there is to send, without waiting.
    fn flush(&self, connection: &mut ClientConnection, socket: &Socket) -> io::Result<()> {
        while connection.wants_write() {
            connection.write_tls(&mut Sending(socket))?;
        }
        Ok(())
    }

    /// An engine that refuses us says why and closes: its words count for more than the closing.
    fn broken_while_sending(
        &self,
        incoming: &mut Incoming,
        socket: &Socket,
        error: io::Error,
    ) -> io::Error {
        let mut connection = lock(&self.connection);
        // Not beyond a response that waits to be read.
        while connection.wants_read() {
            if incoming.is_empty()
                && (incoming.fill(|buffer| socket.receive_now(buffer)).is_err() || incoming.over)
            {
                return error;
            }
            if let Err(problem) = self.feed(&mut connection, incoming) {
                return problem.into();
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

/// A socket as TLS writes to it: without waiting, and without SIGPIPE.
struct Sending<'a>(&'a Socket);

impl Write for Sending<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.send_now(bytes)
    }

    fn write_vectored(&mut self, pieces: &[IoSlice<'_>]) -> io::Result<usize> {
        self.0.send_pieces_now(pieces)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Something moved, though not what was asked for: the time to wait begins anew.
fn again(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::WouldBlock => io::ErrorKind::Interrupted.into(),
        _ => error,
    }
}

/// No invariant of ours spans a panic.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
