//! What was read and planned by this process, known again by content: a big profile is hashed and planned
//! on once, however often it is asked about.

use std::collections::VecDeque;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::{Mutex, PoisonError};

use ecw_profile::{EditVerdict, WantedBlock, plan, plan_and_hash, sha256_hex};
use xxhash_rust::xxh3::Xxh3;

/// Both profiles, before and after.
const KEPT: usize = 4;
/// Smaller contents are hashed and planned on anew: that costs nothing.
const FROM: usize = 64 * 1024;

/// A content's length and its 128-bit hash under a key that nobody else knows.
type Print = (usize, u128);

struct Known {
    print: Print,
    sha256: Option<String>,
    plans: Vec<(WantedBlock, EditVerdict)>,
}

/// The plans and hashes of the contents that were seen last.
pub struct Plans {
    seed: u64,
    known: Mutex<VecDeque<Known>>,
}

impl Default for Plans {
    fn default() -> Self {
        Self { seed: RandomState::new().build_hasher().finish(), known: Mutex::default() }
    }
}

impl Plans {
    /// Returns the SHA-256 of a content, in lower-case hex.
    #[must_use]
    pub fn sha256(&self, bytes: &[u8]) -> String {
        if bytes.len() < FROM {
            return sha256_hex(bytes);
        }
        let print = self.print(&[bytes]);
        if let Some(hash) = self.with(print, |known| known.sha256.clone()) {
            return hash;
        }
        let hash = sha256_hex(bytes);
        self.with(print, |known| known.sha256 = Some(hash.clone()));
        hash
    }

    /// Returns what [`ecw_profile::plan`] returns.
    #[must_use]
    pub fn plan(&self, existing: Option<&[u8]>, wanted: &WantedBlock) -> EditVerdict {
        match existing {
            Some(bytes) => self.plan_and_hash(bytes, wanted).0,
            None => plan(None, wanted),
        }
    }

    /// Returns what [`ecw_profile::plan_and_hash`] returns.
    #[must_use]
    pub fn plan_and_hash(&self, bytes: &[u8], wanted: &WantedBlock) -> (EditVerdict, String) {
        if bytes.len() < FROM {
            return plan_and_hash(bytes, wanted);
        }
        let print = self.print(&[bytes]);
        let planned = self.with(print, |known| {
            let (_, verdict) = known.plans.iter().find(|(block, _)| block == wanted)?;
            Some((verdict.clone(), known.sha256.clone()?))
        });
        planned.unwrap_or_else(|| {
            let (verdict, hash) = plan_and_hash(bytes, wanted);
            self.with(print, |known| {
                known.plans.push((wanted.clone(), verdict.clone()));
                known.sha256 = Some(hash.clone());
            });
            (verdict, hash)
        })
    }

    /// Notes the SHA-256 of a content that was written from these pieces.
    pub fn note_written(&self, pieces: &[&[u8]], sha256: &str) {
        if pieces.iter().map(|piece| piece.len()).sum::<usize>() >= FROM {
            self.with(self.print(pieces), |known| known.sha256 = Some(sha256.to_owned()));
        }
    }

    fn print(&self, pieces: &[&[u8]]) -> Print {
        let mut hash = Xxh3::with_seed(self.seed);
        for piece in pieces {
            hash.update(piece);
        }
        (pieces.iter().map(|piece| piece.len()).sum(), hash.digest128())
    }

    fn with<T>(&self, print: Print, act: impl FnOnce(&mut Known) -> T) -> T {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let at = known.iter().position(|each| each.print == print);
        let found = at.and_then(|at| known.remove(at));
        known.push_back(found.unwrap_or(Known { print, sha256: None, plans: Vec::new() }));
        if known.len() > KEPT {
            known.pop_front();
        }
        let last = known.len() - 1;
        act(&mut known[last])
    }
}

#[cfg(test)]
mod tests {
    use ecw_profile::{EditVerdict, NewerVersion, WantedBlock, plan, sha256_hex};

    use super::Plans;

    #[test]
    fn a_content_is_known_again_and_another_one_is_not_taken_for_it() {
        let wanted = WantedBlock {
            version: "0.2.1".into(),
            url: "https://example.com/p/plugins.json".into(),
            newer: NewerVersion::Ask,
            root: ecw_profile::Root::File,
        };
        let other_url = WantedBlock { url: "https://mirror.example.com/".into(), ..wanted.clone() };
        let plans = Plans::default();
        let mut text = "a: 1\n".to_owned() + &"# remark\n".repeat(20_000);
        for _ in 0..2 {
            for block in [&wanted, &other_url] {
                assert_eq!(plans.plan(Some(text.as_bytes()), block), plan(Some(text.as_bytes()), block));
            }
            assert_eq!(plans.sha256(text.as_bytes()), sha256_hex(text.as_bytes()));
        }
        let EditVerdict::Edit(edit) = plans.plan(Some(text.as_bytes()), &wanted) else { panic!("no edit") };
        plans.note_written(&edit.pieces(text.as_bytes()).unwrap_or_default(), &edit.receipt.after);
        let after = edit.after(text.as_bytes()).unwrap_or_default();
        assert_eq!(plans.sha256(&after), sha256_hex(&after));
        text.replace_range(0..1, "b");
        assert_eq!(plans.plan(Some(text.as_bytes()), &wanted), plan(Some(text.as_bytes()), &wanted));
        assert_eq!(plans.sha256(text.as_bytes()), sha256_hex(text.as_bytes()));
    }
}
