//! Generated certificates.

use std::sync::Arc;

use dockline::{Pem, Tls};
use rcgen::{
    BasicConstraints, CertificateParams, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, SupportedProtocolVersion};

/// A certificate authority.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: String,
}

/// A certificate and its private key (PKCS#8), in PEM.
pub struct Signed {
    pub certificate: String,
    pub key: KeyPair,
}

/// The client authentication of a server.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Clients {
    /// None.
    Any,
    /// Requires a certificate of the same authority, as with `--tlsverify`.
    Signed,
}

impl Authority {
    pub fn new() -> Authority {
        let mut params = CertificateParams::new([]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap().pem();
        Authority { issuer: Issuer::new(params, key), certificate }
    }

    /// Returns the CA certificate in PEM.
    pub fn pem(&self) -> &str {
        &self.certificate
    }

    /// Returns a server certificate for a name or address.
    pub fn engine(&self, name: &str) -> Signed {
        self.sign(name, ExtendedKeyUsagePurpose::ServerAuth, KeyPair::generate().unwrap(), 4000)
    }

    /// Returns a server certificate for 127.0.0.1 that expires at the beginning of a year.
    pub fn engine_until(&self, year: i32) -> Signed {
        let key = KeyPair::generate().unwrap();
        self.sign("127.0.0.1", ExtendedKeyUsagePurpose::ServerAuth, key, year)
    }

    /// Returns a client certificate.
    pub fn client(&self) -> Signed {
        self.client_with(KeyPair::generate().unwrap())
    }

    /// Returns a client certificate for an existing key.
    pub fn client_with(&self, key: KeyPair) -> Signed {
        self.sign("client", ExtendedKeyUsagePurpose::ClientAuth, key, 4000)
    }

    fn sign(&self, name: &str, usage: ExtendedKeyUsagePurpose, key: KeyPair, until: i32) -> Signed {
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        params.extended_key_usages = vec![usage];
        params.not_after = date_time_ymd(until, 1, 1);
        let certificate = params.signed_by(&key, &self.issuer).unwrap().pem();
        Signed { certificate, key }
    }

    /// Returns client settings that trust this authority, without a client certificate.
    pub fn trusted(&self) -> Tls {
        Tls { ca: Some(Pem::text(self.pem())), ..Tls::default() }
    }

    /// Returns client settings with a client certificate, for an engine with `--tlsverify`.
    pub fn with_client_certificate(&self) -> Tls {
        let client = self.client();
        Tls { cert: Some(client.cert_pem()), key: Some(client.key_pem()), ..self.trusted() }
    }

    /// Returns the configuration of a server on 127.0.0.1.
    pub fn server(&self, clients: Clients) -> ServerConfig {
        self.server_with(&self.engine("127.0.0.1"), clients, rustls::DEFAULT_VERSIONS)
    }

    /// Returns the configuration of a server with a certificate and TLS versions.
    pub fn server_with(
        &self,
        engine: &Signed,
        clients: Clients,
        versions: &[&'static SupportedProtocolVersion],
    ) -> ServerConfig {
        let provider = Arc::new(ring::default_provider());
        let builder = ServerConfig::builder_with_provider(provider.clone())
            .with_protocol_versions(versions)
            .unwrap();
        let builder = match clients {
            Clients::Any => builder.with_no_client_auth(),
            Clients::Signed => {
                let mut roots = RootCertStore::empty();
                roots.add(CertificateDer::from_pem_slice(self.pem().as_bytes()).unwrap()).unwrap();
                let verifier =
                    WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
                builder.with_client_cert_verifier(verifier.build().unwrap())
            }
        };
        let chain = vec![CertificateDer::from_pem_slice(engine.certificate.as_bytes()).unwrap()];
        let key = PrivateKeyDer::from_pem_slice(engine.key.serialize_pem().as_bytes()).unwrap();
        builder.with_single_cert(chain, key).unwrap()
    }
}

impl Signed {
    pub fn cert_pem(&self) -> Pem {
        Pem::text(self.certificate.clone())
    }

    pub fn key_pem(&self) -> Pem {
        Pem::text(self.key.serialize_pem())
    }
}
