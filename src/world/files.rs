//! A small file tree in memory, for the skin without a disk.

use std::collections::BTreeMap;

/// A file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub bytes: Vec<u8>,
    /// When it was written, world time in milliseconds.
    pub mtime: u64,
}

/// Files by path; directories are where files are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemoryFiles {
    entries: BTreeMap<String, Entry>,
}

impl MemoryFiles {
    /// Returns a file.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Entry> {
        self.entries.get(path)
    }

    /// Writes a file.
    pub fn put(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>, mtime: u64) {
        self.entries.insert(path.into(), Entry { bytes: bytes.into(), mtime });
    }

    /// Appends to a file.
    pub fn append(&mut self, path: &str, bytes: &[u8], mtime: u64) {
        let entry = self.entries.entry(path.to_owned()).or_insert(Entry { bytes: Vec::new(), mtime });
        entry.bytes.extend_from_slice(bytes);
        entry.mtime = mtime;
    }

    /// Removes a file; returns whether there was one.
    pub fn remove(&mut self, path: &str) -> bool {
        self.entries.remove(path).is_some()
    }

    /// Returns the paths of all files below a directory.
    #[must_use]
    pub fn paths_below(&self, dir: &str) -> Vec<String> {
        let prefix = format!("{}/", dir.trim_end_matches('/'));
        self.entries.keys().filter(|path| path.starts_with(&prefix)).cloned().collect()
    }

    /// Returns whether a directory holds anything.
    #[must_use]
    pub fn is_dir(&self, path: &str) -> bool {
        let prefix = format!("{}/", path.trim_end_matches('/'));
        self.entries.keys().any(|each| each.starts_with(&prefix))
    }

    /// Returns the names right below a directory, sorted.
    #[must_use]
    pub fn list(&self, dir: &str) -> Vec<String> {
        let prefix = format!("{}/", dir.trim_end_matches('/'));
        let mut names: Vec<String> = self
            .entries
            .keys()
            .filter_map(|path| path.strip_prefix(&prefix))
            .map(|rest| rest.split('/').next().unwrap_or_default().to_owned())
            .collect();
        names.dedup();
        names
    }
}
