//! The other pinned emulators: MiniStack, which asks for rights, and moto, which knows partitions.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::python::installed;

/// An emulator on loopback; it ends with this.
pub struct Emulator {
    child: Child,
    pub url: String,
}

/// MiniStack's root user.
pub const ROOT: [(&str, &str); 2] =
    [("AWS_ACCESS_KEY_ID", "rootkey"), ("AWS_SECRET_ACCESS_KEY", "rootsecret")];

impl Emulator {
    /// MiniStack with its IAM switched on, in us-west-2.
    pub fn that_asks_for_rights() -> Self {
        let programs = installed("ministack-1.5.33", "ministack==1.5.33");
        let port = free_port();
        let mut command = Command::new(programs.join("ministack"));
        command
            .envs(ROOT)
            .env("BIND_HOST", "127.0.0.1")
            .env("MINISTACK_HOST", "127.0.0.1")
            .env("GATEWAY_PORT", port.to_string())
            .env("MINISTACK_REGION", "us-west-2")
            .env("SERVICES", "sns,sts,config,iam")
            .env("AUTH", "true");
        Self::start(command, port, "/_ministack/health")
    }

    /// moto, whose ARNs name the partition of the region.
    pub fn that_knows_partitions() -> Self {
        let programs = installed("moto-5.2.5", "moto==5.2.5 flask==3.1.2 flask-cors==6.0.1");
        let port = free_port();
        let mut command = Command::new(programs.join("moto_server"));
        command.args(["-H", "127.0.0.1", "-p", &port.to_string()]);
        Self::start(command, port, "/moto-api/")
    }

    fn start(mut command: Command, port: u16, health: &str) -> Self {
        let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let emulator = Self { child: quiet.spawn().unwrap(), url: format!("http://127.0.0.1:{port}") };
        let limit = Some(Duration::from_secs(2));
        let agent = ureq::Agent::config_builder().proxy(None).timeout_global(limit).build().new_agent();
        let end = Instant::now() + Duration::from_secs(60);
        while agent.get(format!("{}{health}", emulator.url)).call().is_err() {
            assert!(Instant::now() < end, "the emulator does not start");
            std::thread::sleep(Duration::from_millis(50));
        }
        emulator
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
