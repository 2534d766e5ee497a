//! Which authorities are trusted: this machine's, and those of a bundle besides.

use aws_smithy_http_client::tls::{TlsContext, TrustStore};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

/// Which authorities a client trusts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trust {
    /// This machine's.
    Machine,
    /// This machine's, and certificates in PEM, which [`usable`] gave.
    Besides(Vec<u8>),
    /// None: for loopback, where nothing is read of certificates.
    Nobody,
}

impl Trust {
    /// Returns what TLS is set up with.
    ///
    /// # Errors
    /// In words, when it cannot be set up.
    pub(crate) fn context(&self) -> Result<TlsContext, String> {
        let store = match self {
            Self::Machine => TrustStore::empty().with_native_roots(true),
            Self::Besides(pem) => {
                TrustStore::empty().with_native_roots(true).with_pem_certificate(pem.as_slice())
            }
            Self::Nobody => TrustStore::empty(),
        };
        TlsContext::builder().with_trust_store(store).build().map_err(|error| error.to_string())
    }
}

/// Returns the certificates of a bundle that can be used, as PEM: the client panics on any other.
#[must_use]
pub fn usable(pem: &[u8]) -> Option<Vec<u8>> {
    let mut roots = rustls::RootCertStore::empty();
    let found = CertificateDer::pem_slice_iter(pem).flatten();
    let good = found.filter(|certificate| roots.add(certificate.clone()).is_ok());
    let text: String = good
        .map(|certificate| {
            let lines = STANDARD.encode(&certificate);
            format!("-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----\n")
        })
        .collect();
    (!text.is_empty()).then(|| text.into_bytes())
}
