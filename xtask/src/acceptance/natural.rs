//! Rows on untreated disease and on health (H and C).

use std::collections::BTreeSet;

use osteoflare_skeleton::{SiteGroup, SiteId, Skeleton};
use osteoflare_study::life::{Life, Spell};

use super::cohort::Member;
use super::row::{Table, number};
use super::statistics::{Estimate, mean, median, quantile, share};

const YEAR: f64 = 365.25;

/// H1 and H2: healthy children with the same triggers.
pub fn health(table: &mut Table, healthy: &[Member]) {
    let ill = healthy.iter().filter(|m| !m.life.truth.spells.is_empty()).count();
    table.band(
        "H1",
        "healthy, same triggers, 10 y: any true lesion of 6 weeks",
        "–",
        share(ill, healthy.len()),
        0.0,
        0.01,
    );
    let crp =
        healthy.iter().flat_map(|m| m.life.systemic_course.iter().map(|s| s.crp_mg_l)).fold(0.0, f64::max);
    table.claim(
        "H2",
        "healthy CRP without infection, mg/L",
        "< 5",
        "< 5",
        format!("largest {}", number(crp)),
        crp < 5.0,
        crp - 5.0,
    );
}

fn numbers(members: &[&Member], f: impl Fn(&Member) -> Option<f64>) -> Vec<f64> {
    members.iter().filter_map(|m| f(m)).collect()
}

fn flags(members: &[&Member], f: impl Fn(&Member) -> Option<bool>) -> Estimate {
    let known: Vec<bool> = members.iter().filter_map(|m| f(m)).collect();
    share(known.iter().filter(|x| **x).count(), known.len())
}

fn group_share(members: &[&Member], groups: &[SiteGroup], ever: bool) -> Estimate {
    let has = |m: &Member| {
        let list = if ever { &m.digest.sites.mri_ever } else { &m.digest.sites.entry_mri };
        list.iter().any(|s| groups.contains(&Skeleton::get().site(*s).group()))
    };
    share(members.iter().filter(|m| has(m)).count(), members.len())
}

/// C rows: untreated children with broken tolerance.
pub fn disease(table: &mut Table, cno: &[Member]) {
    let seen: Vec<&Member> = cno.iter().filter(|m| m.digest.entry.presented).collect();
    table.band(
        "C0",
        "broken tolerance: presented within 10 y",
        "all (by definition of a cohort)",
        share(seen.len(), cno.len()),
        0.85,
        1.0,
    );
    table.band(
        "C1",
        "age at presentation, years, median",
        "7–12",
        median(&numbers(&seen, |m| m.digest.entry.age)),
        7.5,
        12.0,
    );
    let lesions = numbers(&seen, |m| m.digest.entry.mri_lesions.map(f64::from));
    let mut sorted = lesions.clone();
    sorted.sort_by(f64::total_cmp);
    table.band("C2", "MRI lesions at presentation, median", "3.0; 6; 8.6; 9.7", median(&lesions), 4.0, 8.0);
    let (q10, q90, top) = (quantile(&sorted, 0.1), quantile(&sorted, 0.9), quantile(&sorted, 1.0));
    table.claim(
        "C2b",
        "long tail of lesion counts (largest count)",
        "15–40",
        "range 1–27",
        format!("10–90 % {}–{}, largest {}", number(q10), number(q90), number(top)),
        (15.0..=40.0).contains(&top),
        if top < 15.0 { top - 15.0 } else { top - 40.0 },
    );
    table.band(
        "C3",
        "unifocal by MRI at presentation",
        "6.7–28.6 % (WB-MRI 6.7 %)",
        flags(&seen, |m| m.digest.entry.mri_unifocal),
        0.06,
        0.15,
    );
    let multifocal = share(seen.iter().filter(|m| distinct_sites(&m.life) >= 2).count(), seen.len());
    table.band("C4", "multifocal over the course", "71–98 %", multifocal, 0.85, 1.0);
    let clinical = numbers(&seen, |m| m.digest.entry.clinical_lesions.map(f64::from));
    let pairs: Vec<(f64, f64)> = seen
        .iter()
        .filter_map(|m| {
            Some((f64::from(m.digest.entry.clinical_lesions?), f64::from(m.digest.entry.mri_lesions?)))
        })
        .collect();
    table.band(
        "C5",
        "clinical over MRI lesions at presentation",
        "2.0/3.0; 52 of 113",
        super::statistics::ratio(&pairs),
        0.4,
        0.7,
    );
    table.band("C5b", "clinical lesions at presentation, mean", "2.0", mean(&clinical), 1.5, 3.0);
    let crp = numbers(&seen, |m| m.digest.entry.crp);
    table.band("C6", "CRP at presentation, mg/L, median", "≤ 55 discriminates", median(&crp), 1.0, 20.0);
    table.band(
        "C6a",
        "CRP at presentation above 55 mg/L",
        "6 %",
        flags(&seen, |m| m.digest.entry.crp_over_55),
        0.0,
        0.10,
    );
    let peaks: Vec<f64> =
        seen.iter().map(|m| m.life.systemic_course.iter().map(|s| s.crp_mg_l).fold(0.0, f64::max)).collect();
    table.band(
        "C6b",
        "highest true CRP in 10 untreated years above 55 mg/L",
        "rarely",
        share(peaks.iter().filter(|c| **c > 55.0).count(), peaks.len()),
        0.0,
        0.10,
    );
    table.band(
        "C7",
        "raised markers at presentation (CRP > 5 or ESR > 20)",
        "40–75 %",
        flags(&seen, |m| m.digest.entry.markers_raised),
        0.40,
        0.70,
    );
    table.band(
        "C8",
        "fever around presentation",
        "16–44 %",
        flags(&seen, |m| m.digest.entry.fever),
        0.15,
        0.45,
    );
    table.band(
        "C9",
        "mirror pair on MRI at presentation (of multifocal)",
        "53–83 %",
        flags(&seen, |m| m.digest.entry.symmetric),
        0.40,
        0.80,
    );
    let chance = symmetry_beyond_chance(&seen);
    table.claim(
        "C9b",
        "mirror pairs over what sides at random would give",
        "> 1",
        "symmetric",
        format!("{} times", number(chance)),
        chance > 1.0,
        chance - 1.0,
    );
    spells(table, &seen);
    sites(table, &seen);
    course(table, &seen);
}

fn distinct_sites(life: &Life) -> usize {
    life.truth.spells.iter().map(|s| s.site).collect::<BTreeSet<_>>().len()
}

/// Observed mirror pairs over the number expected if each lesion chose its side by a coin.
fn symmetry_beyond_chance(members: &[&Member]) -> f64 {
    let skeleton = Skeleton::get();
    let (mut observed, mut expected) = (0.0, 0.0);
    let n = members.len() as f64;
    let mut frequency = vec![0.0; skeleton.sites().len()];
    for m in members {
        for s in &m.digest.sites.entry_mri {
            frequency[s.index()] += 1.0 / n;
        }
    }
    for m in members {
        let set: BTreeSet<SiteId> = m.digest.sites.entry_mri.iter().copied().collect();
        observed += set
            .iter()
            .filter(|s| skeleton.site(**s).mirror.is_some_and(|x| x > **s && set.contains(&x)))
            .count() as f64;
    }
    for (i, site) in skeleton.sites().iter().enumerate() {
        if let Some(mirror) = site.mirror
            && mirror.index() > i
        {
            expected += n * frequency[i] * frequency[mirror.index()];
        }
    }
    observed / expected
}

/// Spells: length, where they come back, on which side.
fn spells(table: &mut Table, seen: &[&Member]) {
    let skeleton = Skeleton::get();
    let lengths: Vec<f64> = seen
        .iter()
        .flat_map(|m| {
            let end = m.life.record.patient.followed_until_day;
            m.life
                .truth
                .spells
                .iter()
                .filter(move |s| s.end_day < end - 7.0)
                .map(|s| (s.end_day - s.start_day) / 30.44)
        })
        .collect();
    table.band(
        "C10",
        "spell length untreated, months, median",
        "months to years",
        median(&lengths),
        4.0,
        18.0,
    );
    let (mut later_old, mut later) = (0, 0);
    let (mut original, mut one_sided) = (0, 0);
    let (mut original_loose, mut one_sided_loose) = (0, 0);
    for m in seen {
        let mut before: BTreeSet<SiteId> = BTreeSet::new();
        for (k, s) in m.life.truth.spells.iter().enumerate() {
            if k > 0 {
                later += 1;
                later_old += usize::from(before.contains(&s.site));
            }
            if let Some(mirror) = skeleton.site(s.site).mirror
                && before.contains(&s.site) != before.contains(&mirror)
            {
                one_sided_loose += 1;
                original_loose += usize::from(before.contains(&s.site));
                // The source counts flares after inactive disease: neither side is active when the flare begins.
                if quiet_before(&m.life.truth.spells[..k], s, mirror) {
                    one_sided += 1;
                    original += usize::from(before.contains(&s.site));
                }
            }
            before.insert(s.site);
        }
    }
    table.band(
        "C11",
        "later spells at a site struck before",
        "JIA: 74 % of flare joints",
        share(later_old, later),
        0.45,
        0.80,
    );
    table.band(
        "C12",
        "one-sided pair at rest: flare on the original side",
        "JIA: 83 %",
        share(original, one_sided),
        0.60,
        0.90,
    );
    let loose = share(original_loose, one_sided_loose);
    table.claim(
        "C12b",
        "the same counted whether or not the pair was at rest (for information)",
        "–",
        "–",
        number(loose.value),
        true,
        0.0,
    );
    let again = seen
        .iter()
        .filter(|m| {
            let mut sites: Vec<SiteId> = m.life.truth.spells.iter().map(|s| s.site).collect();
            sites.sort();
            sites.windows(2).any(|w| w[0] == w[1])
        })
        .count();
    table.band(
        "C13",
        "patients with a second spell at the same site in 10 y",
        "–",
        share(again, seen.len()),
        0.60,
        1.0,
    );
}

/// Whether neither this site nor its mirror had a spell in the 60 days before this one began.
fn quiet_before(earlier: &[Spell], spell: &Spell, mirror: SiteId) -> bool {
    earlier
        .iter()
        .filter(|e| e.site == spell.site || e.site == mirror)
        .all(|e| e.end_day + 60.0 < spell.start_day)
}

fn sites(table: &mut Table, seen: &[&Member]) {
    let skeleton = Skeleton::get();
    let (mut leg, mut all) = (0, 0);
    for m in seen {
        for s in &m.digest.sites.entry_mri {
            all += 1;
            leg += usize::from(skeleton.site(*s).is_lower_limb());
        }
    }
    table.band(
        "C16a",
        "lesions in the lower limb, share of lesions",
        "53 % of lesions",
        share(leg, all),
        0.45,
        0.75,
    );
    table.band(
        "C16b",
        "patients with clavicle on MRI at presentation",
        "10–40 %",
        group_share(seen, &[SiteGroup::Clavicle], false),
        0.10,
        0.40,
    );
    table.band(
        "C16c",
        "patients with spine on MRI at presentation",
        "27–35 %",
        group_share(seen, &[SiteGroup::Spine], false),
        0.15,
        0.35,
    );
    table.band(
        "C16d",
        "patients with pelvis on MRI at presentation",
        "39 %",
        group_share(seen, &[SiteGroup::Pelvis], false),
        0.25,
        0.55,
    );
    table.band(
        "C16e",
        "patients with femur on MRI at presentation",
        "61 %",
        group_share(seen, &[SiteGroup::Femur], false),
        0.45,
        0.75,
    );
    table.band(
        "C16f",
        "patients with tibia on MRI at presentation",
        "64 %",
        group_share(seen, &[SiteGroup::Tibia], false),
        0.45,
        0.75,
    );
    // Two patterns: those with a tibial lesion have axial lesions less often than expected, and the reverse.
    let tibial =
        |m: &Member| m.digest.sites.entry_mri.iter().any(|s| skeleton.site(*s).group() == SiteGroup::Tibia);
    let axial = |m: &Member| {
        m.digest.sites.entry_mri.iter().any(|s| {
            matches!(skeleton.site(*s).group(), SiteGroup::Clavicle | SiteGroup::Spine | SiteGroup::Sternum)
        })
    };
    let mut cell = [[0.5_f64; 2]; 2];
    for m in seen {
        cell[usize::from(tibial(m))][usize::from(axial(m))] += 1.0;
    }
    let odds = cell[1][1] * cell[0][0] / (cell[1][0] * cell[0][1]);
    let se = cell.iter().flatten().map(|c| 1.0 / c).sum::<f64>().sqrt();
    table.band(
        "C17",
        "two anatomical patterns: odds ratio of axial (clavicle, spine, sternum) given tibial involvement",
        "a claviculo-spinal pattern avoids the tibia",
        Estimate { value: odds, ci: [odds * (-1.96 * se).exp(), odds * (1.96 * se).exp()], n: seen.len() },
        0.0,
        0.8,
    );
}

fn course(table: &mut Table, seen: &[&Member]) {
    // Activity by age: mean inflamed sites at each year of age.
    let mut sum = [0.0; 25];
    let mut count = [0.0; 25];
    for m in seen {
        let start = m.life.record.patient.age_at_start_years;
        for s in &m.life.systemic_course {
            let age = (start + s.day / YEAR) as usize;
            if age < 25 {
                sum[age] += f64::from(s.inflamed_sites);
                count[age] += 1.0;
            }
        }
    }
    let by_age: Vec<(usize, f64)> =
        (5..20).filter(|a| count[*a] > 200.0).map(|a| (a, sum[a] / count[a])).collect();
    let peak = by_age.iter().map(|x| x.1).fold(0.0, f64::max);
    let at = |age: usize| by_age.iter().find(|x| x.0 == age).map_or(f64::NAN, |x| x.1);
    let late = at(17);
    table.claim(
        "C15",
        "mean foci at 17 y over the peak age",
        "< 0.5",
        "3.0 → 0.9 in 4 y (treated)",
        format!(
            "{} (by age {})",
            number(late / peak),
            by_age.iter().map(|(a, f)| format!("{a}:{}", number(*f))).collect::<Vec<_>>().join(" ")
        ),
        late / peak < 0.5,
        late / peak - 0.5,
    );
    let after = |month: u32| {
        let pairs: Vec<(f64, f64)> = seen
            .iter()
            .filter_map(|m| {
                Some((
                    f64::from(m.digest.at_month(month)?.mri_lesions?),
                    f64::from(m.digest.entry.mri_lesions?),
                ))
            })
            .filter(|p| p.1 > 0.0)
            .collect();
        number(super::statistics::ratio(&pairs).value)
    };
    table.claim(
        "C20",
        "untreated: MRI lesions at 6, 12, 24 and 48 months over presentation (for information)",
        "–",
        "not known",
        [6, 12, 24, 48].map(after).join(", "),
        true,
        0.0,
    );
    let delay = median(&numbers(seen, |m| m.digest.entry.delay_days.map(|d| d / 30.44)));
    table.band("C21", "delay from first symptom to presentation, months, median", "4–9", delay, 3.0, 12.0);
    table.band(
        "C18",
        "chronic (clinic's record)",
        "chronic by definition of the disease",
        flags(seen, |m| m.digest.course.chronic),
        0.85,
        1.0,
    );
    table.band("C19", "silent lesions, share of MRI lesions", "33–54 %", silent(seen), 0.30, 0.60);
}

fn silent(seen: &[&Member]) -> Estimate {
    let pairs: Vec<(f64, f64)> = seen
        .iter()
        .filter_map(|m| {
            Some((f64::from(m.digest.entry.silent_lesions?), f64::from(m.digest.entry.mri_lesions?)))
        })
        .filter(|p| p.1 > 0.0)
        .collect();
    super::statistics::ratio(&pairs)
}
