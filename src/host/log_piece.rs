//! Pieces of a log, as they are shown.

/// A log is read in pieces of this size.
pub const PIECE: usize = 1024 * 1024;
/// More than this unread is not read through, but for the last of it.
pub const FAR: u64 = 16 * 1024 * 1024;
/// So much of the end of a log that runs away is read.
pub const KEPT: u64 = 4 * 1024 * 1024;

/// Returns what is said of bytes that were passed over.
#[must_use]
pub fn passed_over(bytes: u64) -> String {
    format!("\n({bytes} bytes of the log are passed over)\n")
}

/// Returns bytes of a log as text of the same length: those that are no text become `?`, one each, so that offsets
/// stay right. A sign that a full piece cuts is left to the next one.
#[must_use]
pub fn text_of(bytes: &[u8], full: bool) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        let cut_at_end = chunk.invalid().len() < 4
            && std::ptr::eq(chunk.invalid().as_ptr_range().end, bytes.as_ptr_range().end)
            && full;
        if !cut_at_end {
            text.extend(std::iter::repeat_n('?', chunk.invalid().len()));
        }
    }
    text
}
