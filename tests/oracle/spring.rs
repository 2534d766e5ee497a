//! The Java side: class paths by Maven, one compilation, one process for many questions.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};

use crate::answer::Answer;

/// The Spring Boots, by Spinnaker line: 1.28, 1.29, 1.30, 1.31, 1.35 to 2025.3, 2025.4.
pub const BOOTS: [&str; 6] = ["2.2.13.RELEASE", "2.3.12.RELEASE", "2.4.13", "2.5.14", "2.7.18", "3.0.13"];

/// A directory, the application that loads it, and the active profiles.
pub struct Question {
    pub directory: PathBuf,
    pub application: &'static str,
    pub profiles: &'static str,
}

/// The oracle, ready to be asked.
pub struct Spring {
    boot: &'static str,
    classes: String,
}

fn oracle() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/oracle").canonicalize().unwrap()
}

fn run(command: &mut Command) {
    let output = command.output().unwrap_or_else(|error| {
        panic!("the oracle tier needs Java and Maven: {:?}: {error}", command.get_program())
    });
    assert!(
        output.status.success(),
        "{command:?}\n{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

impl Spring {
    /// Gets the class path of a Spring Boot from Maven Central (once) and compiles the oracle.
    pub fn with_boot(boot: &'static str) -> Self {
        // Tests run side by side: one sets up, the others find it done.
        static SETTING_UP: Mutex<()> = Mutex::new(());
        let _one = SETTING_UP.lock().unwrap_or_else(PoisonError::into_inner);
        let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("oracle").join(boot);
        fs::create_dir_all(&home).unwrap();
        let (pom, source) = (oracle().join("pom.xml"), oracle().join("Oracle.java"));
        let listed = home.join("classpath.txt");
        let made_from = home.join("made-from");
        let inputs = [fs::read(&pom).unwrap(), fs::read(&source).unwrap()].concat();
        if fs::read(&made_from).is_ok_and(|former| former == inputs) {
            let classes = format!("{}:{}", home.display(), fs::read_to_string(&listed).unwrap());
            return Self { boot, classes };
        }
        run(Command::new("mvn")
            .args(["-q", "-B", "-f"])
            .arg(&pom)
            .args(["-P", &format!("boot-{boot}"), &format!("-Dmdep.outputFile={}", listed.display())])
            .arg("org.apache.maven.plugins:maven-dependency-plugin:3.6.1:build-classpath"));
        let jars = fs::read_to_string(&listed).unwrap();
        run(Command::new("javac").args(["-proc:none", "-cp", &jars, "-d"]).arg(&home).arg(&source));
        fs::write(&made_from, inputs).unwrap();
        Self { boot, classes: format!("{}:{jars}", home.display()) }
    }

    /// Returns the answers in the order of the questions.
    pub fn ask(&self, questions: &[Question]) -> Vec<Answer> {
        let mut child = Command::new("java")
            .args(["-Xshare:auto", "-XX:TieredStopAtLevel=1", "-Xmx512m", "-cp", &self.classes, "Oracle"])
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the oracle tier needs Java");
        let mut requests = child.stdin.take().unwrap();
        let lines: String = questions
            .iter()
            .map(|each| format!("{}\t{}\t{}\n", each.directory.display(), each.application, each.profiles))
            .collect();
        let writer = std::thread::spawn(move || requests.write_all(lines.as_bytes()));
        let mut answers = BufReader::new(child.stdout.take().unwrap()).lines();
        let greeting = answers.next().expect("the oracle starts").unwrap();
        assert_eq!(greeting, format!("{{\"boot\":\"{}\"}}", self.boot));
        let answers = answers
            .map(|line| line.unwrap())
            .map(|line| serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}")))
            .collect();
        writer.join().unwrap().unwrap();
        assert!(child.wait().unwrap().success());
        answers
    }
}
