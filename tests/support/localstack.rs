//! The pinned SNS emulator: installed into a venv below `target/` on first use, started on loopback.
//! Without it the tests that need it fail.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Versions that start together on Python 3.10 to 3.12 and answer every call that the tests make.
const PACKAGES: [&str; 5] = [
    "localstack-core[base-runtime]==4.13.1",
    "moto-ext==5.1.54",
    "pyopenssl<26",
    "cryptography<47",
    "cbor2<6",
];

pub struct LocalStack {
    child: Child,
    root: PathBuf,
    pub url: String,
}

fn home() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target/emulators")
}

/// Returns the venv's Python; installs it once, under a lock.
fn python() -> PathBuf {
    let home = home();
    fs::create_dir_all(&home).unwrap();
    let lock = File::create(home.join("lock")).unwrap();
    lock.lock().unwrap();
    let venv = home.join("localstack-4.13.1");
    let python = venv.join("bin/python");
    let done = venv.join("installed");
    if !done.exists() {
        let _ = fs::remove_dir_all(&venv);
        run(Command::new(maker()).args(["-m", "venv"]).arg(&venv));
        run(Command::new(&python)
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
            .args(PACKAGES));
        fs::write(done, "").unwrap();
    }
    python
}

/// Returns a Python that the pinned packages run on.
pub fn maker() -> &'static str {
    ["python3.11", "python3.12", "python3.10", "python3"]
        .into_iter()
        .find(|name| {
            let version =
                "import sys, ensurepip; sys.exit(0 if (3, 10) <= sys.version_info < (3, 13) else 1)";
            Command::new(name)
                .args(["-c", version])
                .stderr(Stdio::null())
                .status()
                .is_ok_and(|status| status.success())
        })
        .expect("Python 3.10 to 3.12 with venv is needed for the pinned tools of the tests")
}

pub fn run(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?} failed:\n{}", String::from_utf8_lossy(&output.stderr));
}

impl LocalStack {
    pub fn start() -> Self {
        let python = python();
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let address = format!("127.0.0.1:{port}");
        let root = home().join(format!("state-{port}"));
        let child = Command::new(python)
            .args(["-m", "localstack.runtime.main"])
            .env("GATEWAY_LISTEN", &address)
            .env("LOCALSTACK_HOST", &address)
            .env("GATEWAY_SERVER", "hypercorn")
            .env("SERVICES", "sns,sts,config,iam,cloudwatch,sqs")
            .env("DNS_ADDRESS", "0")
            .env("DISABLE_EVENTS", "1")
            .env("SKIP_SSL_CERT_DOWNLOAD", "1")
            .env("OVERRIDE_IN_DOCKER", "0")
            .env("FILESYSTEM_ROOT", &root)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let stack = Self { child, root, url: format!("http://{address}") };
        let agent = ureq::Agent::config_builder()
            .proxy(None)
            .timeout_global(Some(Duration::from_secs(2)))
            .build()
            .new_agent();
        let end = Instant::now() + Duration::from_secs(60);
        while agent.get(format!("{}/_localstack/health", stack.url)).call().is_err() {
            assert!(Instant::now() < end, "the SNS emulator does not start");
            std::thread::sleep(Duration::from_millis(50));
        }
        stack
    }
}

impl Drop for LocalStack {
    fn drop(&mut self) {
        // It may hang on a polite request.
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.root);
    }
}
