//! The world as a process of its own: one loopback port for everything. It survives the wizard and
//! ends by itself when nobody has asked for anything for a while.

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use ecw_halyard::ServiceName;
use ecw_world::{ACCOUNT, Apply, Fault, Interrupt, REGION, World};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::wire_aws::{self, Wire};
use super::world_process;
use ecw_host::clock::Clock;
use ecw_host::warn;

const BODY_LIMIT: usize = 64 * 1024 * 1024;
const TASKS: &str = "/daemon/v1/tasks/";
/// How long it stays when nobody asks and no wizard lives.
pub const IDLE_LIMIT: Duration = Duration::from_secs(15 * 60);

struct Shared {
    world: Mutex<World>,
    begin: Instant,
    /// When it began, milliseconds since 1970 UTC.
    wall: u64,
    scale: u64,
    last: Mutex<Instant>,
}

impl Shared {
    fn now(&self) -> u64 {
        u64::try_from(self.begin.elapsed().as_millis()).unwrap_or(u64::MAX) * self.scale
    }
}

/// Serves the world until nobody has asked for so long and no wizard lives that works with it; writes
/// its address to `<dir>/world.json`.
#[must_use]
pub fn serve(dir: &Path, scale: u64, faults: Vec<Fault>, idle_limit: Duration) -> ExitCode {
    let _ = rustix::process::setsid();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    match runtime.map(|runtime| runtime.block_on(run(dir, scale, faults, idle_limit))) {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(error)) | Err(error) => {
            warn!("the rehearsal world could not be started: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(dir: &Path, scale: u64, faults: Vec<Fault>, idle_limit: Duration) -> std::io::Result<()> {
    let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await?;
    let address = format!("http://{}", listener.local_addr()?);
    let temporary = dir.join(".world.json");
    std::fs::write(&temporary, json!({"address": address, "pid": std::process::id()}).to_string())?;
    std::fs::rename(&temporary, dir.join("world.json"))?;
    let shared = Arc::new(Shared {
        world: Mutex::new(World::new(faults)),
        begin: Instant::now(),
        wall: Clock::default().now().wall,
        scale,
        last: Mutex::new(Instant::now()),
    });
    loop {
        let slice = idle_limit.min(Duration::from_secs(5));
        let accepted = tokio::time::timeout(slice, listener.accept()).await;
        let Ok(accepted) = accepted else {
            let idle = shared.last.lock().unwrap_or_else(PoisonError::into_inner).elapsed();
            if idle > idle_limit && world_process::nobody_lives(dir) {
                return Ok(());
            }
            continue;
        };
        let (stream, _) = accepted?;
        let shared = shared.clone();
        tokio::spawn(async move {
            let service = service_fn(move |request| answer(shared.clone(), request));
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

async fn answer(
    shared: Arc<Shared>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    *shared.last.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    let path = request.uri().path().to_owned();
    let query = request.uri().query().unwrap_or_default().to_owned();
    let target = request.headers().get("x-amz-target").and_then(|each| each.to_str().ok()).map(str::to_owned);
    let signed = request.headers().get("authorization").and_then(|each| each.to_str().ok());
    let (account, region) = signed_for(signed.unwrap_or_default());
    let interrupt = request.method() == hyper::Method::PUT;
    let body = Limited::new(request.into_body(), BODY_LIMIT)
        .collect()
        .await
        .map(|body| body.to_bytes())
        .unwrap_or_default();
    let body = String::from_utf8_lossy(&body).into_owned();
    let now = shared.now();
    let mut world = shared.world.lock().unwrap_or_else(PoisonError::into_inner);
    if path.starts_with("/aws") {
        world.call(&account, &region);
    }
    let wire = match (path.as_str(), target) {
        ("/aws" | "/aws/", Some(target)) => wire_aws::config(&mut world, &target, &body, now),
        ("/aws" | "/aws/", None) => wire_aws::query(&mut world, &body, now),
        ("/internet", _) => internet(&world, &parameter(&query, "url"), now),
        ("/daemon/health", _) => internet(&world, "http://localhost:8064/health", now),
        (path, _) if path.starts_with(TASKS) => {
            tasks(&shared, &mut world, &path[TASKS.len()..], interrupt, now)
        }
        ("/hal/interrupt", _) => {
            let number = parameter(&query, "number").parse().unwrap_or(usize::MAX);
            world.interrupt(number, Interrupt::HalSignalled, now);
            json_of(&json!({}))
        }
        ("/hal/apply", _) => apply(&mut world, &body, now),
        ("/hal/progress", _) => progress(&mut world, &query, now),
        ("/kubectl/apply", _) => {
            let body: Value = serde_json::from_str(&body).unwrap_or_default();
            let rendered = body.get("rendered").and_then(Value::as_str).unwrap_or_default();
            let (said, status) = world.kubectl_apply(rendered, now);
            let to = if status == 0 { "stdout" } else { "stderr" };
            json_of(&json!({"status": status, to: said}))
        }
        ("/kubectl/diff", _) => {
            let (stdout, status) = world.kubectl_diff();
            json_of(&json!({"status": status, "stdout": stdout}))
        }
        ("/kubectl", _) => {
            let arguments: Vec<String> = serde_json::from_str(&body).unwrap_or_default();
            let (status, stdout) = world.kubectl(&arguments, now);
            json_of(&json!({"status": status, "stdout": stdout}))
        }
        ("/effects", _) => json_of(&json!(world.effects)),
        ("/stop", _) => std::process::exit(0),
        _ => Wire { status: 404, content_type: "text/plain", body: "not played here".to_owned() },
    };
    drop(world);
    let response = Response::builder().status(wire.status).header("content-type", wire.content_type);
    Ok(response.body(Full::new(Bytes::from(wire.body))).unwrap_or_default())
}

/// The account and region that a call was signed for (`Credential=KEY/DATE/REGION/SERVICE/aws4_request`):
/// a key of twelve digits is the account's.
fn signed_for(authorization: &str) -> (String, String) {
    let scope = authorization.split("Credential=").nth(1).unwrap_or_default();
    let mut parts = scope.split(['/', ',']);
    let key = parts.next().filter(|key| key.len() == 12 && key.bytes().all(|each| each.is_ascii_digit()));
    let region = parts.nth(1).filter(|region| !region.is_empty());
    (key.unwrap_or(ACCOUNT).to_owned(), region.unwrap_or(REGION).to_owned())
}

/// The daemon's tasks, as the real one lists them: what has ended stays listed.
fn tasks(shared: &Shared, world: &mut World, path: &str, interrupt: bool, now: u64) -> Wire {
    let uuid = |at: usize| format!("00000000-0000-4000-8000-{at:012x}");
    let wanted = path.trim_end_matches("/interrupt");
    let found = (0..).take_while(|at| world.applied(*at).is_some()).find(|at| uuid(*at) == wanted);
    if let (Some(at), true) = (found, interrupt) {
        world.interrupt(at, Interrupt::Daemon, now);
        return json_of(&json!({}));
    }
    let task = |at: usize, apply: &Apply| {
        let ended = now >= apply.started + apply.takes;
        let state = match (ended, apply.exit) {
            (false, _) => "RUNNING",
            (true, 0) => "SUCCEEDED",
            // An interrupted task ends like this too (what the real daemon listed after a signal).
            (true, _) => "FAILED",
        };
        let children: Vec<Value> = apply
            .services
            .iter()
            .map(|each| json!({"name": format!("Deploy {}", each.kubernetes_name())}))
            .collect();
        let timestamp = shared.wall + apply.started / shared.scale;
        json!({"uuid": uuid(at), "name": "Apply deployment", "state": state, "children": children, "events": [{"timestamp": timestamp}]})
    };
    let all: Vec<Value> = (0..).map_while(|at| world.applied(at).map(|apply| task(at, apply))).collect();
    match found {
        Some(at) => json_of(&all[at]),
        None => json_of(&json!({"tasks": all})),
    }
}

fn json_of(value: &Value) -> Wire {
    Wire { status: 200, content_type: "application/json", body: value.to_string() }
}

fn parameter(query: &str, name: &str) -> String {
    url::form_urlencoded::parse(query.as_bytes())
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}

fn internet(world: &World, url: &str, now: u64) -> Wire {
    match world.get(url, now) {
        Some(answer) => Wire { status: answer.status, content_type: answer.content_type, body: answer.body },
        // Not a real status: nobody answers there.
        None => Wire { status: 599, content_type: "text/plain", body: String::new() },
    }
}

fn apply(world: &mut World, body: &str, now: u64) -> Wire {
    let request: Value = serde_json::from_str(body).unwrap_or_default();
    let names = request.get("services").and_then(Value::as_array).cloned().unwrap_or_default();
    let services: Vec<ServiceName> =
        names.iter().filter_map(|name| ServiceName::parse(name.as_str()?)).collect();
    let profile = |name: &str| {
        request
            .pointer(&format!("/profiles/{name}"))
            .and_then(Value::as_str)
            .map(|text| text.as_bytes().to_vec())
    };
    json_of(&json!({"number": world.apply(&services, profile, now)}))
}

fn progress(world: &mut World, query: &str, now: u64) -> Wire {
    let number: usize = parameter(query, "number").parse().unwrap_or(usize::MAX);
    let from: usize = parameter(query, "from").parse().unwrap_or(0);
    let writes: Vec<Value> = world
        .settle(number, now)
        .into_iter()
        .map(|(path, bytes)| json!({"path": path, "text": String::from_utf8_lossy(&bytes)}))
        .collect();
    let Some(apply) = world.applied(number) else { return json_of(&json!({"exit": 1})) };
    let since = now.saturating_sub(apply.started);
    let due: Vec<&str> = apply
        .frames
        .iter()
        .filter(|frame| frame.at <= since)
        .map(|frame| frame.text.as_str())
        .skip(from)
        .collect();
    let exit = (since >= apply.takes).then_some(apply.exit);
    json_of(&json!({"frames": due, "exit": exit, "writes": writes}))
}
