//! The repository entry: found under whatever key, switched on, pointed at the wanted URL, or added.

use crate::entries::{Entry, Shape};
use crate::planner::{Planner, Step};
use crate::prove;
use crate::spring::{self, REPOSITORIES, Switch};
use crate::verdict::{Finding, RefusalReason, RepositoryFault};
use crate::wanted_block::REPOSITORY_KEY;

struct Repository<'s> {
    name: String,
    container: Option<&'s Entry>,
    url: Option<(&'s Entry, &'s str)>,
    enabled: Option<(&'s Entry, Switch)>,
    dotted: bool,
    /// It stands there as a single value or a list.
    no_map: bool,
}

impl Repository<'_> {
    fn named(name: &str) -> Self {
        let dotted = name.contains('.');
        Self { name: name.to_owned(), container: None, url: None, enabled: None, dotted, no_map: false }
    }

    fn is_on(&self) -> bool {
        self.enabled.is_none_or(|(_, switch)| switch == Switch::On)
    }

    /// Returns why kork cannot read it, if it cannot: no service starts then, whosever entry it is.
    fn fault(&self) -> Option<RepositoryFault> {
        let switch = self.enabled.map(|(_, switch)| switch);
        match self.url {
            _ if self.no_map => Some(RepositoryFault::NotMap),
            _ if switch == Some(Switch::Breaks) => Some(RepositoryFault::NoSwitch),
            // kork asks for the URL of what is switched on alone.
            _ if switch == Some(Switch::Off) => None,
            None => Some(RepositoryFault::NoUrl),
            Some((_, url)) if !url.contains(':') => Some(RepositoryFault::OddUrl),
            Some(_) => None,
        }
    }
}

impl<'s> Planner<'s> {
    pub(crate) fn repository(&mut self) -> Step<()> {
        let base = spring::repository_base(&self.wanted.url).to_owned();
        if prove::repository_satisfied(&self.inherited, self.wanted) {
            return Ok(());
        }
        let repositories = self.repositories()?;
        let same = |repository: &&Repository<'_>| {
            repository.url.is_some_and(|(_, url)| spring::repository_base(url) == base)
        };
        for repository in repositories.iter().filter(|each| !each.dotted && each.name != "front50") {
            let ours = repository.name == REPOSITORY_KEY || same(&repository);
            if let (false, Some(why)) = (ours, repository.fault()) {
                self.findings.push(Finding::ForeignRepositoryBroken { key: repository.name.clone(), why });
            }
        }
        let usable: Vec<_> = repositories.iter().filter(|each| same(each) && !each.dotted).collect();
        // One of ours that cannot be read keeps the service from starting, though another is usable.
        for repository in usable.iter().filter(|each| each.fault() == Some(RepositoryFault::NoSwitch)) {
            self.switch_on(repository)?;
        }
        if usable.iter().any(|repository| repository.is_on()) {
            return Ok(());
        }
        if let Some(repository) = usable.first() {
            return self.switch_on(repository);
        }
        let ours =
            repositories.iter().find(|repository| repository.name == REPOSITORY_KEY && !repository.dotted);
        if let (None, Some(dotted)) =
            (ours, repositories.iter().filter(same).find(|repository| repository.dotted))
        {
            return self.undot(dotted);
        }
        match ours {
            Some(repository) => self.point_at_url(repository),
            None => {
                let path = format!("{REPOSITORIES}.{REPOSITORY_KEY}");
                let missing = [("enabled", "true".to_owned()), ("url", self.wanted.url.clone())];
                self.fill(&path, &path, None, &missing)
            }
        }
    }

    /// Returns the repositories of a document that is not edited which keep the service from starting,
    /// whatever other documents say.
    pub(crate) fn foreign_switches(&self) -> Vec<Finding> {
        let broken = |repository: Repository<'_>| {
            let why = repository.fault().filter(|why| *why != RepositoryFault::NoUrl)?;
            Some(Finding::ForeignRepositoryBroken { key: repository.name, why })
        };
        self.repositories().unwrap_or_default().into_iter().filter_map(broken).collect()
    }

    fn switch_on(&mut self, repository: &Repository<'s>) -> Step<()> {
        let already = |planner: &Self, entry: &Entry| {
            planner.splices.iter().any(|splice| splice.offset == entry.value.range.start + planner.source.bom)
        };
        if let Some((entry, switch)) = repository.enabled.filter(|(_, switch)| *switch != Switch::On)
            && !already(self, entry)
        {
            let (key, at) = (repository.name.clone(), self.at(entry));
            let found = entry.value.scalar().unwrap_or_default().0.to_owned();
            self.repair(match switch {
                Switch::Breaks => Finding::NoSwitch { found, at },
                Switch::On | Switch::Off => Finding::RepositoryDisabled { key, at },
            });
            self.replace(entry, "true")?;
        }
        Ok(())
    }

    fn undot(&mut self, repository: &Repository<'s>) -> Step<()> {
        let Some(entry) = repository.container else { return Ok(()) };
        self.repair(Finding::DottedRepositoryKey { key: entry.key.clone(), at: self.at(entry) });
        self.check_chain(&entry.path)?;
        self.rename(entry, REPOSITORY_KEY, &format!("{REPOSITORIES}.{REPOSITORY_KEY}"))?;
        self.switch_on(repository)
    }

    fn point_at_url(&mut self, repository: &Repository<'s>) -> Step<()> {
        self.switch_on(repository)?;
        let path = format!("{REPOSITORIES}.{REPOSITORY_KEY}");
        let key = repository.name.clone();
        match repository.url {
            Some((entry, found)) => {
                self.repair(Finding::RepositoryOtherUrl { key, found: found.to_owned(), at: self.at(entry) });
                self.replace(entry, &self.wanted.url.clone())
            }
            None => {
                let anchor = repository.container.or(repository.enabled.map(|(entry, _)| entry));
                let at = anchor.map_or(self.source.position(0), |entry| self.at(entry));
                self.repair(Finding::RepositoryWithoutUrl { key, at });
                let empty = self.leaf(&format!("{path}.url"))?;
                match empty {
                    Some(entry) => self.replace(entry, &self.wanted.url.clone()),
                    None => {
                        let missing = [("url", self.wanted.url.clone())];
                        self.fill(&path, &path, repository.enabled.map(|(entry, _)| entry), &missing)
                    }
                }
            }
        }
    }

    fn repositories(&self) -> Step<Vec<Repository<'s>>> {
        let mut found: Vec<Repository<'s>> = Vec::new();
        let prefix = format!("{REPOSITORIES}.");
        for entry in self.doc.entries.iter().skip(1) {
            let Some(rest) = entry.path.strip_prefix(&prefix) else { continue };
            let direct = self.doc.entries[entry.parent].path == REPOSITORIES;
            if direct {
                let no_map = !matches!(entry.value.shape, Shape::Map { .. } | Shape::Alias { .. });
                found.push(Repository { container: Some(entry), no_map, ..Repository::named(&entry.key) });
                continue;
            }
            let Some((name, property)) = rest.rsplit_once('.') else { continue };
            if !matches!(property, "url" | "enabled") {
                continue;
            }
            let at = found.iter().position(|repository| repository.name == name).unwrap_or_else(|| {
                found.push(Repository::named(name));
                found.len() - 1
            });
            let Shape::Scalar { text, .. } = &entry.value.shape else {
                if name == REPOSITORY_KEY {
                    self.value(entry)?;
                }
                continue;
            };
            if text.contains("${") && name == REPOSITORY_KEY {
                return self.refuse(entry, RefusalReason::Placeholder(entry.path.clone()));
            }
            let twice = match property {
                "url" if text.trim().is_empty() || entry.value.is_null() => continue,
                "url" => found[at].url.replace((entry, text.trim())).is_some(),
                _ => {
                    let (text, plain) = entry.value.scalar().unwrap_or_default();
                    let switch = spring::repository_switch(text, plain);
                    found[at].enabled.replace((entry, switch)).is_some()
                }
            };
            if twice {
                return self.refuse(entry, RefusalReason::PropertyTwice(entry.path.clone()));
            }
        }
        Ok(found)
    }
}
