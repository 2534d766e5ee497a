//! Reads the sources of the workspace: which module leans on which, by what line.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use syn::spanned::Spanned;

use super::named::{Named, flatten};

/// Every crate and those it may lean on, from the ground up.
pub const CRATES: &[(&str, &[&str])] = &[
    ("ecw_profile", &[]),
    ("ecw_halyard", &[]),
    ("ecw_policy", &[]),
    ("ecw_world", &["ecw_halyard", "ecw_policy", "ecw_profile"]),
    ("ecw_wizard", &["ecw_halyard", "ecw_policy", "ecw_profile"]),
    ("ecw_tui", &["ecw_halyard", "ecw_wizard"]),
    ("ecw_ports", &["ecw_halyard", "ecw_profile", "ecw_wizard"]),
    ("ecw_actions", &["ecw_halyard", "ecw_policy", "ecw_ports", "ecw_profile", "ecw_wizard"]),
    ("ecw_web", &["ecw_halyard", "ecw_ports", "ecw_wizard"]),
    ("ecw_aws", &["ecw_halyard", "ecw_ports", "ecw_web", "ecw_wizard"]),
    ("ecw_host", &["ecw_halyard", "ecw_ports", "ecw_profile", "ecw_web", "ecw_wizard"]),
    ("ecw_rehearsal", &["ecw_halyard", "ecw_ports", "ecw_profile", "ecw_wizard", "ecw_world"]),
    ("ecw_wire", &["ecw_halyard", "ecw_host", "ecw_web", "ecw_wizard", "ecw_world"]),
    (
        "ecw_drive",
        &[
            "ecw_actions",
            "ecw_halyard",
            "ecw_host",
            "ecw_ports",
            "ecw_rehearsal",
            "ecw_tui",
            "ecw_wizard",
            "ecw_world",
        ],
    ),
    (
        "event_cache_wizard",
        &[
            "ecw_actions",
            "ecw_aws",
            "ecw_drive",
            "ecw_halyard",
            "ecw_host",
            "ecw_policy",
            "ecw_ports",
            "ecw_profile",
            "ecw_rehearsal",
            "ecw_tui",
            "ecw_web",
            "ecw_wire",
            "ecw_wizard",
            "ecw_world",
        ],
    ),
];

/// The floors of the wizard crate, from the ground up; those in one entry stand side by side.
const FLOORS: &[&[&str]] = &[
    &["values"],
    &["model", "steps"],
    &["ui"],
    &["messages"],
    &["state"],
    &["rules"],
    &["screens"],
    &["navigation"],
    &["update"],
];

/// A source file of a crate.
struct Source {
    krate: &'static str,
    /// Path of the module inside its crate; empty for the root.
    module: String,
    path: String,
    text: String,
    file: syn::File,
}

/// One module leaning on another.
#[derive(Clone, Debug)]
pub struct Arrow {
    from: (&'static str, String),
    to: (&'static str, String),
    /// File, line and text that make it.
    place: String,
}

/// The sources of the workspace.
pub struct House {
    sources: Vec<Source>,
}

impl House {
    pub fn new(sources: Vec<(&'static str, String, String, String)>) -> Self {
        let parsed = |(krate, module, path, text): (&'static str, String, String, String)| {
            let file = syn::parse_file(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
            Source { krate, module, path, text, file }
        };
        Self { sources: sources.into_iter().map(parsed).collect() }
    }

    /// Reads the workspace.
    pub fn ours() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut sources = Vec::new();
        for (krate, _) in CRATES {
            let (dir, only): (PathBuf, Option<&[&str]>) = match krate.strip_prefix("ecw_") {
                Some(name) => (root.join(name), None),
                None => (root.clone(), Some(&["cli"])),
            };
            collect(krate, &dir, &dir, only, &mut sources);
        }
        assert!(sources.len() > 200, "the sources were not found");
        Self::new(sources)
    }

    fn modules(&self) -> BTreeSet<(&'static str, String)> {
        let mut found = BTreeSet::new();
        for source in &self.sources {
            let parts = split(&source.module);
            // A folder is a module, too.
            found.extend((0..=parts.len()).map(|depth| (source.krate, parts[..depth].join("::"))));
        }
        found
    }

    /// What each module hands on under a name of its own: (crate, module, name) to the path it stands for.
    fn handed_on(&self) -> BTreeMap<(&'static str, String, String), Vec<String>> {
        let mut found = BTreeMap::new();
        for source in &self.sources {
            for item in &source.file.items {
                let syn::Item::Use(item) = item else { continue };
                if matches!(item.vis, syn::Visibility::Inherited) {
                    continue;
                }
                flatten(&item.tree, &mut Vec::new(), &mut |path| {
                    let name = path.last().cloned().unwrap_or_default();
                    found.insert((source.krate, source.module.clone(), name), path);
                });
            }
        }
        found
    }

    /// Returns the module that a path names, seen from a module.
    fn target(
        &self,
        from: (&'static str, &str),
        path: &[String],
        modules: &BTreeSet<(&'static str, String)>,
        handed: &BTreeMap<(&'static str, String, String), Vec<String>>,
    ) -> Option<(&'static str, String)> {
        let (krate, mut at): (&'static str, Vec<String>) = match path.first()?.as_str() {
            "crate" => (from.0, Vec::new()),
            "super" => {
                let mut up = split(from.1);
                up.pop();
                (from.0, up)
            }
            "self" => (from.0, split(from.1)),
            first => match CRATES.iter().find(|(name, _)| *name == first) {
                Some((name, _)) => (name, Vec::new()),
                // A child of the module itself.
                None if modules.contains(&(from.0, join(from.1, first))) => {
                    (from.0, [split(from.1), vec![first.to_owned()]].concat())
                }
                None => return None,
            },
        };
        for name in &path[1..] {
            let here = at.join("::");
            if modules.contains(&(krate, join(&here, name))) {
                at.push(name.clone());
                continue;
            }
            if let Some(real) = handed.get(&(krate, here.clone(), name.clone()))
                && real != path
            {
                return self.target((krate, &here), real, modules, handed);
            }
            break;
        }
        Some((krate, at.join("::")))
    }

    pub fn arrows(&self) -> Vec<Arrow> {
        let (modules, handed) = (self.modules(), self.handed_on());
        let mut arrows = Vec::new();
        for source in &self.sources {
            let named = Named::of(&source.file);
            let lines: Vec<&str> = source.text.lines().collect();
            for (path, line) in named.paths {
                let Some(to) = self.target((source.krate, &source.module), &path, &modules, &handed) else {
                    continue;
                };
                let from = (source.krate, source.module.clone());
                if to == from {
                    continue;
                }
                let text = lines.get(line - 1).map_or("", |text| text.trim());
                // A thin mod.rs that hands its children on is a table of contents, not a user of them.
                let contents = to.1.starts_with(&format!("{}::", from.1)) || from.1.is_empty();
                if contents && to.0 == from.0 && text.starts_with("pub") {
                    continue;
                }
                arrows.push(Arrow { from, to, place: format!("{}:{line}: {text}", source.path) });
            }
        }
        arrows
    }

    /// Wildcard arms over steps, screens and questions.
    pub fn wildcards(&self) -> Vec<String> {
        let of = |source: &Source| {
            let path = source.path.clone();
            Named::of(&source.file).wildcards.into_iter().map(move |line| format!("{path}:{line}"))
        };
        self.sources.iter().flat_map(of).collect()
    }

    /// Public items without a doc comment. Fields need one only where their name does not say it all.
    pub fn undocumented(&self) -> Vec<String> {
        let mut found = Vec::new();
        for source in &self.sources {
            for item in &source.file.items {
                let mut look =
                    |vis: &syn::Visibility, attrs: &[syn::Attribute], name: String, line: usize| {
                        let public = matches!(vis, syn::Visibility::Public(_));
                        if public && !attrs.iter().any(|each| each.path().is_ident("doc")) {
                            found.push(format!("{}:{line}: {name}", source.path));
                        }
                    };
                match item {
                    syn::Item::Struct(it) => {
                        look(&it.vis, &it.attrs, it.ident.to_string(), it.span().start().line);
                    }
                    syn::Item::Enum(it) => {
                        look(&it.vis, &it.attrs, it.ident.to_string(), it.span().start().line);
                    }
                    syn::Item::Trait(it) => {
                        look(&it.vis, &it.attrs, it.ident.to_string(), it.span().start().line);
                    }
                    syn::Item::Const(it) => {
                        look(&it.vis, &it.attrs, it.ident.to_string(), it.span().start().line);
                    }
                    syn::Item::Fn(it) => {
                        look(&it.vis, &it.attrs, it.sig.ident.to_string(), it.span().start().line);
                    }
                    syn::Item::Impl(it) if it.trait_.is_none() => {
                        for each in &it.items {
                            if let syn::ImplItem::Fn(it) = each {
                                look(&it.vis, &it.attrs, it.sig.ident.to_string(), it.span().start().line);
                            }
                        }
                    }
                    _ => {}
                }
            }
        }
        found
    }

    /// Calls of a session's methods that are defined on a floor above the caller's.
    pub fn calls_upwards(&self) -> Vec<String> {
        let mut defined: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for source in self.sources.iter().filter(|source| source.krate == "ecw_wizard") {
            for item in &source.file.items {
                let syn::Item::Impl(item) = item else { continue };
                let syn::Type::Path(of) = &*item.self_ty else { continue };
                let of_session = of.path.is_ident("Session") && item.trait_.is_none();
                for each in &item.items {
                    if let syn::ImplItem::Fn(method) = each {
                        let name = method.sig.ident.to_string();
                        let place = if of_session { source.module.clone() } else { "values".to_owned() };
                        defined.entry(name).or_default().insert(place);
                    }
                }
            }
        }
        let mut found = Vec::new();
        for source in self.sources.iter().filter(|source| source.krate == "ecw_wizard") {
            let named = Named::of(&source.file);
            for (method, line) in named.calls {
                // A name that something on this floor or below has too may be that one.
                let places = defined.get(&method);
                let above = |place: &String| floor(place) > floor(&source.module);
                if places.is_some_and(|places| places.iter().all(above)) {
                    found.push(format!("{}:{line}: {method}() stands in {:?}", source.path, places.unwrap()));
                }
            }
        }
        found
    }
}

fn collect(
    krate: &'static str,
    root: &Path,
    dir: &Path,
    only: Option<&[&str]>,
    found: &mut Vec<(&'static str, String, String, String)>,
) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            let ours = only.is_none_or(|only| dir != root || only.contains(&name.as_str()));
            if ours && name != "tests" && name != "snapshots" {
                collect(krate, root, &path, only, found);
            }
        } else if let Some(stem) = name.strip_suffix(".rs") {
            let inside = path.strip_prefix(root).unwrap().with_extension("");
            let mut module: Vec<String> =
                inside.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
            if matches!(stem, "mod" | "lib" | "main") {
                module.pop();
            }
            if stem == "main" {
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            found.push((krate, module.join("::"), path.display().to_string(), text));
        }
    }
}

fn split(module: &str) -> Vec<String> {
    module.split("::").filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

fn join(module: &str, name: &str) -> String {
    if module.is_empty() { name.to_owned() } else { format!("{module}::{name}") }
}

/// Returns the floor of a module of the wizard crate; the crate's root is its roof.
fn floor(module: &str) -> usize {
    let first = module.split("::").next().unwrap_or_default();
    FLOORS.iter().position(|names| names.contains(&first)).unwrap_or(FLOORS.len())
}

/// Returns every arrow that a crate may not make, and every one that goes up a floor.
pub fn upwards(arrows: &[Arrow]) -> Vec<String> {
    let mut found = Vec::new();
    for arrow in arrows {
        let allowed = CRATES.iter().find(|(name, _)| *name == arrow.from.0).map(|(_, allowed)| *allowed);
        let other = arrow.to.0 != arrow.from.0;
        let up = arrow.from.0 == "ecw_wizard"
            && !other
            && !arrow.from.1.is_empty()
            && floor(&arrow.to.1) > floor(&arrow.from.1);
        if (other && !allowed.is_some_and(|allowed| allowed.contains(&arrow.to.0))) || up {
            found.push(format!(
                "{}::{} leans on {}::{}\n  {}",
                arrow.from.0, arrow.from.1, arrow.to.0, arrow.to.1, arrow.place
            ));
        }
    }
    found
}

/// A crate and a module of it.
type Module = (&'static str, String);
/// What a module leans on, and the line that makes it.
type Leans<'a> = BTreeMap<&'a Module, &'a str>;

/// Returns every circle of modules, each with the lines that make it.
pub fn circles(arrows: &[Arrow]) -> Vec<String> {
    let mut graph: BTreeMap<&Module, Leans<'_>> = BTreeMap::new();
    for arrow in arrows {
        graph.entry(&arrow.from).or_default().entry(&arrow.to).or_insert(&arrow.place);
    }
    let mut found = BTreeMap::new();
    for start in graph.keys() {
        // The shortest way back to where it began.
        let mut queue = vec![vec![*start]];
        let mut seen = BTreeSet::new();
        let mut at = 0;
        while at < queue.len() {
            let way = queue[at].clone();
            at += 1;
            for next in graph.get(way.last().unwrap()).into_iter().flat_map(BTreeMap::keys) {
                if *next == *start {
                    let mut members = way.clone();
                    members.sort();
                    let lines: Vec<String> = (0..way.len())
                        .map(|step| graph[way[step]][way[(step + 1) % way.len()]].to_owned())
                        .collect();
                    found.entry(members).or_insert(lines);
                    queue.clear();
                    break;
                }
                if seen.insert(*next) {
                    queue.push([way.as_slice(), &[*next]].concat());
                }
            }
        }
    }
    found
        .into_iter()
        .map(|(members, lines)| {
            let names: Vec<String> =
                members.iter().map(|(krate, module)| format!("{krate}::{module}")).collect();
            format!("{}\n  {}", names.join(" <-> "), lines.join("\n  "))
        })
        .collect()
}
