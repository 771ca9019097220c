//! What TLS needs to know: whom to trust, and who we are.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::{fmt, io};

use zeroize::Zeroize;

/// How to reach an engine by TLS: `https://` and, with these settings, `tcp://`.
///
/// The default trusts the authorities of the system, and shows no certificate. An engine started with
/// `--tlsverify` wants all three files:
///
/// ```no_run
/// use dockline::{Context, Pem, Tls};
/// let tls = Tls {
///     ca: Some(Pem::file("/certs/ca.pem")),
///     cert: Some(Pem::file("/certs/cert.pem")),
///     key: Some(Pem::file("/certs/key.pem")),
///     ..Tls::default()
/// };
/// let docker = Context::builder().host("tcp://engine:2376").tls(tls).build()?;
/// # Ok::<(), dockline::Error>(())
/// ```
///
/// Opening the context reads the files, checks that they fit together, and keeps what it has read.
/// It takes the feature `tls`; without it, opening such a context is an error.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tls {
    /// The certificates of the authorities to trust, and no others. Those of the system unless given.
    pub ca: Option<Pem>,
    /// Our own certificate, and any between it and its authority, in that order. None unless given.
    pub cert: Option<Pem>,
    /// The private key that belongs to `cert`: PKCS#1, PKCS#8 or SEC1, not encrypted.
    pub key: Option<Pem>,
    /// Talks to whoever answers, without checking who it is: anybody in between can read and change
    /// everything. Not unless set.
    pub skip_verify: bool,
}

/// Certificates or a private key in PEM, or the file that holds them.
///
/// Text is wiped from memory when this is dropped, and never shown by `Debug`.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Pem {
    /// Stands in this file, which is read when a context is opened.
    File(PathBuf),
    /// The text itself, `-----BEGIN …`.
    Text(Vec<u8>),
}

impl Pem {
    /// What stands in a file.
    pub fn file(path: impl Into<PathBuf>) -> Pem {
        Pem::File(path.into())
    }

    /// The text itself, `-----BEGIN …`.
    pub fn text(text: impl Into<Vec<u8>>) -> Pem {
        Pem::Text(text.into())
    }
}

impl Pem {
    /// How errors call it.
    #[cfg_attr(not(feature = "tls"), expect(dead_code, reason = "without TLS nobody reads it"))]
    pub(crate) fn name(&self) -> Cow<'_, str> {
        match self {
            Pem::File(path) => path.to_string_lossy(),
            Pem::Text(_) => Cow::Borrowed("the text given"),
        }
    }
}

impl From<&Path> for Pem {
    fn from(path: &Path) -> Pem {
        Pem::file(path)
    }
}

impl From<PathBuf> for Pem {
    fn from(path: PathBuf) -> Pem {
        Pem::File(path)
    }
}

impl Drop for Pem {
    fn drop(&mut self) {
        if let Pem::Text(text) = self {
            text.zeroize();
        }
    }
}

/// Without the text: it may be a private key.
impl fmt::Debug for Pem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Pem::File(path) => f.debug_tuple("File").field(path).finish(),
            Pem::Text(text) => write!(f, "Text(<{} bytes>)", text.len()),
        }
    }
}

/// What is wrong about TLS with an engine, see [`Error::Tls`](crate::Error::Tls).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TlsFailure {
    /// No authority that is trusted has signed the engine's certificate.
    UntrustedAuthority,
    /// The engine's certificate is for another host.
    WrongName,
    /// The engine's certificate is no longer valid, or not yet.
    Expired,
    /// The engine wants a certificate, and none is given.
    ClientCertificateMissing,
    /// The engine does not take the certificate that is given.
    ClientCertificateRefused,
    /// The private key does not belong to the certificate that is given with it.
    KeyMismatch,
    /// The engine is spoken to by TLS and does not speak it.
    NotTls,
    /// The engine speaks TLS and is spoken to without.
    TlsExpected,
    /// Anything else: no common version or cipher, a message that makes no sense.
    Protocol,
}

/// Trouble with TLS on its way up through I/O errors to where the operation is known.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{message}")]
pub(crate) struct TlsError {
    pub(crate) failure: TlsFailure,
    pub(crate) message: String,
}

impl TlsError {
    /// The one inside `error`, if there is one.
    pub(crate) fn of(error: &io::Error) -> Option<&TlsError> {
        error.get_ref()?.downcast_ref()
    }

    pub(crate) fn tls_expected() -> TlsError {
        TlsError {
            failure: TlsFailure::TlsExpected,
            message: "the engine speaks TLS only: use https://, or tcp:// with TLS settings (DOCKER_TLS_VERIFY=1)"
                .to_owned(),
        }
    }
}

impl From<TlsError> for io::Error {
    fn from(problem: TlsError) -> io::Error {
        io::Error::new(io::ErrorKind::InvalidData, problem)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_text() {
        let tls = Tls { key: Some(Pem::text("-----BEGIN SECRET")), ..Tls::default() };
        let shown = format!("{tls:?}");
        assert!(shown.contains("Text(<17 bytes>)") && !shown.contains("SECRET"), "{shown}");
    }
}
