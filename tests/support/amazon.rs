//! What stands between an operator and AWS, on loopback: an HTTPS front of AWS whose certificate a private
//! authority signed, a proxy that wants a login, and the places where machines get credentials.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

pub const LOGIN: &str = "me:open sesame";
const KEYS: &str = r#""AccessKeyId":"AKIAIOSFODNN7CANARY1","SecretAccessKey":"rehearsal","Token":"t""#;

pub struct Amazon {
    /// Where the HTTPS front listens.
    pub front: u16,
    /// Where the proxy listens.
    pub proxy: u16,
    /// Where instance and container metadata are.
    pub metadata: u16,
    /// The private authority's certificate.
    pub authority: PathBuf,
    /// Hosts that were asked for through the proxy, and what each answered.
    pub tunnels: Arc<Mutex<Vec<String>>>,
    /// Hosts that were spoken to, in either way.
    pub hosts: Arc<Mutex<Vec<String>>>,
}

impl Amazon {
    /// Begins; `world` answers what AWS is asked.
    pub fn start(dir: &Path, world: &str) -> Self {
        let hosts = Arc::new(Mutex::new(Vec::new()));
        let tunnels = Arc::new(Mutex::new(Vec::new()));
        let authority = dir.join("authority.pem");
        let config = Arc::new(tls(&authority));
        let (world, seen) = (format!("{world}/aws"), hosts.clone());
        let front = listen(move |stream| {
            let connection = ServerConnection::new(config.clone()).unwrap();
            let _ = answer(StreamOwned::new(connection, stream), &world, &seen);
        });
        let asked = tunnels.clone();
        let proxy = listen(move |stream| {
            let _ = tunnel(stream, front, &asked);
        });
        let metadata = listen(|stream| {
            let _ = metadata(stream);
        });
        Self { front, proxy, metadata, authority, tunnels, hosts }
    }

    pub fn tunnels(&self) -> Vec<String> {
        std::mem::take(&mut self.tunnels.lock().unwrap())
    }

    pub fn hosts(&self) -> Vec<String> {
        std::mem::take(&mut self.hosts.lock().unwrap())
    }

    /// The proxy's address with a login.
    pub fn proxy_url(&self, login: &str) -> String {
        format!("http://{}@127.0.0.1:{}", login.replace(' ', "%20"), self.proxy)
    }
}

pub fn listen(serve: impl Fn(TcpStream) + Clone + Send + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let serve = serve.clone();
            std::thread::spawn(move || serve(stream));
        }
    });
    port
}

/// Writes the authority's certificate; returns what the front shows.
fn tls(authority: &Path) -> ServerConfig {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    std::fs::write(authority, issuer.pem()).unwrap();
    let names = [
        "localhost",
        "*.us-west-2.amazonaws.com",
        "*.eu-west-1.amazonaws.com",
        "portal.sso.us-west-2.amazonaws.com",
        "repository.example.com",
    ];
    let names = names.map(str::to_owned).to_vec();
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(names).unwrap().signed_by(&key, &issuer).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    config.with_no_client_auth().with_single_cert(vec![certificate.der().clone()], key).unwrap()
}

pub struct Asked {
    pub method: String,
    pub path: String,
    pub headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
}

pub fn read(reader: &mut impl BufRead) -> Option<Asked> {
    let mut first = String::new();
    reader.read_line(&mut first).ok()?;
    let mut words = first.split(' ');
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        match line.trim().split_once(':') {
            Some((name, value)) => headers.insert(name.to_ascii_lowercase(), value.trim().to_owned()),
            None => break,
        };
    }
    let length = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Asked { method, path, headers, body })
}

pub fn say(stream: &mut impl Write, status: u16, kind: &str, body: &str) -> Option<()> {
    write!(
        stream,
        "HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
    .ok()?;
    stream.flush().ok()
}

/// AWS by its host's name: single sign-on, else what the world answers.
fn answer(
    stream: StreamOwned<ServerConnection, TcpStream>,
    world: &str,
    hosts: &Mutex<Vec<String>>,
) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let asked = read(&mut reader)?;
    let host = asked.headers.get("host")?.split(':').next()?.to_owned();
    hosts.lock().unwrap().push(host.clone());
    if host.starts_with("portal.sso.") || asked.path.starts_with("/federation/") {
        let keys = r#"{"roleCredentials":{"accessKeyId":"AKIAIOSFODNN7CANARY1","secretAccessKey":"rehearsal","sessionToken":"t","expiration":4102444800000}}"#;
        return say(reader.get_mut(), 200, "application/json", keys);
    }
    // A role that asks for a code of a device, as STS says it.
    if String::from_utf8_lossy(&asked.body).contains("role%2Fmfa") {
        let denied = "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>not authorized to perform: sts:AssumeRole</Message></Error><RequestId>0</RequestId></ErrorResponse>";
        return say(reader.get_mut(), 403, "text/xml", denied);
    }
    if host == "repository.example.com" && asked.path.ends_with("plugin.zip") {
        return say(reader.get_mut(), 200, "application/zip", "");
    }
    if host == "repository.example.com" {
        let list = format!(
            r#"[{{"id":"Armory.AWSCATsOnEvent","releases":[{{"version":"0.2.1","url":"https://{host}/plugin.zip","sha512sum":"{}"}}]}}]"#,
            ecw_world::NO_BYTES_SHA512
        );
        return say(reader.get_mut(), 200, "application/json", &list);
    }
    let (status, kind, body) = of_the_world(world, &asked)?;
    let end = say(reader.get_mut(), status, &kind, &body);
    reader.get_mut().conn.send_close_notify();
    let _ = reader.get_mut().flush();
    end
}

/// What the world answers to a call of AWS: status, content type, body.
pub fn of_the_world(world: &str, asked: &Asked) -> Option<(u16, String, String)> {
    let agent = ureq::Agent::config_builder().proxy(None).http_status_as_error(false).build().new_agent();
    let mut call = agent.post(world);
    for name in ["content-type", "x-amz-target"] {
        if let Some(value) = asked.headers.get(name) {
            call = call.header(name, value);
        }
    }
    let mut answer = call.send(&asked.body[..]).ok()?;
    let kind = answer.headers().get("content-type")?.to_str().ok()?.to_owned();
    let body = answer.body_mut().read_to_string().ok()?;
    Some((answer.status().as_u16(), kind, body))
}

/// A proxy that wants a login, and leads to the front whatever host is asked for.
fn tunnel(stream: TcpStream, front: u16, tunnels: &Mutex<Vec<String>>) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let asked = read(&mut reader)?;
    let login = format!("Basic {}", STANDARD.encode(LOGIN));
    let known = asked.headers.get("proxy-authorization") == Some(&login);
    let word = if known { "let in" } else { "turned away" };
    tunnels.lock().unwrap().push(format!("{} {} {word}", asked.method, asked.path));
    let mut stream = stream;
    if !known || asked.method != "CONNECT" {
        return say(&mut stream, 407, "text/html", "<html>Who are you?</html>");
    }
    let target = TcpStream::connect(("127.0.0.1", front)).ok()?;
    stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").ok()?;
    let (mut from, mut to) = (stream.try_clone().ok()?, target.try_clone().ok()?);
    let there = std::thread::spawn(move || {
        let _ = std::io::copy(&mut from, &mut to);
        let _ = to.shutdown(std::net::Shutdown::Write);
    });
    let mut back = target;
    let _ = std::io::copy(&mut back, &mut stream);
    let _ = stream.shutdown(std::net::Shutdown::Write);
    there.join().ok()
}

/// The metadata of an instance (with its token) and of a container.
fn metadata(mut stream: TcpStream) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let asked = read(&mut reader)?;
    let keys = format!(
        r#"{{"Code":"Success","LastUpdated":"2026-01-01T00:00:00Z","Type":"AWS-HMAC",{KEYS},"Expiration":"2099-01-01T00:00:00Z"}}"#
    );
    match (asked.method.as_str(), asked.path.as_str()) {
        ("PUT", "/latest/api/token") => {
            let ttl = "HTTP/1.1 200 X\r\nx-aws-ec2-metadata-token-ttl-seconds: 21600\r\nContent-Length: 5\r\nConnection: close\r\n\r\ntoken";
            stream.write_all(ttl.as_bytes()).ok()
        }
        (
            "GET",
            "/latest/meta-data/iam/security-credentials/"
            | "/latest/meta-data/iam/security-credentials-extended/",
        ) => say(&mut stream, 200, "text/plain", "role"),
        ("GET", path) if path.ends_with("/role") || path == "/container" => {
            say(&mut stream, 200, "application/json", &keys)
        }
        _ => say(&mut stream, 404, "text/plain", ""),
    }
}
