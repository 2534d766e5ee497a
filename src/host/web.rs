//! HTTP and names of the real network, and, in a rehearsal, of the stand-in internet.

use std::io::Read;
use std::net::{IpAddr, TcpStream, ToSocketAddrs};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore};
use ureq::Agent;
use ureq::tls::{RootCerts, TlsConfig};

use ecw_ports::{Redirects, Web, WebAnswer};
use ecw_wizard::values::trouble::Trouble;

/// Longer answers are cut.
const BODY_LIMIT: u64 = 4 * 1024 * 1024;
const LIMIT: Duration = Duration::from_secs(10);
/// How long a whole plugin may take.
const FETCH_LIMIT: Duration = Duration::from_secs(300);

/// The network.
#[derive(Default)]
pub struct Network {
    bundle: Option<String>,
    /// Set up when something is asked for first: reading all certificates takes longer than a first frame may.
    clients: OnceLock<Clients>,
}

struct Clients {
    follow: Agent,
    show: Agent,
    trusted: Vec<CertificateDer<'static>>,
}

impl Network {
    /// Returns the network; a file of certificates is trusted besides this machine's own: what stands
    /// between here and AWS stands between here and everything. One that cannot be read is told by AWS.
    #[must_use]
    pub fn trusting(bundle: Option<&str>) -> Self {
        Self { bundle: bundle.map(str::to_owned), clients: OnceLock::new() }
    }

    fn clients(&self) -> &Clients {
        self.clients.get_or_init(|| {
            let mut trusted = rustls_native_certs::load_native_certs().certs;
            if let Some(Ok(more)) = self.bundle.as_deref().map(CertificateDer::pem_file_iter) {
                trusted.extend(more.flatten());
            }
            Clients { follow: agent(5, &trusted), show: agent(0, &trusted), trusted }
        })
    }
}

fn agent(redirects: u32, trusted: &[CertificateDer<'static>]) -> Agent {
    let certificates: Vec<_> =
        trusted.iter().map(|each| ureq::tls::Certificate::from_der(each).to_owned()).collect();
    Agent::config_builder()
        .timeout_global(Some(LIMIT))
        .timeout_connect(Some(Duration::from_secs(3)))
        .max_redirects(redirects)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .tls_config(TlsConfig::builder().root_certs(RootCerts::new_with_certs(&certificates)).build())
        .user_agent("event-cache-wizard")
        .build()
        .into()
}

impl Web for Network {
    fn get(&self, url: &str, redirects: Redirects) -> Result<WebAnswer, Trouble> {
        let agent = match redirects {
            Redirects::Follow => &self.clients().follow,
            Redirects::Show => &self.clients().show,
        };
        let mut answer = agent.get(url).call().map_err(|error| Trouble::from(words(&error)))?;
        let content_type = answer
            .headers()
            .get("content-type")
            .and_then(|each| each.to_str().ok())
            .unwrap_or_default()
            .to_owned();
        let status = answer.status().as_u16();
        let body = answer.body_mut().with_config().limit(BODY_LIMIT).read_to_vec().unwrap_or_default();
        Ok(WebAnswer { status, content_type, body: String::from_utf8_lossy(&body).into_owned() })
    }

    fn head(&self, url: &str) -> Result<u16, Trouble> {
        self.clients()
            .follow
            .head(url)
            .call()
            .map(|answer| answer.status().as_u16())
            .map_err(|error| Trouble::from(words(&error)))
    }

    fn fetch(
        &self,
        url: &str,
        most: u64,
        take: &mut dyn FnMut(&[u8]) -> std::io::Result<()>,
    ) -> Result<u16, Trouble> {
        let asked = self.clients().follow.get(url).config().timeout_global(Some(FETCH_LIMIT)).build();
        let mut answer = asked.call().map_err(|error| Trouble::from(words(&error)))?;
        let status = answer.status().as_u16();
        let mut body = answer.body_mut().with_config().limit(most).reader();
        let mut piece = vec![0_u8; 64 * 1024];
        loop {
            match body.read(&mut piece).map_err(Trouble::reason)? {
                0 => return Ok(status),
                read => take(&piece[..read]).map_err(Trouble::reason)?,
            }
        }
    }

    fn addresses(&self, host: &str) -> Result<Vec<IpAddr>, Trouble> {
        let found = (host, 443).to_socket_addrs().map_err(|_| "the name is unknown")?;
        let mut addresses: Vec<IpAddr> = found.map(|each| each.ip()).collect();
        addresses.dedup();
        Ok(addresses)
    }

    fn certificate(&self, host: &str, port: u16) -> Result<(), Trouble> {
        let mut roots = RootCertStore::empty();
        for each in &self.clients().trusted {
            // A broken certificate of this machine's store trusts nobody.
            let _ = roots.add(each.clone());
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(Trouble::reason)?
            .with_root_certificates(roots)
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

fn words(error: &ureq::Error) -> String {
    match error {
        ureq::Error::Timeout(_) => "no answer in time".to_owned(),
        ureq::Error::HostNotFound => "the name is unknown".to_owned(),
        ureq::Error::ConnectionFailed => "connection refused".to_owned(),
        ureq::Error::Io(error) if error.kind() == std::io::ErrorKind::ConnectionRefused => {
            "connection refused".to_owned()
        }
        other => ecw_halyard::clean(&other.to_string(), 200),
    }
}

/// The stand-in internet of a rehearsal: every URL is asked of the world.
pub struct StandInInternet {
    world: String,
    network: Network,
}

impl StandInInternet {
    /// Returns the internet that the world at this address plays.
    #[must_use]
    pub fn new(world: String) -> Self {
        Self { world, network: Network::default() }
    }

    fn asked(&self, url: &str) -> String {
        let mut asked = format!("{}/internet?url=", self.world);
        asked.extend(url::form_urlencoded::byte_serialize(url.as_bytes()));
        asked
    }
}

impl Web for StandInInternet {
    fn get(&self, url: &str, redirects: Redirects) -> Result<WebAnswer, Trouble> {
        let answer = self.network.get(&self.asked(url), redirects)?;
        if answer.status == 599 { Err("connection refused".into()) } else { Ok(answer) }
    }

    fn head(&self, url: &str) -> Result<u16, Trouble> {
        self.get(url, Redirects::Follow).map(|answer| answer.status)
    }

    fn fetch(
        &self,
        url: &str,
        most: u64,
        take: &mut dyn FnMut(&[u8]) -> std::io::Result<()>,
    ) -> Result<u16, Trouble> {
        match self.network.fetch(&self.asked(url), most, take)? {
            599 => Err("connection refused".into()),
            status => Ok(status),
        }
    }

    fn addresses(&self, _host: &str) -> Result<Vec<IpAddr>, Trouble> {
        Ok(vec![IpAddr::from([203, 0, 113, 10])])
    }

    fn certificate(&self, _host: &str, _port: u16) -> Result<(), Trouble> {
        Ok(())
    }
}
