//! `kubectl` as the rehearsal plays it: it renders an overlay as far as the rehearsal's own needs it, or has the
//! kustomize that `EVENT_CACHE_WIZARD_STAND_IN_KUSTOMIZE` names do it, and asks the world for the rest.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, ExitCode};

use ecw_halyard::kustomize::NAMES;
use ecw_halyard::yaml::{self, Mapping, Value};
use serde_json::json;

use super::commands::{ask, code};

const KUSTOMIZE: &str = "EVENT_CACHE_WIZARD_STAND_IN_KUSTOMIZE";

/// Plays `kubectl`.
#[must_use]
pub fn kubectl(world: &str, arguments: &[String]) -> ExitCode {
    let has = |word: &str| arguments.iter().any(|each| each == word);
    let after = |word: &str| arguments.iter().skip_while(|each| *each != word).nth(1);
    if has("version") {
        return said("Client Version: v1.31.4 (stand-in)\n");
    }
    if has("can-i") {
        return said("yes\n");
    }
    if has("kustomize") {
        return match after("kustomize").map_or_else(|| Err("no directory".to_owned()), |dir| render(dir)) {
            Ok(text) => said(&text),
            Err(why) => failed(&why),
        };
    }
    if has("apply") || has("diff") {
        let rendered = match (after("-k"), after("-f").map(String::as_str)) {
            (Some(dir), _) => render(dir),
            (None, Some("-")) => {
                let mut text = String::new();
                std::io::stdin().read_to_string(&mut text).map(|_| text).map_err(|error| error.to_string())
            }
            (None, Some(file)) => fs::read_to_string(file).map_err(|error| error.to_string()),
            (None, None) => Err("must specify one of -f and -k".to_owned()),
        };
        let what = if has("apply") { "apply" } else { "diff" };
        return match rendered {
            Ok(text) => of_world(&format!("{world}/kubectl/{what}"), &json!({"rendered": text})),
            Err(why) => failed(&why),
        };
    }
    of_world(&format!("{world}/kubectl"), &json!(arguments))
}

fn said(text: &str) -> ExitCode {
    let _ = write!(std::io::stdout(), "{text}");
    ExitCode::SUCCESS
}

fn failed(why: &str) -> ExitCode {
    let _ = writeln!(std::io::stderr(), "error: {why}");
    ExitCode::FAILURE
}

fn of_world(url: &str, body: &serde_json::Value) -> ExitCode {
    let Some(answer) = ask(url, Some(body)) else {
        let _ = writeln!(std::io::stderr(), "Unable to connect to the server");
        return ExitCode::FAILURE;
    };
    let text =
        |name: &str| answer.get(name).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
    let _ = write!(std::io::stdout(), "{}", text("stdout"));
    let _ = write!(std::io::stderr(), "{}", text("stderr"));
    code(answer.get("status").and_then(serde_json::Value::as_i64).unwrap_or(1))
}

fn render(dir: &str) -> Result<String, String> {
    if let Some(kustomize) = std::env::var_os(KUSTOMIZE) {
        let output =
            Command::new(kustomize).args(["build", dir]).output().map_err(|error| error.to_string())?;
        return if output.status.success() {
            Ok(String::from_utf8_lossy(&output.stdout).into_owned())
        } else {
            Err(String::from_utf8_lossy(&output.stderr).trim().to_owned())
        };
    }
    let mut built = Built::default();
    built.build(Path::new(dir))?;
    Ok(built.print())
}

/// What a kustomization makes: texts as they stand, and ConfigMaps.
#[derive(Default)]
struct Built {
    objects: Vec<String>,
    maps: BTreeMap<String, BTreeMap<String, String>>,
    tags: Vec<(String, String)>,
    namespace: Option<String>,
}

impl Built {
    fn build(&mut self, dir: &Path) -> Result<(), String> {
        let found = NAMES.iter().map(|name| dir.join(name)).find(|path| path.is_file());
        let found = found
            .ok_or_else(|| format!("unable to find one of {NAMES:?} in directory '{}'", dir.display()))?;
        let text = fs::read_to_string(&found).map_err(|error| error.to_string())?;
        let root = yaml::read(&text).map_err(|error| format!("{}: {error}", found.display()))?;
        let list = |key: &str| root.get(key).and_then(Value::as_sequence).cloned().unwrap_or_default();
        let string = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
        for each in list("resources").iter().chain(&list("components")).filter_map(Value::as_str) {
            let path = dir.join(each);
            if path.is_dir() {
                self.build(&path)?;
            } else {
                let text =
                    fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
                self.objects.push(text.trim_end().to_owned());
            }
        }
        for map in &list("configMapGenerator") {
            let name = string(map, "name").unwrap_or_default();
            let entries = self.maps.entry(name).or_default();
            let files = map.get("files").and_then(Value::as_sequence).cloned().unwrap_or_default();
            for file in files.iter().filter_map(Value::as_str) {
                let (key, path) =
                    file.split_once('=').unwrap_or_else(|| (file.rsplit('/').next().unwrap_or(file), file));
                let path = dir.join(path);
                let text =
                    fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
                entries.insert(key.to_owned(), text);
            }
        }
        for image in &list("images") {
            self.tags.push((
                string(image, "name").unwrap_or_default(),
                string(image, "newTag").unwrap_or_default(),
            ));
        }
        self.namespace = string(&root, "namespace").or(self.namespace.take());
        Ok(())
    }

    /// ConfigMaps get a name with a hash of what they hold, and whoever names them names that.
    fn print(&self) -> String {
        let mut documents = Vec::new();
        let mut named = Vec::new();
        for (name, entries) in &self.maps {
            let all: Vec<u8> =
                entries.iter().flat_map(|(key, text)| [key.as_bytes(), text.as_bytes()].concat()).collect();
            let hashed = format!("{name}-{}", ecw_world::suffix(&all));
            let text = |text: &str| Value::String(text.to_owned());
            let map = |pairs: Vec<(&str, Value)>| {
                Value::Mapping(pairs.into_iter().map(|(key, value)| (text(key), value)).collect::<Mapping>())
            };
            let mut meta = vec![("name", text(&hashed))];
            meta.extend(self.namespace.iter().map(|name| ("namespace", text(name))));
            let data = entries.iter().map(|(key, value)| (key.as_str(), text(value))).collect();
            let object = map(vec![
                ("apiVersion", text("v1")),
                ("data", map(data)),
                ("kind", text("ConfigMap")),
                ("metadata", map(meta)),
            ]);
            documents.push(yaml::write(&object).unwrap_or_default().trim_end().to_owned());
            named.push((name.clone(), hashed));
        }
        for object in &self.objects {
            let mut text = object.clone();
            for (name, hashed) in &named {
                text = text.replace(
                    &format!("configMap:\n              name: {name}\n"),
                    &format!("configMap:\n              name: {hashed}\n"),
                );
                if let Some(head) = text.strip_suffix(&format!("configMap:\n              name: {name}")) {
                    text = format!("{head}configMap:\n              name: {hashed}");
                }
            }
            for (image, tag) in &self.tags {
                let lines = text.lines().map(|line| match line.split_once(&format!("image: {image}:")) {
                    Some((head, _)) => format!("{head}image: {image}:{tag}"),
                    None => line.to_owned(),
                });
                text = lines.collect::<Vec<_>>().join("\n");
            }
            if let Some(namespace) = &self.namespace {
                text = text.replacen("metadata:\n", &format!("metadata:\n  namespace: {namespace}\n"), 1);
            }
            documents.push(text);
        }
        documents.join("\n---\n") + "\n"
    }
}
