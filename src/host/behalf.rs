//! Whose rights files are touched with. Root that works in a directory of Halyard's user does it with
//! that user's rights alone: whatever that user has laid there can then lead nowhere that the user
//! could not have gone.

use std::ffi::CString;
use std::io;

use rustix::fs::{Gid, Uid};
use rustix::process::{getegid, geteuid};
use rustix::thread::{set_thread_groups, set_thread_res_gid, set_thread_res_uid};

/// The group of nobody.
const NOBODY: u32 = 65_534;

/// Whose rights are used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Behalf {
    /// Those of whoever runs the program.
    Own,
    /// Those of a user, taken on by root for as long as the work takes.
    User {
        /// User id.
        uid: u32,
        /// Group id.
        gid: u32,
    },
}

impl Behalf {
    /// Returns on whose behalf something of this owner is worked on: root takes on the owner's rights,
    /// everybody else keeps their own.
    #[must_use]
    pub fn of_owner(uid: u32, gid: u32) -> Self {
        if !geteuid().is_root() || uid == 0 {
            return Self::Own;
        }
        // The user's own group, not the one that a directory happens to have; root's never.
        let known = nix::unistd::User::from_uid(nix::unistd::Uid::from_raw(uid)).ok().flatten();
        let gid = known.map_or(gid, |user| user.gid.as_raw());
        Self::User { uid, gid: if gid == 0 { NOBODY } else { gid } }
    }

    /// Does some work on this thread with these rights.
    ///
    /// # Errors
    /// When the rights cannot be taken on; nothing was done then.
    pub fn run<T>(&self, work: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
        match self {
            Self::User { uid, gid } if geteuid().is_root() => {
                let _taken = Taken::on(*uid, *gid)?;
                work()
            }
            // A thread that has taken on somebody's rights keeps them for what it does within.
            Self::Own | Self::User { .. } => work(),
        }
    }
}

/// Rights that this thread has taken on. The calls reach this thread alone (Linux keeps ids by thread),
/// the real and the saved user stay root: the user can neither signal nor trace us.
struct Taken {
    group: Gid,
    groups: Vec<Gid>,
}

impl Taken {
    fn on(uid: u32, gid: u32) -> io::Result<Self> {
        let before = Self { group: getegid(), groups: rustix::process::getgroups()? };
        let group = Gid::from_raw(gid);
        set_thread_groups(&groups_of(uid, gid))?;
        // From here on, leaving this function gives the former rights back.
        set_thread_res_gid(None, group, None)?;
        set_thread_res_uid(None, Uid::from_raw(uid), None)?;
        Ok(before)
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        let back = set_thread_res_uid(None, Uid::ROOT, None)
            .and_then(|()| set_thread_res_gid(None, self.group, None))
            .and_then(|()| set_thread_groups(&self.groups));
        if back.is_err() {
            // A thread with half its rights must not go on; all that is done is on disk.
            std::process::abort();
        }
    }
}

/// Returns the groups of a user, at least the one given. A user that this machine does not know (of a
/// container, of NFS) has none besides.
fn groups_of(uid: u32, gid: u32) -> Vec<Gid> {
    let listed = nix::unistd::User::from_uid(nix::unistd::Uid::from_raw(uid))
        .ok()
        .flatten()
        .and_then(|user| CString::new(user.name).ok())
        .and_then(|name| nix::unistd::getgrouplist(&name, nix::unistd::Gid::from_raw(gid)).ok());
    listed.map_or_else(
        || vec![Gid::from_raw(gid)],
        |groups| groups.into_iter().map(|group| Gid::from_raw(group.as_raw())).collect(),
    )
}
