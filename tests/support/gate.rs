//! A Gate, a daemon and a plugin repository on loopback. Gate confirms SNS subscriptions by fetching
//! their URL once it is told that it runs the plugin.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

pub struct Gate {
    pub port: u16,
    pub has_plugin: Arc<AtomicBool>,
    pub posts: Arc<AtomicUsize>,
    /// What stands at `/aws/notify` instead: status and content type; status 0 never answers.
    pub instead: Arc<Mutex<Option<(u16, &'static str)>>>,
}

impl Gate {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let has_plugin = Arc::new(AtomicBool::new(false));
        let posts = Arc::new(AtomicUsize::new(0));
        let instead = Arc::new(Mutex::new(None));
        let (plugin, count, other) = (has_plugin.clone(), posts.clone(), instead.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (plugin, count, other) = (plugin.clone(), count.clone(), other.clone());
                std::thread::spawn(move || answer(stream, port, &plugin, &count, &other));
            }
        });
        Self { port, has_plugin, posts, instead }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }
}

fn answer(
    mut stream: TcpStream,
    port: u16,
    plugin: &AtomicBool,
    posts: &AtomicUsize,
    instead: &Mutex<Option<(u16, &'static str)>>,
) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut first = String::new();
    reader.read_line(&mut first).ok()?;
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
        if line.trim().is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let mut words = first.split(' ');
    let (method, target) = (words.next()?, words.next()?);
    let path = target.split('?').next()?;
    let there = plugin.load(Ordering::SeqCst);
    let other = instead.lock().unwrap().filter(|_| path == "/aws/notify");
    if let Some((status, kind)) = other {
        if status > 0 {
            write!(stream, "HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nLocation: /login\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi").ok()?;
        }
        return Some(());
    }
    let (status, text) = match (method, path) {
        (_, "/health") => (200, r#"{"status":"UP"}"#.to_owned()),
        ("GET", "/aws/notify") => (if there { 405 } else { 404 }, "{}".to_owned()),
        ("POST", "/aws/notify") => {
            posts.fetch_add(1, Ordering::SeqCst);
            if there {
                confirm(&body);
            }
            (if there { 200 } else { 404 }, "{}".to_owned())
        }
        ("GET", "/v1/tasks/") => (200, r#"{"tasks":[]}"#.to_owned()),
        ("GET", "/plugins/installed") => (200, r#"{"gate":[]}"#.to_owned()),
        (_, "/repository/plugins.json") => (
            200,
            format!(
                r#"[{{"id":"Armory.AWSCATsOnEvent","releases":[{{"version":"0.2.1","url":"http://127.0.0.1:{port}/plugin.zip","sha512sum":"{}"}}]}}]"#,
                ecw_world::NO_BYTES_SHA512
            ),
        ),
        (_, "/plugin.zip") => (200, String::new()),
        _ => (404, "{}".to_owned()),
    };
    let sent = if method == "HEAD" { "" } else { &text };
    write!(
        stream,
        "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{sent}",
        text.len()
    )
    .ok()
}

/// Fetches the SubscribeURL of a confirmation, as the plugin does.
fn confirm(body: &[u8]) {
    let value: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    if let Some(url) = value.get("SubscribeURL").and_then(serde_json::Value::as_str) {
        let url = url.to_owned();
        std::thread::spawn(move || {
            let agent = ureq::Agent::config_builder().proxy(None).build().new_agent();
            let _ = agent.get(&url).call();
        });
    }
}
