//! The edits that are wanted, one after the other: where two profiles stand in one file, the second is planned on what
//! the first makes of it.

use ecw_ports::Ports;
use ecw_profile::EditVerdict;
use ecw_wizard::model::place::WantedProfiles;

/// Calls `take` with each file that changes: its whole path, as it was before this edit (`None` = not there) and after.
pub(super) fn each_edit(
    ports: &Ports,
    wanted: &WantedProfiles,
    mut take: impl FnMut(&str, Option<&[u8]>, &[u8]),
) {
    let mut made: Option<(String, Vec<u8>)> = None;
    for file in &wanted.files {
        let path = wanted.path_of(file);
        let before = match made.take_if(|(of, _)| *of == path) {
            Some((_, bytes)) => Some(bytes),
            None => ports.files.read(&path).ok().flatten(),
        };
        let (EditVerdict::Create(edit) | EditVerdict::Edit(edit) | EditVerdict::Repair(edit)) =
            ports.plans.plan(before.as_deref(), &wanted.block_for(file))
        else {
            continue;
        };
        let Ok(after) = edit.after(before.as_deref().unwrap_or_default()) else { continue };
        take(&path, before.as_deref(), &after);
        made = Some((path, after));
    }
}
