//! A plugin repository of one's own: the list and the zip, fetched and hashed, as a plain web server can serve them.
//!
//! pf4j-update resolves a release's `url` against the list's own (`DefaultUpdateRepository.initPlugins`), so the copy
//! names the zip that stands beside it, and may be served from anywhere.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use ecw_ports::{Redirects, Web};
use ecw_wizard::values::trouble::Trouble;
use serde_json::{Value, json};
use sha2::{Digest, Sha512};

/// A plugin has some megabytes.
pub const MOST: u64 = 512 * 1024 * 1024;
const LIST: &str = "plugins.json";

/// What was mirrored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mirrored {
    /// The list.
    pub list: PathBuf,
    /// The zip.
    pub zip: PathBuf,
    /// Its SHA-512, in lower-case hex.
    pub sha512: String,
    /// Its size in bytes.
    pub size: u64,
    /// Whether both stood there already.
    pub stood: bool,
}

/// Fetches the list below `base` and the zip of one version of a plugin into a directory, and checks the zip's SHA-512.
///
/// # Errors
/// What cannot be fetched or written, and a zip that is not the one that is listed: nothing of it is left.
pub fn mirror(
    web: &dyn Web,
    base: &str,
    plugin: &str,
    version: &str,
    dir: &Path,
) -> Result<Mirrored, Trouble> {
    let release = release(web, base, plugin, version)?;
    let text = |key: &str| release.get(key).and_then(Value::as_str).map(str::to_owned);
    let sum = text("sha512sum").map(|sum| sum.trim().to_ascii_lowercase());
    let sum = sum.filter(|sum| sum.len() == 128 && sum.bytes().all(|each| each.is_ascii_hexdigit()));
    let sum = sum.ok_or_else(|| {
        Trouble::new(
            format!("The list names no SHA-512 for {plugin} {version}."),
            "Do not mirror what cannot be checked; ask whoever keeps the list.",
        )
    })?;
    let from = text("url").and_then(|to| url::Url::parse(base).ok()?.join(&to).ok());
    let from = from.ok_or_else(|| Trouble::new("The list names no zip.", "Ask whoever keeps the list."))?;
    fs::create_dir_all(dir).map_err(|error| cannot_write(dir, &error))?;
    let zip = dir.join(format!("{plugin}-{version}.zip"));
    let stood = File::open(&zip).ok().and_then(|file| hash(file).ok()).filter(|(found, _)| *found == sum);
    let size = match &stood {
        Some((_, size)) => *size,
        None => fetch(web, from.as_str(), &sum, &zip)?,
    };
    let list = dir.join(LIST);
    let text = listed(plugin, &release, &zip);
    let same = fs::read_to_string(&list).is_ok_and(|now| now == text);
    if !same {
        let whole = |file: &mut File| file.write_all(text.as_bytes());
        placed(&list, whole).map_err(|error| cannot_write(&list, &error))?;
    }
    Ok(Mirrored { list, zip, sha512: sum, size, stood: stood.is_some() && same })
}

fn release(web: &dyn Web, base: &str, plugin: &str, version: &str) -> Result<Value, Trouble> {
    let from = format!("{base}{LIST}");
    let fix = "Run this where the repository can be reached, then carry the directory over.";
    let answer = web
        .get(&from, Redirects::Follow)
        .map_err(|why| Trouble::new(format!("{from} cannot be fetched: {why}."), fix))?;
    if answer.status != 200 {
        return Err(Trouble::new(format!("{from} answers HTTP {}.", answer.status), fix));
    }
    let Ok(Value::Array(plugins)) = serde_json::from_str::<Value>(&answer.body) else {
        return Err(Trouble::new(format!("{from} is not a list of plugins."), "Name another --from."));
    };
    let is = |value: &Value, key: &str, what: &str| value.get(key).and_then(Value::as_str) == Some(what);
    let ours = plugins.iter().find(|each| is(each, "id", plugin));
    let releases = ours.and_then(|each| each.get("releases")).and_then(Value::as_array);
    let release = releases.into_iter().flatten().find(|each| is(each, "version", version)).cloned();
    release.ok_or_else(|| {
        Trouble::new(format!("{from} does not list {plugin} {version}."), "Name a version that it lists.")
    })
}

/// The list with this one release, its zip beside it.
fn listed(plugin: &str, release: &Value, zip: &Path) -> String {
    let mut release = release.clone();
    let name = zip.file_name().unwrap_or_default().to_string_lossy();
    release["url"] = json!(name);
    format!("{:#}\n", json!([{"id": plugin, "releases": [release]}]))
}

fn fetch(web: &dyn Web, from: &str, sum: &str, zip: &Path) -> Result<u64, Trouble> {
    let mut hasher = Sha512::new();
    let mut size = 0;
    let mut status = 0;
    let mut refused = None;
    let written = placed(zip, |file| {
        let mut take = |piece: &[u8]| {
            hasher.update(piece);
            size += piece.len() as u64;
            file.write_all(piece)
        };
        match web.fetch(from, MOST, &mut take) {
            Ok(answered) => status = answered,
            Err(why) => refused = Some(why),
        }
        let found = hex(&hasher.clone().finalize());
        if refused.is_none() && status == 200 && found == sum {
            return Ok(());
        }
        Err(io::Error::other("it is not what is listed"))
    });
    match (written, refused, status) {
        (Ok(()), ..) => Ok(size),
        (Err(_), Some(why), _) => Err(Trouble::new(
            format!("{from} cannot be fetched: {why}."),
            "Run this where it can be reached. Nothing was kept of it.",
        )),
        (Err(error), None, 200) if error.kind() != io::ErrorKind::Other => Err(cannot_write(zip, &error)),
        (Err(_), None, 200) => Err(Trouble::new(
            format!(
                "{from} is not the zip that is listed: its SHA-512 is {}, not {sum}.",
                hex(&hasher.finalize())
            ),
            "Nothing was kept of it. Somebody between here and there changed it, or the list is wrong.",
        )),
        (Err(error), None, 0) => Err(cannot_write(zip, &error)),
        (Err(_), None, status) => Err(Trouble::new(
            format!("{from} answers HTTP {status}."),
            "Nothing was kept of it. Try again later, or name another --from.",
        )),
    }
}

/// Writes a file beside its place, has it on disk, and gives it its name; nothing is left of one that failed.
fn placed(path: &Path, fill: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<()> {
    let dir = path.parent().unwrap_or(Path::new("."));
    let mut staged = tempfile::Builder::new().prefix(".mirror-").tempfile_in(dir)?;
    fill(staged.as_file_mut())?;
    staged.as_file().sync_all()?;
    let readable = std::os::unix::fs::PermissionsExt::from_mode(0o644);
    staged.as_file().set_permissions(readable)?;
    staged.persist(path).map_err(|error| error.error)?;
    File::open(dir)?.sync_all()
}

fn hash(mut file: File) -> io::Result<(String, u64)> {
    let mut hasher = Sha512::new();
    let size = io::copy(&mut file, &mut hasher)?;
    Ok((hex(&hasher.finalize()), size))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn cannot_write(path: &Path, error: &io::Error) -> Trouble {
    Trouble::new(
        format!("{} cannot be written: {error}.", path.display()),
        "Make room, or name a directory that you can write.",
    )
}
