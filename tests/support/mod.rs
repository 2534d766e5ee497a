//! What several tests share.
#![allow(dead_code, clippy::unwrap_used, reason = "each test uses a part of it")]

pub mod amazon;
pub mod emulators;
pub mod far;
pub mod gate;
pub mod kustomize;
pub mod localstack;
pub mod mark;
pub mod pty;
pub mod python;
pub mod random;
pub mod road;
pub mod rootfs;
pub mod site;
pub mod sshd;
pub mod stage;
pub mod walk;

use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The program under test; benches measure the one that `ECW_PROGRAM` names.
pub fn program() -> &'static str {
    static NAMED: LazyLock<Option<String>> = LazyLock::new(|| std::env::var("ECW_PROGRAM").ok());
    NAMED.as_deref().unwrap_or(env!("CARGO_BIN_EXE_event-cache-wizard"))
}

/// How often an effect is in a list.
pub fn count(effects: &[String], prefix: &str) -> usize {
    effects.iter().filter(|each| each.starts_with(prefix)).count()
}

/// Plays cases side by side: most of their time is waiting.
pub fn side_by_side<T: Sync>(cases: &[T], play: impl Fn(&T) + Sync) {
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..10 {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::SeqCst)) {
                    play(case);
                }
            });
        }
    });
}
