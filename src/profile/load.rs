//! Reading a profile as Spring would: what it would refuse is refused here.

use crate::effective;
use crate::entries::{Index, Meaning, Shape};
use crate::events::Fault;
use crate::index;
use crate::manifest::{self, Manifest};
use crate::root::Root;
use crate::source::Source;
use crate::spinnaker_service::Unfit;
use crate::verdict::{Refusal, RefusalReason};

/// Reads and checks a text as Spring would: syntax, duplicate keys, roots.
pub(crate) fn load(source: &Source<'_>, root: Root) -> Result<Index, Refusal> {
    if u32::try_from(source.text.len()).is_err() {
        return Err(Refusal { reason: RefusalReason::TooBig, at: None });
    }
    let (mut index, first) = match root {
        Root::File => (index::read(source.text).map_err(|fault| syntax(source, &fault))?, 0),
        Root::OperatorGate | Root::OperatorClouddriver => {
            let manifest = manifest(source, root)?;
            (manifest.index, manifest.number)
        }
    };
    for (number, doc) in index.docs.iter_mut().enumerate().filter(|(_, doc)| doc.refers()) {
        doc.meaning = effective::leaves(source.text, first + number, root.way())
            .map_or(Meaning::Unknown, Meaning::Followed);
    }
    for doc in &index.docs {
        if let Some(twice) = &doc.duplicate {
            let key = source.text[twice.clone()].to_owned();
            return Err(Refusal::at(RefusalReason::DuplicateKey(key), source.position(twice.start)));
        }
        if let Some(odd) = &doc.odd_key {
            let key = source.text[odd.clone()].to_owned();
            return Err(Refusal::at(RefusalReason::KeyNotText(key), source.position(odd.start)));
        }
        if doc.too_big {
            return Err(Refusal { reason: RefusalReason::TooBig, at: None });
        }
        let root_value = &doc.root().value;
        let what = match &root_value.shape {
            Shape::Map { .. } => continue,
            Shape::Scalar { .. } if root_value.is_null() => continue,
            Shape::Scalar { .. } if doc.embedded => {
                let (path, found) = (root.path(), "a single value".to_owned());
                return Err(Refusal::at(
                    RefusalReason::NotMap { path, found },
                    source.position(root_value.range.start),
                ));
            }
            Shape::Scalar { .. } => "a text",
            Shape::Seq { .. } => "a list",
            Shape::Alias { .. } => "an alias",
        };
        return Err(Refusal::at(
            RefusalReason::RootNotMap(what.to_owned()),
            source.position(root_value.range.start),
        ));
    }
    Ok(index)
}

/// Reads the profile that stands in a manifest.
pub(crate) fn manifest(source: &Source<'_>, root: Root) -> Result<Manifest, Refusal> {
    manifest::read(source.text, root.way()).map_err(|unfit| match unfit {
        Unfit::Syntax(fault) => syntax(source, &fault),
        Unfit::Refused(reason, at) => Refusal::at(reason, source.position(at)),
    })
}

fn syntax(source: &Source<'_>, fault: &Fault) -> Refusal {
    let mut at = fault.offset.min(source.text.len());
    while !source.text.is_char_boundary(at) {
        at -= 1;
    }
    // The parser may notice a tab a line late: look at the failing line and the one before it.
    for start in [source.line_start(at), source.line_start(source.line_start(at).saturating_sub(1))] {
        let line = source.text[start..].lines().next().unwrap_or_default();
        let blanks = line.len() - line.trim_start_matches([' ', '\t']).len();
        if let Some(tab) = line[..blanks].find('\t')
            && !line.trim().is_empty()
        {
            return Refusal::at(RefusalReason::TabIndentation, source.position(start + tab));
        }
    }
    Refusal::at(RefusalReason::NotYaml(fault.message.clone()), source.position(at))
}
