//! `plugin mirror`: a copy of the repository that a plain web server serves, checked against its SHA-512.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

use support::site::{Site, exits, said, until};

const ZIP: &[u8] = b"PK\x03\x04 the plugin";

fn sha512(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha512};
    Sha512::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A repository that lists a zip with this SHA-512; returns its address.
fn repository(sum: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut first = String::new();
            BufReader::new(stream.try_clone().unwrap()).read_line(&mut first).unwrap();
            let list = format!(
                r#"[{{"id":"Some.Other","releases":[]}},{{"id":"Armory.AWSCATsOnEvent","description":"d","releases":[{{"version":"0.2.1","date":"2023-11-28T00:00:00Z","requires":"gate>=0.0.0","url":"files/plugin.zip","sha512sum":"{sum}"}}]}}]"#
            );
            let body = match first.split(' ').nth(1) {
                Some("/p/plugins.json") => list.as_bytes(),
                Some("/p/files/plugin.zip") => ZIP,
                _ => b"",
            };
            let status = if body.is_empty() { 404 } else { 200 };
            let _ = write!(
                stream,
                "HTTP/1.1 {status} X\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                body.len()
            );
            let _ = stream.write_all(body);
        }
    });
    address
}

struct Served(Child);

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_mirror_is_served_by_a_plain_web_server_and_the_wizard_takes_it_for_the_repository() {
    let site = Site::new();
    let from = repository(sha512(ZIP));
    let from = format!("{from}/p/repositories.json");
    let dir = site.text("mirror");
    let mirrored = site.run(&["plugin", "mirror", &dir, "--from", &from]);
    exits(&mirrored, 0);
    assert!(said(&mirrored).contains("every start of a pod downloads the zip"), "{}", said(&mirrored));
    let zip = site.path("mirror/Armory.AWSCATsOnEvent-0.2.1.zip");
    assert_eq!(fs::read(&zip).unwrap(), ZIP);
    let list = fs::read_to_string(site.path("mirror/plugins.json")).unwrap();
    let value: serde_json::Value = serde_json::from_str(&list).unwrap();
    assert_eq!(
        value,
        serde_json::json!([{
            "id": "Armory.AWSCATsOnEvent",
            "releases": [{
                "version": "0.2.1", "date": "2023-11-28T00:00:00Z", "requires": "gate>=0.0.0",
                "url": "Armory.AWSCATsOnEvent-0.2.1.zip", "sha512sum": sha512(ZIP)
            }]
        }])
    );
    let again = site.run(&["plugin", "mirror", &dir, "--from", &from]);
    exits(&again, 0);
    assert!(said(&again).starts_with("Unchanged"), "{}", said(&again));
    // A zip that was changed in the mirror is fetched anew.
    fs::write(&zip, "spoilt").unwrap();
    exits(&site.run(&["plugin", "mirror", &dir, "--from", &from]), 0);
    assert_eq!(fs::read(&zip).unwrap(), ZIP);
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut server = Command::new("python3");
    server.args(["-m", "http.server", "--bind", "127.0.0.1", "--directory", &dir, &port.to_string()]);
    let _served = Served(server.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
    until("the mirror is served", || std::net::TcpStream::connect(("127.0.0.1", port)).is_ok());
    let url = format!("http://127.0.0.1:{port}/plugins.json");
    let mut plan = site.command(&["plan", "--answers", "answers.yml"]);
    let plan = said(&plan.env("EVENT_CACHE_WIZARD_REPOSITORY_URL", &url).output().unwrap());
    assert!(plan.contains("Plugin repository: lists 0.2.1"), "{plan}");
    assert!(plan.contains("Plugin zip: answers, its sha512 is as listed"), "{plan}");
}

#[test]
fn a_zip_that_is_not_the_one_that_is_listed_is_not_kept_and_nothing_is_deployed_from_it() {
    let site = Site::new();
    let from = repository(sha512(b"another"));
    let from = format!("{from}/p/plugins.json");
    let dir = site.text("mirror");
    let refused = site.run(&["plugin", "mirror", &dir, "--from", &from]);
    exits(&refused, 1);
    assert!(said(&refused).contains("is not the zip that is listed"), "{}", said(&refused));
    assert_eq!(fs::read_dir(&dir).unwrap().count(), 0, "nothing is left");
    let missing = site.run(&["plugin", "mirror", &dir, "--from", &from, "--plugin-version", "9.9.9"]);
    exits(&missing, 1);
    assert!(said(&missing).contains("does not list"), "{}", said(&missing));
    // The services would refuse it too, so it is no repository to deploy from.
    let mut plan = site.command(&["plan", "--answers", "answers.yml"]);
    let plan = plan.env("EVENT_CACHE_WIZARD_REPOSITORY_URL", &from).output().unwrap();
    exits(&plan, 3);
    assert!(said(&plan).contains("services refuse it"), "{}", said(&plan));
}
