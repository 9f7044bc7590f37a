//! Which sites touch: successive parts of a bone, successive vertebrae, partners in a joint.

use crate::parse::{DataError, JointRow};
use crate::site::{Site, SiteId};
use crate::vocabulary::Part;
use std::collections::{BTreeSet, HashMap};

/// Fills [`Site::neighbours`] of every site; the relation is symmetric and lists are ascending.
pub(crate) fn connect(
    sites: &mut [Site],
    index: &HashMap<String, SiteId>,
    joints: &[JointRow],
) -> Result<(), DataError> {
    let mut edges = BTreeSet::new();
    for (a, first) in sites.iter().enumerate() {
        for (b, second) in sites.iter().enumerate().skip(a + 1) {
            let touch = first.bone_id == second.bone_id && parts_touch(first.part, second.part);
            let stacked =
                first.part == Part::VertebralBody && second.part == Part::VertebralBody && b == a + 1;
            if touch || stacked {
                edges.insert((SiteId(a as u16), SiteId(b as u16)));
            }
        }
    }
    for joint in joints {
        let a = sides_of(&joint.a, index);
        let b = sides_of(&joint.b, index);
        for (name, found) in [(&joint.a, &a), (&joint.b, &b)] {
            if found.is_empty() {
                return Err(DataError::Missing {
                    table: "joints.csv",
                    row: format!("{} {}", joint.a, joint.b),
                    missing: name.clone(),
                });
            }
        }
        // A paired site meets its partner of the same side; a midline site meets both sides of its partner.
        for &(side_a, first) in &a {
            for &(side_b, second) in &b {
                if a.len() == 1 || b.len() == 1 || side_a == side_b {
                    edges.insert((first.min(second), first.max(second)));
                }
            }
        }
    }
    for (a, b) in edges {
        sites[a.index()].neighbours.push(b);
        sites[b.index()].neighbours.push(a);
    }
    for site in sites {
        site.neighbours.sort_unstable();
    }
    Ok(())
}

/// The sites that a name without side stands for, with the suffix that was added.
fn sides_of(name: &str, index: &HashMap<String, SiteId>) -> Vec<(&'static str, SiteId)> {
    ["", "_L", "_R"]
        .into_iter()
        .filter_map(|suffix| index.get(&format!("{name}{suffix}")).map(|&id| (suffix, id)))
        .collect()
}

fn parts_touch(a: Part, b: Part) -> bool {
    use Part::*;
    const PAIRS: &[(Part, Part)] = &[
        (ProximalEpiphysis, ProximalMetaphysis),
        (GreaterTrochanter, ProximalMetaphysis),
        (ProximalMetaphysis, Diaphysis),
        (Diaphysis, DistalMetaphysis),
        (DistalMetaphysis, DistalEpiphysis),
        (MedialThird, MiddleThird),
        (MiddleThird, LateralThird),
        (RamusCondyle, Body),
        (Body, Symphysis),
        (SiAdjacent, Wing),
        (Wing, Supraacetabular),
        (Body, Tuberosity),
        (IschiopubicSynchondrosis, Tuberosity),
    ];
    PAIRS.contains(&(a, b)) || PAIRS.contains(&(b, a))
}
