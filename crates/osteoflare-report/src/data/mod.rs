//! What the report shows, read from a results folder and counted.

mod batch;
mod child;
mod choice;
mod group;
mod response;

use std::collections::BTreeMap;

use osteoflare_clinic::digest::PatientDigest;
use osteoflare_evidence::{Cohort, Comparison, Evidence, compare};
use osteoflare_study::results::Results;
use osteoflare_study::run::manifest::Manifest;
use osteoflare_study::study::Study;
use osteoflare_study::summary::{SeenAt, Summary};

pub(crate) use child::Child;
pub(crate) use choice::{RANKS, Role};
pub(crate) use group::{GroupData, LARGEST_BIN, SiteShares};
pub(crate) use response::{MONTHS, Outcome, Ratio};

use crate::error::ReportError;

/// Largest number of children drawn per group in the overview of courses, and where nobody came to the clinic.
const OVERVIEW_CHILDREN: usize = 12;
const OVERVIEW_CONTROLS: usize = 6;

/// Everything a report shows.
pub(crate) struct Report {
    pub manifest: Manifest,
    pub study: Study,
    pub summary: Summary,
    /// One per group, in the order of the study.
    pub groups: Vec<GroupData>,
    /// Groups of twins, in the order of the study.
    pub families: Vec<Family>,
    /// Published numbers beside simulated ones, in the order of the evidence.
    pub comparisons: Vec<Comparison>,
}

/// Groups that hold the same children under different plans.
pub(crate) struct Family {
    /// Index of the group whose children these are.
    pub base: usize,
    /// Indices of all groups, the base first.
    pub arms: Vec<usize>,
    /// Children shown one by one, with their courses in every arm.
    pub chosen: Vec<Chosen>,
    /// Children of the base shown in the overview.
    pub overview: Vec<Child>,
    /// Children the choice was made from.
    pub pool: usize,
    /// Whether the pool is the children who presented (else everybody).
    pub pool_presented: bool,
}

/// A child chosen for its place in the ranking.
pub(crate) struct Chosen {
    pub role: Role,
    /// The child in every arm that has it: index of the group, course.
    pub lives: Vec<(usize, Child)>,
}

impl Report {
    /// Reads the results.
    pub fn gather(results: &Results) -> Result<Report, ReportError> {
        let study = results.study()?;
        let summary = results.summary()?;
        let mut groups = Vec::with_capacity(study.groups.len());
        let mut digests: Vec<Vec<PatientDigest>> = Vec::with_capacity(study.groups.len());
        let mut ranked = Vec::with_capacity(study.groups.len());
        for (index, group) in study.groups.iter().enumerate() {
            let seen_at = summary.groups.get(&group.name).map(|summary| summary.seen_at);
            let mut data = GroupData::new(index, group, seen_at == Some(SeenAt::Presentation));
            let mut rows = Vec::new();
            let mut seen = Vec::new();
            for row in results.patient_rows(&group.name)? {
                let row = row?;
                data.add(&row.digest);
                rows.push(choice::Burden::of(&row));
                seen.push(row.digest);
            }
            groups.push(data);
            digests.push(seen);
            ranked.push(rows);
        }
        let mut families = Vec::new();
        for (base, group) in study.groups.iter().enumerate() {
            if group.twin_key == group.name {
                let others = study.groups.iter().enumerate();
                let arms = std::iter::once(base)
                    .chain(others.filter(|(i, g)| *i != base && g.twin_key == group.name).map(|(i, _)| i))
                    .collect();
                families.push(family(results, &study, base, arms, &ranked[base])?);
            }
        }
        let cohorts: Vec<Cohort<'_>> = study
            .groups
            .iter()
            .zip(&digests)
            .map(|(group, digests)| Cohort { group: &group.name, digests })
            .collect();
        let comparisons = compare(Evidence::embedded(), &cohorts);
        Ok(Report { manifest: results.manifest().clone(), study, summary, groups, families, comparisons })
    }
}

fn family(
    results: &Results,
    study: &Study,
    base: usize,
    arms: Vec<usize>,
    burdens: &[choice::Burden],
) -> Result<Family, ReportError> {
    let (pool, pool_presented) = choice::pool(burdens);
    let chosen = choice::representative(&pool, pool_presented);
    let overview = choice::spread(&pool, if pool_presented { OVERVIEW_CHILDREN } else { OVERVIEW_CONTROLS });
    let mut lives: Vec<Vec<(usize, Child)>> = chosen.iter().map(|_| Vec::new()).collect();
    let mut shown = Vec::new();
    for &arm in &arms {
        let mut wanted: Vec<u32> = chosen.iter().map(|(_, patient)| *patient).collect();
        if arm == base {
            wanted.extend(&overview);
        }
        let children: BTreeMap<u32, Child> = child::read(results, &study.groups[arm].name, &wanted)?;
        for ((_, patient), lives) in chosen.iter().zip(&mut lives) {
            lives.extend(children.get(patient).map(|child| (arm, child.clone())));
        }
        if arm == base {
            shown = overview.iter().filter_map(|patient| children.get(patient).cloned()).collect();
        }
    }
    let chosen = chosen.into_iter().zip(lives).map(|((role, _), lives)| Chosen { role, lives }).collect();
    Ok(Family { base, arms, chosen, overview: shown, pool: pool.len(), pool_presented })
}
