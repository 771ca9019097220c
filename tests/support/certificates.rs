//! Certificates made on the spot.

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

/// An authority, which signs.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: String,
}

/// A certificate and its private key (PKCS#8), in PEM.
pub struct Signed {
    pub certificate: String,
    pub key: KeyPair,
}

/// What an engine asks of clients.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Clients {
    /// Nothing.
    Any,
    /// A certificate of the same authority, as with `--tlsverify`.
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

    /// Its own certificate, in PEM.
    pub fn pem(&self) -> &str {
        &self.certificate
    }

    /// A certificate for an engine with this name or address.
    pub fn engine(&self, name: &str) -> Signed {
        self.sign(name, ExtendedKeyUsagePurpose::ServerAuth, KeyPair::generate().unwrap(), 4000)
    }

    /// A certificate for an engine on 127.0.0.1, valid to the beginning of this year.
    pub fn engine_until(&self, year: i32) -> Signed {
        let key = KeyPair::generate().unwrap();
        self.sign("127.0.0.1", ExtendedKeyUsagePurpose::ServerAuth, key, year)
    }

    /// A certificate for a client.
    pub fn client(&self) -> Signed {
        self.client_with(KeyPair::generate().unwrap())
    }

    /// A certificate for a client that has a key already.
    pub fn client_with(&self, key: KeyPair) -> Signed {
        self.sign("client", ExtendedKeyUsagePurpose::ClientAuth, key, 4000)
    }

    fn sign(&self, name: &str, use_: ExtendedKeyUsagePurpose, key: KeyPair, until: i32) -> Signed {
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        params.extended_key_usages = vec![use_];
        params.not_after = date_time_ymd(until, 1, 1);
        let certificate = params.signed_by(&key, &self.issuer).unwrap().pem();
        Signed { certificate, key }
    }

    /// What a client needs who trusts this authority and shows no certificate.
    pub fn trusted(&self) -> Tls {
        Tls { ca: Some(Pem::text(self.pem())), ..Tls::default() }
    }

    /// What a client needs for an engine with `--tlsverify`.
    pub fn trusted_and_shown(&self) -> Tls {
        let client = self.client();
        Tls { cert: Some(client.cert_pem()), key: Some(client.key_pem()), ..self.trusted() }
    }

    /// An engine on 127.0.0.1.
    pub fn server(&self, clients: Clients) -> ServerConfig {
        self.server_with(&self.engine("127.0.0.1"), clients, rustls::DEFAULT_VERSIONS)
    }

    /// An engine with this certificate that speaks these versions of TLS.
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
