//! What Spring and kork answer, and what an edit may change in it.

use std::collections::BTreeMap;

use ecw_profile::{Change, EditVerdict, Finding, Receipt, WantedBlock, plan, repository_base};
use serde::{Deserialize, Serialize};

/// A repository as kork resolves it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repository {
    pub enabled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fails: Option<String>,
}

/// The oracle's answer for one directory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Answer {
    /// The service does not start: the innermost exception's name.
    Fails { fails: String },
    /// What the service reads.
    Loads(Loaded),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Loaded {
    pub enabled: bool,
    pub version: String,
    pub repositories: Repositories,
    /// Flattened name to Java's simple class name, a blank, and the value.
    pub properties: BTreeMap<String, String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Repositories {
    Fail { fails: String },
    Named(BTreeMap<String, Repository>),
}

impl Loaded {
    /// Returns whether the plugin is on in a version and its repository is usable.
    pub fn satisfies(&self, version: &str, url: &str) -> Result<(), String> {
        let Repositories::Named(named) = &self.repositories else {
            return Err(format!("repositories: {:?}", self.repositories));
        };
        let usable = named.values().any(|each| {
            each.enabled
                && each.url.as_deref().is_some_and(|found| repository_base(found) == repository_base(url))
        });
        match (self.enabled, self.version == version, usable) {
            (true, true, true) => Ok(()),
            _ => Err(format!(
                "enabled {}, version {}, repositories {:?}",
                self.enabled, self.version, self.repositories
            )),
        }
    }
}

/// What was planned for a text, and the text that it leads to.
pub struct Planned {
    pub verdict: &'static str,
    pub remarks: Vec<String>,
    pub after: Option<(Vec<u8>, Receipt)>,
    /// Whether the plan says that a document under a condition may be stronger, or that a foreign entry
    /// keeps the service from starting: then nothing is promised.
    pub hedged: bool,
}

impl Planned {
    pub fn of(text: &[u8], wanted: &WantedBlock) -> Self {
        let (name, findings, after) = match plan(Some(text), wanted) {
            EditVerdict::Unchanged(findings) => ("unchanged", findings, None),
            EditVerdict::Create(edit) => {
                ("create", edit.findings.clone(), Some((edit.after(text).unwrap(), edit.receipt)))
            }
            EditVerdict::Edit(edit) => {
                ("edit", edit.findings.clone(), Some((edit.after(text).unwrap(), edit.receipt)))
            }
            EditVerdict::Repair(edit) => {
                ("repair", edit.findings.clone(), Some((edit.after(text).unwrap(), edit.receipt)))
            }
            EditVerdict::AsksNewer { found, .. } => {
                return Self { verdict: "asks", remarks: vec![found], after: None, hedged: false };
            }
            EditVerdict::Refused(refusal) => {
                return Self {
                    verdict: "refused",
                    remarks: vec![refusal.sentence()],
                    after: None,
                    hedged: false,
                };
            }
        };
        let hedged = findings.iter().any(|each| {
            matches!(each, Finding::ConditionalDocument { .. } | Finding::ForeignRepositoryBroken { .. })
        });
        Self { verdict: name, remarks: findings.iter().map(|each| each.sentence()).collect(), after, hedged }
    }
}

/// Judges a plan by what Spring reads before and after it.
///
/// # Errors
/// What Spring says otherwise.
pub fn judge(
    planned: &Planned,
    before: &Answer,
    after: Option<&Answer>,
    version: &str,
    url: &str,
) -> Result<(), String> {
    match (planned.verdict, &planned.after, before, after) {
        ("refused", ..) => Ok(()),
        // What kept the service from starting was mended.
        ("repair", _, Answer::Fails { .. }, Some(Answer::Loads(new))) => new.satisfies(version, url),
        ("asks", _, Answer::Loads(loaded), _) if loaded.version == planned.remarks[0] => Ok(()),
        ("unchanged", _, Answer::Loads(_), _) if planned.hedged => Ok(()),
        ("unchanged", _, Answer::Loads(loaded), _) => loaded.satisfies(version, url),
        (_, Some((_, receipt)), Answer::Loads(old), Some(Answer::Loads(new))) => {
            if !planned.hedged {
                new.satisfies(version, url)?;
            }
            same_but_for(planned, receipt, &old.properties, &new.properties)
        }
        (verdict, _, before, after) => Err(format!("{verdict}, but Spring: {before:?} became {after:?}")),
    }
}

/// The service's file was refused by Spring for a cause that was there before us.
pub fn broken_before(before: &Answer, after: Option<&Answer>) -> bool {
    matches!((before, after), (Answer::Fails { fails }, Some(Answer::Fails { fails: still })) if fails == still)
}

/// Every property is as before, but for what the receipt says.
fn same_but_for(
    planned: &Planned,
    receipt: &Receipt,
    old: &BTreeMap<String, String>,
    new: &BTreeMap<String, String>,
) -> Result<(), String> {
    // An empty map or null on the way says nothing any more; another document may still have it.
    let added: Vec<&String> = receipt
        .changes
        .iter()
        .flat_map(|change| match change {
            Change::Added { leaves, .. } => leaves.as_slice(),
            Change::Replaced { .. } | Change::Renamed { .. } => &[],
        })
        .map(|(path, _)| path)
        .collect();
    let empty_on_way = |name: &str, value: &str| {
        (value.ends_with("{}") || value.ends_with(' '))
            && added.iter().any(|path| path.strip_prefix(name).is_some_and(|rest| rest.starts_with('.')))
    };
    let mut expected = old.clone();
    expected.retain(|name, value| !empty_on_way(name, value));
    // Spring's name for a document that is no mapping: an empty one becomes one.
    expected.retain(|name, value| name != "document" || !(value.ends_with("{}") || value.ends_with(' ')));
    let mut touched: BTreeMap<String, String> = BTreeMap::new();
    for change in &receipt.changes {
        match change {
            Change::Added { leaves, .. } => {
                for (path, value) in leaves {
                    touched.insert(path.clone(), value.clone());
                }
            }
            Change::Replaced { path, after, .. } => {
                touched.insert(path.clone(), after.trim().trim_matches(['\'', '"']).to_owned());
            }
            Change::Renamed { from, to, .. } => {
                expected = expected
                    .into_iter()
                    .map(|(name, value)| match name.strip_prefix(from.as_str()) {
                        Some(rest) if rest.is_empty() || rest.starts_with(['.', '[']) => {
                            (format!("{to}{rest}"), value)
                        }
                        _ => (name, value),
                    })
                    .collect();
            }
        }
    }
    // What a stronger document says of our part, as the plan said it may, is not ours to promise.
    let promised = |name: &str| !(planned.hedged && name.starts_with("spinnaker.extensibility"));
    for (path, value) in touched.into_iter().filter(|(path, _)| promised(path)) {
        let found = new.get(&path).and_then(|found| found.split_once(' ')).map(|(_, text)| text);
        let same = found == Some(value.as_str());
        if !same {
            return Err(format!("{path} is {found:?}, not {value}"));
        }
        expected.insert(path.clone(), new.get(&path).cloned().unwrap_or_default());
    }
    let renamed_away = |name: &str| {
        receipt
            .changes
            .iter()
            .any(|change| matches!(change, Change::Renamed { from, .. } if name.starts_with(from.as_str())))
    };
    // An earlier document's look-alike comes to light where a later one's was renamed.
    let new: BTreeMap<String, String> = new
        .iter()
        .filter(|(name, value)| !empty_on_way(name, value))
        .filter(|(name, value)| {
            expected.contains_key(*name)
                || !(renamed_away(name) && old.contains_key(*name) && !value.is_empty())
        })
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    expected.retain(|name, _| promised(name));
    let new: BTreeMap<String, String> = new.into_iter().filter(|(name, _)| promised(name)).collect();
    if expected == new {
        return Ok(());
    }
    let gone: Vec<_> = expected.iter().filter(|(name, value)| new.get(*name) != Some(value)).collect();
    let came: Vec<_> = new.iter().filter(|(name, value)| expected.get(*name) != Some(value)).collect();
    Err(format!("other properties differ: {gone:?} became {came:?}"))
}
