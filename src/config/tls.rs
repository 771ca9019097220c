//! TLS settings and failures.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::{fmt, io};

use zeroize::Zeroize;

/// TLS settings, for `https://` and `tcp://`.
///
/// The default trusts the system's certificate authorities and has no client certificate. An engine that was
/// started with `--tlsverify` usually needs all three files:
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
/// The files are read and checked once, when the context is opened. This requires the feature `tls`; without it,
/// opening the context fails.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tls {
    /// The trusted certificate authorities. Defaults to the system's.
    pub ca: Option<Pem>,
    /// The client certificate, followed by intermediate certificates. Defaults to none.
    pub cert: Option<Pem>,
    /// The private key of `cert`, in PKCS#1, PKCS#8 or SEC1, not encrypted.
    pub key: Option<Pem>,
    /// Disables the verification of the engine's certificate.
    ///
    /// An attacker on the network can then read and change all data. Defaults to false.
    pub skip_verify: bool,
}

/// Certificates or a private key in PEM, as a file or as text.
///
/// The text is redacted by `Debug`, and wiped from memory when it is dropped.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Pem {
    /// A file, which is read when a context is opened.
    File(PathBuf),
    /// The text, `-----BEGIN …`.
    Text(Vec<u8>),
}

impl Pem {
    /// PEM in a file, which is read when a context is opened.
    pub fn file(path: impl Into<PathBuf>) -> Pem {
        Pem::File(path.into())
    }

    /// PEM as text, `-----BEGIN …`.
    pub fn text(text: impl Into<Vec<u8>>) -> Pem {
        Pem::Text(text.into())
    }
}

impl Pem {
    /// The name in errors.
    #[cfg_attr(not(feature = "tls"), expect(dead_code, reason = "used only with TLS"))]
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

/// Omits the text, which may be a private key.
impl fmt::Debug for Pem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Pem::File(path) => f.debug_tuple("File").field(path).finish(),
            Pem::Text(text) => write!(f, "Text(<{} bytes>)", text.len()),
        }
    }
}

/// The cause of an [`Error::Tls`](crate::Error::Tls).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TlsFailure {
    /// The engine's certificate is not signed by a trusted authority.
    UntrustedAuthority,
    /// The engine's certificate is for another host.
    WrongName,
    /// The engine's certificate has expired or is not valid yet.
    Expired,
    /// The engine requires a client certificate, and none is set.
    ClientCertificateMissing,
    /// The engine rejects the client certificate.
    ClientCertificateRefused,
    /// The private key does not belong to the client certificate.
    KeyMismatch,
    /// The engine does not use TLS, but the client does.
    NotTls,
    /// The engine requires TLS, but the client does not use it.
    TlsExpected,
    /// Another failure, such as no common version or cipher, or an invalid message.
    Protocol,
}

/// A TLS failure inside an I/O error, before the operation is added.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{message}")]
pub(crate) struct TlsError {
    pub(crate) failure: TlsFailure,
    pub(crate) message: String,
}

impl TlsError {
    /// The TLS failure inside an I/O error, if there is one.
    pub(crate) fn from_io(error: &io::Error) -> Option<&TlsError> {
        error.get_ref()?.downcast_ref()
    }

    pub(crate) fn tls_expected() -> TlsError {
        TlsError {
            failure: TlsFailure::TlsExpected,
            message: "the engine requires TLS: use https://, or tcp:// with TLS settings (DOCKER_TLS_VERIFY=1)"
                .to_owned(),
        }
    }
}

impl From<TlsError> for io::Error {
    fn from(error: TlsError) -> io::Error {
        io::Error::new(io::ErrorKind::InvalidData, error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_omits_the_text() {
        let tls = Tls { key: Some(Pem::text("-----BEGIN SECRET")), ..Tls::default() };
        let shown = format!("{tls:?}");
        assert!(shown.contains("Text(<17 bytes>)") && !shown.contains("SECRET"), "{shown}");
    }
}
