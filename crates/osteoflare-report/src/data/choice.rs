//! Which children are shown one by one: by rank, never by looks.

use osteoflare_study::results::PatientRow;

/// Place of a shown child in the ranking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Median,
    Severe,
    Mild,
}

/// Ranks of the shown children, as shares of the ranking from the mildest.
pub(crate) const RANKS: [(Role, f64); 3] = [(Role::Median, 0.5), (Role::Severe, 0.9), (Role::Mild, 0.1)];

impl Role {
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Median => "median",
            Role::Severe => "severe",
            Role::Mild => "mild",
        }
    }
}

/// What children are ranked by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Burden {
    patient: u32,
    presented: bool,
    sites_ever: u32,
    spells: u32,
    crp_peak: f64,
}

impl Burden {
    pub fn of(row: &PatientRow) -> Burden {
        Burden {
            patient: row.digest.identity.index,
            presented: row.digest.entry.presented,
            sites_ever: row.sites_ever,
            spells: row.spells,
            crp_peak: row.digest.course.crp_peak.unwrap_or(0.0),
        }
    }
}

/// Patients from the mildest to the most severe, and whether they are those who presented (else everybody, because
/// nobody did). Ranked by sites with a true spell, then true spells, then highest measured CRP, then number.
pub(crate) fn pool(burdens: &[Burden]) -> (Vec<u32>, bool) {
    let mut ranked: Vec<Burden> = burdens.iter().filter(|burden| burden.presented).copied().collect();
    let presented = !ranked.is_empty();
    if !presented {
        ranked = burdens.to_vec();
    }
    ranked.sort_by(|a, b| {
        (a.sites_ever, a.spells)
            .cmp(&(b.sites_ever, b.spells))
            .then(a.crp_peak.total_cmp(&b.crp_peak))
            .then(a.patient.cmp(&b.patient))
    });
    (ranked.into_iter().map(|burden| burden.patient).collect(), presented)
}

/// The child at each of [`RANKS`], each child once; where nobody presented, the median alone.
pub(crate) fn representative(pool: &[u32], presented: bool) -> Vec<(Role, u32)> {
    let mut chosen: Vec<(Role, u32)> = Vec::new();
    for (role, rank) in RANKS.into_iter().take(if presented { RANKS.len() } else { 1 }) {
        let Some(last) = pool.len().checked_sub(1) else { break };
        let patient = pool[(rank * last as f64).round() as usize];
        if chosen.iter().all(|(_, known)| *known != patient) {
            chosen.push((role, patient));
        }
    }
    chosen
}

/// At most `count` children at even distances in the ranking.
pub(crate) fn spread(pool: &[u32], count: usize) -> Vec<u32> {
    let shown = count.min(pool.len());
    (0..shown).map(|k| pool[(2 * k + 1) * pool.len() / (2 * shown)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn burden(patient: u32, presented: bool, sites_ever: u32) -> Burden {
        Burden { patient, presented, sites_ever, spells: sites_ever, crp_peak: 0.0 }
    }

    #[test]
    fn ranks_are_of_those_who_presented() {
        let burdens: Vec<Burden> =
            (0..42).map(|patient| burden(patient, patient % 2 == 0, 100 - patient)).collect();
        let (pool, presented) = pool(&burdens);
        assert!(presented);
        assert_eq!((pool.len(), pool[0], pool[20]), (21, 40, 0));
        assert_eq!(representative(&pool, true), [(Role::Median, 20), (Role::Severe, 4), (Role::Mild, 36)]);
        assert_eq!(spread(&pool, 3).len(), 3);
        assert_eq!(spread(&pool[..2], 12), pool[..2]);
    }

    #[test]
    fn controls_and_tiny_groups() {
        let (everybody, presented) = pool(&[burden(0, false, 0), burden(1, false, 0)]);
        assert_eq!((everybody.as_slice(), presented), ([0, 1].as_slice(), false));
        assert_eq!(representative(&everybody, false), [(Role::Median, 1)]);
        assert_eq!(representative(&[7], true), [(Role::Median, 7)]);
        assert_eq!(representative(&[], true), []);
        assert!(spread(&[], 12).is_empty());
    }
}
