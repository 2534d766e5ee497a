//! A running hash: what proves that two readings of a file agree.

/// Feeds bytes into a running 64-bit hash; the length goes in too, so runs cannot merge.
pub(crate) fn feed(hash: u64, bytes: &[u8]) -> u64 {
    const MIX: u64 = 0x9e37_79b9_7f4a_7c15;
    let step = |hash: u64, word: u64| (hash.rotate_left(23) ^ word).wrapping_mul(MIX);
    let mut hash = step(hash, bytes.len() as u64);
    let mut chunks = bytes.chunks_exact(8);
    for chunk in &mut chunks {
        let mut word = [0; 8];
        word.copy_from_slice(chunk);
        hash = step(hash, u64::from_le_bytes(word));
    }
    let mut last = [0; 8];
    last[..chunks.remainder().len()].copy_from_slice(chunks.remainder());
    hash = step(hash, u64::from_le_bytes(last));
    hash ^ (hash >> 29)
}

/// Returns the hash by which keys are compared.
pub(crate) fn key_hash(key: &str, plain: bool) -> u64 {
    let resolved = plain && !key.starts_with(|first: char| first.is_ascii_alphabetic());
    feed(u64::from(resolved), key.as_bytes())
}
