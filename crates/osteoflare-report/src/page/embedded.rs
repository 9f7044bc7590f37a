//! Data for the scripts: compact, with short names. The keys are explained in `assets/maps.js` and `assets/child.js`.

use osteoflare_skeleton::{SiteId, Skeleton, View};
use serde::Serialize;

use super::skeleton::centre;
use crate::data::{Child, Family, GroupData, Report, SiteShares};

#[derive(Serialize)]
pub(super) struct Data {
    horizon: f64,
    sites: Vec<SiteData>,
    maps: Vec<MapData>,
    families: Vec<FamilyData>,
}

#[derive(Serialize)]
struct SiteData {
    /// Name in words.
    n: String,
    /// Centre in the front and in the back view.
    f: Option<[f64; 2]>,
    b: Option<[f64; 2]>,
}

#[derive(Serialize)]
struct MapData {
    group: usize,
    /// Children behind the two counts.
    of: [u32; 2],
    /// Site, children with a lesion at entry, children with one ever; sites with any.
    sites: Vec<[u32; 3]>,
}

#[derive(Serialize)]
struct FamilyData {
    class: String,
    label: String,
    chosen: Vec<ChosenData>,
}

#[derive(Serialize)]
struct ChosenData {
    role: &'static str,
    lives: Vec<LifeData>,
}

#[derive(Serialize)]
struct LifeData {
    label: String,
    patient: u32,
    female: bool,
    age: f64,
    until: f64,
    presented: Option<f64>,
    /// Days of the moments.
    t: Vec<f64>,
    crp: Vec<f64>,
    temp: Vec<f64>,
    foci: Vec<u32>,
    /// Runs of moments in which a site was not at rest.
    local: Vec<RunData>,
    visits: Vec<VisitData>,
    drugs: Vec<(String, f64, Option<f64>)>,
    events: Vec<(f64, String, Option<u16>)>,
}

#[derive(Serialize)]
struct RunData {
    s: u16,
    /// First moment.
    a: usize,
    /// Oedema in hundredths, pain in tenths, regeneration number in hundredths.
    w: Vec<u32>,
    p: Vec<u32>,
    r: Vec<u32>,
}

#[derive(Serialize)]
struct VisitData {
    d: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pain: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    temp: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    crp: Option<f64>,
    /// Painful, tender or swollen sites; absent without examination.
    #[serde(skip_serializing_if = "Option::is_none")]
    ex: Option<Vec<u16>>,
    /// Lesions on MRI; absent without MRI.
    #[serde(skip_serializing_if = "Option::is_none")]
    mri: Option<Vec<u16>>,
}

/// Everything the scripts need.
pub(super) fn data(report: &Report) -> Data {
    let skeleton = Skeleton::get();
    let sites = (0..skeleton.sites().len() as u16)
        .map(SiteId)
        .map(|site| SiteData {
            n: skeleton.site(site).label(),
            f: centre(site, View::Front).map(|place| place.map(tenth)),
            b: centre(site, View::Back).map(|place| place.map(tenth)),
        })
        .collect();
    Data {
        horizon: report.study.horizon_days,
        sites,
        maps: report.families.iter().map(|family| map(&report.groups[family.base])).collect(),
        families: report
            .families
            .iter()
            .enumerate()
            .map(|(place, family)| family_data(report, place, family))
            .collect(),
    }
}

fn map(group: &GroupData) -> MapData {
    let count = |shares: &SiteShares, site: usize| shares.children[site];
    let sites = (0..group.ever.children.len())
        .map(|site| [site as u32, count(&group.at_entry, site), count(&group.ever, site)])
        .filter(|[_, entry, ever]| entry + ever > 0)
        .collect();
    MapData { group: group.index, of: [group.at_entry.of, group.ever.of], sites }
}

fn family_data(report: &Report, place: usize, family: &Family) -> FamilyData {
    let chosen = family.chosen.iter().map(|chosen| ChosenData {
        role: chosen.role.as_str(),
        lives: chosen
            .lives
            .iter()
            .map(|(arm, child)| life(child, report.groups[*arm].label.clone()))
            .collect(),
    });
    FamilyData {
        class: super::colour(place),
        label: report.groups[family.base].label.clone(),
        chosen: chosen.collect(),
    }
}

fn life(child: &Child, label: String) -> LifeData {
    let moments = &child.circulation;
    LifeData {
        label,
        patient: child.patient,
        female: child.female,
        age: hundredth(child.age_at_start_years),
        until: tenth(child.until_day),
        presented: child.presented_day().map(tenth),
        t: moments.iter().map(|moment| tenth(moment.day)).collect(),
        crp: moments.iter().map(|moment| tenth(moment.crp_mg_l)).collect(),
        temp: moments.iter().map(|moment| hundredth(moment.temperature_c)).collect(),
        foci: moments.iter().map(|moment| moment.foci).collect(),
        local: runs(child),
        visits: child
            .visits
            .iter()
            .map(|visit| VisitData {
                d: tenth(visit.day),
                pain: visit.worst_pain.map(tenth),
                temp: visit.temperature_c.map(tenth),
                crp: visit.crp_mg_l.map(tenth),
                ex: visit.examined.then(|| visit.tender.iter().map(|site| site.0).collect()),
                mri: visit.mri_done.then(|| visit.lesions.iter().map(|site| site.0).collect()),
            })
            .collect(),
        drugs: child
            .drugs
            .iter()
            .map(|drug| (drug.name.clone(), tenth(drug.start_day), drug.stop_day.map(tenth)))
            .collect(),
        events: child
            .events
            .iter()
            .map(|event| (tenth(event.day), event.kind.clone(), event.site.map(|site| site.0)))
            .collect(),
    }
}

/// Local samples as runs of consecutive moments, by site and start.
fn runs(child: &Child) -> Vec<RunData> {
    let mut states = child.local.clone();
    states.sort_by(|a, b| a.site.cmp(&b.site).then(a.day.total_cmp(&b.day)));
    let mut runs: Vec<RunData> = Vec::new();
    for state in states {
        let place = child.circulation.binary_search_by(|moment| moment.day.total_cmp(&state.day));
        let Ok(moment) = place else { continue };
        let scaled = |value: f64, scale: f64| (value * scale).round().clamp(0.0, 1e6) as u32;
        let follows = runs.last().is_some_and(|run| run.s == state.site.0 && run.a + run.w.len() == moment);
        if !follows {
            runs.push(RunData { s: state.site.0, a: moment, w: vec![], p: vec![], r: vec![] });
        }
        if let Some(run) = runs.last_mut() {
            run.w.push(scaled(state.oedema, 100.0));
            run.p.push(scaled(state.pain, 10.0));
            run.r.push(scaled(state.rs, 100.0));
        }
    }
    runs
}

fn tenth(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

fn hundredth(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}
