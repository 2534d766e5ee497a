//! SHA-256, as receipts hold it.

use ring::digest::{Context, SHA256};

/// Returns the SHA-256 of `bytes` in lower-case hex.
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    sha256_of(&[bytes])
}

/// Returns the SHA-256 of pieces that follow one another.
pub(crate) fn sha256_of(pieces: &[&[u8]]) -> String {
    let mut context = Context::new(&SHA256);
    for piece in pieces {
        context.update(piece);
    }
    hex(context)
}

fn hex(context: Context) -> String {
    context.finish().as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A content's hash, with the way to the hashes of contents that begin as it does.
pub(crate) struct Hashed {
    /// The SHA-256, in lower-case hex.
    pub(crate) whole: String,
    /// The state after each [`STEP`].
    states: Vec<Context>,
}

const STEP: usize = 1024 * 1024;

impl Hashed {
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let mut context = Context::new(&SHA256);
        let mut states = Vec::new();
        for step in bytes.chunks(STEP) {
            context.update(step);
            states.push(context.clone());
        }
        Self { whole: hex(context), states }
    }

    /// Returns the SHA-256 of pieces of which the first begins as the content did.
    pub(crate) fn beginning_alike(&self, pieces: &[&[u8]]) -> String {
        let Some((first, rest)) = pieces.split_first() else { return sha256_of(&[]) };
        let steps = (first.len() / STEP).min(self.states.len());
        let Some(state) = steps.checked_sub(1).and_then(|last| self.states.get(last)) else {
            return sha256_of(pieces);
        };
        let mut context = state.clone();
        context.update(&first[steps * STEP..]);
        for piece in rest {
            context.update(piece);
        }
        hex(context)
    }
}

#[cfg(test)]
mod tests {
    use super::{Hashed, STEP, sha256_hex};

    #[test]
    fn a_hash_that_goes_on_from_a_like_beginning_is_the_hash_of_the_whole() {
        let bytes = vec![7_u8; 3 * STEP + 5];
        let hashed = Hashed::of(&bytes);
        assert_eq!(hashed.whole, sha256_hex(&bytes));
        for at in [0, 1, STEP - 1, STEP, STEP + 1, 3 * STEP, bytes.len()] {
            let pieces = [&bytes[..at], b"inserted", &bytes[at..]];
            assert_eq!(hashed.beginning_alike(&pieces), sha256_hex(&pieces.concat()), "at {at}");
        }
    }
}
