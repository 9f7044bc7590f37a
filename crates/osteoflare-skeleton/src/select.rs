//! Choice of smaller skeletons that still look like the whole.

use crate::site::{Site, SiteId};
use crate::vocabulary::SiteGroup;

/// A mirror pair, or a midline site alone.
struct Unit {
    members: Vec<SiteId>,
    weight: f64,
}

/// See [`Skeleton::select`](crate::Skeleton::select).
pub(crate) fn select(sites: &[Site], n: usize) -> Vec<SiteId> {
    let mut chosen = Vec::with_capacity(n.min(sites.len()));
    let mut order = priority(sites);
    while chosen.len() < n && !order.is_empty() {
        let room = n - chosen.len();
        match order.iter().position(|unit| unit.members.len() <= room) {
            Some(next) => chosen.extend(order.remove(next).members),
            None => chosen.push(order.remove(0).members[0]),
        }
    }
    chosen.sort_unstable();
    chosen
}

/// All units, most representative first: groups take turns in proportion to their share of micro-trauma
/// (Webster/Sainte-Laguë divisors 1, 3, 5 …); within a group the heavier unit comes first.
fn priority(sites: &[Site]) -> Vec<Unit> {
    let mut groups: Vec<(f64, usize, std::vec::IntoIter<Unit>)> = Vec::new();
    for &group in SiteGroup::ALL {
        let mut units: Vec<Unit> = Vec::new();
        for (k, site) in sites.iter().enumerate() {
            let id = SiteId(k as u16);
            if site.group() != group || site.mirror.is_some_and(|mirror| mirror < id) {
                continue;
            }
            let members: Vec<SiteId> = std::iter::once(id).chain(site.mirror).collect();
            let weight = members.iter().map(|m| sites[m.index()].microtrauma_weight).sum();
            units.push(Unit { members, weight });
        }
        units.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.members.cmp(&b.members)));
        let total = units.iter().map(|unit| unit.weight).sum();
        groups.push((total, 0, units.into_iter()));
    }
    let mut order = Vec::new();
    loop {
        let next = groups.iter_mut().filter(|(_, _, units)| units.len() > 0).reduce(|best, other| {
            let claim = |g: &(f64, usize, std::vec::IntoIter<Unit>)| g.0 / (2 * g.1 + 1) as f64;
            if claim(other) > claim(best) { other } else { best }
        });
        let Some((_, taken, units)) = next else { return order };
        let Some(unit) = units.next() else { return order };
        *taken += unit.members.len();
        order.push(unit);
    }
}
