//! HTTP, names and certificates of the real network.

use std::net::{IpAddr, TcpStream, ToSocketAddrs};
use std::ops::ControlFlow;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use ecw_ports::{Redirects, Web, WebAnswer};
use ecw_wizard::values::trouble::Trouble;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore};
use tokio::runtime::Handle;

use crate::client::{Asked, Client, Head, Method, Proxies, Take};
use crate::trust::{Trust, usable};

/// Longer answers are cut.
const BODY: usize = 4 * 1024 * 1024;
const LIMIT: Duration = Duration::from_secs(10);
/// How long a whole plugin may take.
const FETCH: Duration = Duration::from_secs(300);

/// The network.
pub struct Network {
    runtime: Handle,
    bundle: Option<String>,
    /// Set up when something is asked for first: reading all certificates takes longer than a first frame may.
    client: OnceLock<Result<Client, String>>,
}

impl Network {
    /// Returns the network; a file of certificates is trusted besides this machine's own: what stands
    /// between here and AWS stands between here and everything. One that cannot be read is told by AWS.
    #[must_use]
    pub fn trusting(runtime: Handle, bundle: Option<&str>) -> Self {
        Self { runtime, bundle: bundle.map(str::to_owned), client: OnceLock::new() }
    }

    /// Returns what reaches loopback alone, past any proxy.
    #[must_use]
    pub fn loopback(runtime: Handle) -> Self {
        let client = OnceLock::from(Client::new(&Trust::Nobody, Proxies::None));
        Self { runtime, bundle: None, client }
    }

    fn client(&self) -> Result<&Client, Trouble> {
        let made = self.client.get_or_init(|| {
            let pem = self.bundle.as_deref().and_then(|path| usable(&std::fs::read(path).ok()?));
            Client::new(&pem.map_or(Trust::Machine, Trust::Besides), Proxies::Environment)
        });
        made.as_ref().map_err(|why| format!("TLS cannot be set up: {why}").into())
    }

    fn ask(&self, asked: &Asked<'_>, take: Take<'_>) -> Result<Head, Trouble> {
        self.runtime.block_on(self.client()?.ask(asked, take))
    }

    /// Returns all authorities that are trusted.
    fn roots(&self) -> RootCertStore {
        let mut roots = RootCertStore::empty();
        let mut trusted = rustls_native_certs::load_native_certs().certs;
        if let Some(Ok(more)) = self.bundle.as_deref().map(CertificateDer::pem_file_iter) {
            trusted.extend(more.flatten());
        }
        for each in trusted {
            // A broken certificate of this machine's store trusts nobody.
            let _ = roots.add(each);
        }
        roots
    }
}

impl Web for Network {
    fn get(&self, url: &str, redirects: Redirects) -> Result<WebAnswer, Trouble> {
        let asked = Asked::of(Method::Get, url, LIMIT);
        let asked = match redirects {
            Redirects::Follow => asked.following(),
            Redirects::Show => asked,
        };
        let mut body = Vec::new();
        let head = self.ask(&asked, &mut |piece| {
            body.extend_from_slice(&piece[..piece.len().min(BODY - body.len())]);
            Ok(if body.len() < BODY { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
        })?;
        let body = String::from_utf8_lossy(&body).into_owned();
        Ok(WebAnswer { status: head.status, content_type: head.content_type, body })
    }

    fn head(&self, url: &str) -> Result<u16, Trouble> {
        let asked = Asked::of(Method::Head, url, LIMIT).following();
        self.ask(&asked, &mut |_| Ok(ControlFlow::Break(()))).map(|head| head.status)
    }

    fn fetch(
        &self,
        url: &str,
        most: u64,
        take: &mut dyn FnMut(&[u8]) -> std::io::Result<()>,
    ) -> Result<u16, Trouble> {
        let mut left = most;
        let asked = Asked::of(Method::Get, url, FETCH).following();
        let head = self.ask(&asked, &mut |piece| {
            left = left
                .checked_sub(piece.len() as u64)
                .ok_or_else(|| std::io::Error::other(format!("it is longer than {most} bytes")))?;
            take(piece).map(ControlFlow::Continue)
        })?;
        Ok(head.status)
    }

    fn addresses(&self, host: &str) -> Result<Vec<IpAddr>, Trouble> {
        let found = (host, 443).to_socket_addrs().map_err(|_| "the name is unknown")?;
        let mut addresses: Vec<IpAddr> = found.map(|each| each.ip()).collect();
        addresses.dedup();
        Ok(addresses)
    }

    fn certificate(&self, host: &str, port: u16) -> Result<(), Trouble> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(Trouble::reason)?
            .with_root_certificates(self.roots())
            .with_no_client_auth();
        let name = ServerName::try_from(host.to_owned()).map_err(|_| format!("{host} is no host name"))?;
        let address = (host, port)
            .to_socket_addrs()
            .ok()
            .and_then(|mut each| each.next())
            .ok_or("the name is unknown")?;
        let mut socket = TcpStream::connect_timeout(&address, Duration::from_secs(3))
            .map_err(|error| format!("no connection: {error}"))?;
        let limit = Some(Duration::from_secs(5));
        socket
            .set_read_timeout(limit)
            .and_then(|()| socket.set_write_timeout(limit))
            .map_err(Trouble::reason)?;
        let mut connection = ClientConnection::new(Arc::new(config), name).map_err(Trouble::reason)?;
        while connection.is_handshaking() {
            connection
                .complete_io(&mut socket)
                .map_err(|error| ecw_halyard::clean(&error.to_string(), 200))?;
        }
        Ok(())
    }
}
