//! The repository entry: found under whatever key, switched on, pointed at the wanted URL, or added.

use crate::entries::{Entry, Shape};
use crate::planner::{Planner, Step};
use crate::spring::{self, REPOSITORIES, truthy};
use crate::verdict::{Finding, RefusalReason};
use crate::wanted_block::REPOSITORY_KEY;

struct Repository<'s> {
    name: String,
    container: Option<&'s Entry>,
    url: Option<(&'s Entry, &'s str)>,
    enabled: Option<(&'s Entry, &'s str)>,
    dotted: bool,
}

impl<'s> Planner<'s> {
    pub(crate) fn repository(&mut self) -> Step<()> {
        let base = spring::repository_base(&self.wanted.url).to_owned();
        let repositories = self.repositories()?;
        let same = |repository: &&Repository<'_>| {
            repository.url.is_some_and(|(_, url)| spring::repository_base(url) == base)
        };
        let on = |repository: &Repository<'_>| repository.enabled.is_none_or(|(_, enabled)| truthy(enabled));
        for repository in &repositories {
            if repository.url.is_none()
                && repository.name != REPOSITORY_KEY
                && repository.name != "front50"
                && !repository.dotted
            {
                self.findings.push(Finding::ForeignRepositoryBroken { key: repository.name.clone() });
            }
        }
        if repositories.iter().filter(same).any(|repository| on(repository) && !repository.dotted) {
            return Ok(());
        }
        if let Some(repository) = repositories.iter().filter(same).find(|repository| !repository.dotted) {
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

    fn switch_on(&mut self, repository: &Repository<'s>) -> Step<()> {
        if let Some((entry, _)) = repository.enabled.filter(|(_, enabled)| !truthy(enabled)) {
            self.repair(Finding::RepositoryDisabled { key: repository.name.clone(), at: self.at(entry) });
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
            let container = direct && matches!(entry.value.shape, Shape::Map { .. });
            if container {
                found.push(Repository {
                    name: entry.key.clone(),
                    container: Some(entry),
                    url: None,
                    enabled: None,
                    dotted: entry.key.contains('.'),
                });
                continue;
            }
            let Some((name, property)) = rest.rsplit_once('.') else { continue };
            if !matches!(property, "url" | "enabled") {
                continue;
            }
            let at = match found.iter().position(|repository| repository.name == name) {
                Some(at) => at,
                None => {
                    let dotted = name.contains('.');
                    found.push(Repository {
                        name: name.to_owned(),
                        container: None,
                        url: None,
                        enabled: None,
                        dotted,
                    });
                    found.len() - 1
                }
            };
            let Shape::Scalar { text, .. } = &entry.value.shape else {
                if name == REPOSITORY_KEY {
                    self.value(entry)?;
                }
                continue;
            };
            if text.contains("${") && name == REPOSITORY_KEY {
                return self.refuse(entry, RefusalReason::Placeholder(entry.path.clone()));
            }
            if entry.value.is_null() || text.trim().is_empty() {
                continue;
            }
            let slot = if property == "url" { &mut found[at].url } else { &mut found[at].enabled };
            if slot.replace((entry, text.trim())).is_some() {
                return self.refuse(entry, RefusalReason::PropertyTwice(entry.path.clone()));
            }
        }
        Ok(found)
    }
}
