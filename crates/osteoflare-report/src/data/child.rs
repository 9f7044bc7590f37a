//! One child over time: the true course and what the clinic saw of it.

use std::collections::{BTreeMap, BTreeSet};

use osteoflare_skeleton::SiteId;
use osteoflare_study::results::Results;
use osteoflare_study::tables::layout;

use super::batch::Sheet;
use crate::error::ReportError;

/// Most moments kept of a course; denser ones are thinned evenly.
const MOST_MOMENTS: usize = 400;

/// A child in one group.
#[derive(Clone, Debug, Default)]
pub(crate) struct Child {
    pub patient: u32,
    pub female: bool,
    pub age_at_start_years: f64,
    /// Last day of observation, from day 0.
    pub until_day: f64,
    /// The circulation, in order of time; its days are the moments of the course.
    pub circulation: Vec<Circulation>,
    /// Sites that were not at rest, by moment.
    pub local: Vec<LocalState>,
    pub visits: Vec<Visit>,
    pub drugs: Vec<Drug>,
    pub events: Vec<Event>,
}

/// The circulation at one moment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Circulation {
    pub day: f64,
    pub crp_mg_l: f64,
    pub temperature_c: f64,
    /// Sites with oedema above the MRI threshold.
    pub foci: u32,
}

/// A site at one moment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LocalState {
    pub day: f64,
    pub site: SiteId,
    pub oedema: f64,
    pub pain: f64,
    pub rs: f64,
}

/// What the clinic saw at a visit.
#[derive(Clone, Debug, Default)]
pub(crate) struct Visit {
    pub day: f64,
    pub worst_pain: Option<f64>,
    pub temperature_c: Option<f64>,
    pub crp_mg_l: Option<f64>,
    pub examined: bool,
    /// Painful, tender or swollen sites.
    pub tender: Vec<SiteId>,
    pub mri_done: bool,
    pub lesions: Vec<SiteId>,
}

/// A prescribed course.
#[derive(Clone, Debug)]
pub(crate) struct Drug {
    pub name: String,
    pub start_day: f64,
    /// `None` while it goes on.
    pub stop_day: Option<f64>,
}

/// Something the clinic noticed.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    pub day: f64,
    pub kind: String,
    pub site: Option<SiteId>,
}

impl Child {
    /// Day of the presentation, if there was one.
    pub fn presented_day(&self) -> Option<f64> {
        self.events.iter().find(|event| event.kind == "presentation").map(|event| event.day)
    }

    fn thin(&mut self) {
        let moments = self.circulation.len();
        if moments <= MOST_MOMENTS {
            return;
        }
        let kept: Vec<Circulation> =
            (0..MOST_MOMENTS).map(|k| self.circulation[k * (moments - 1) / (MOST_MOMENTS - 1)]).collect();
        let days: BTreeSet<u64> = kept.iter().map(|moment| moment.day.to_bits()).collect();
        self.circulation = kept;
        self.local.retain(|state| days.contains(&state.day.to_bits()));
    }
}

/// The wanted patients of a group; those without results are absent.
pub(super) fn read(
    results: &Results,
    group: &str,
    wanted: &[u32],
) -> Result<BTreeMap<u32, Child>, ReportError> {
    let mut children: BTreeMap<u32, Child> = BTreeMap::new();
    if wanted.is_empty() {
        return Ok(children);
    }
    let wanted: BTreeSet<u32> = wanted.iter().copied().collect();
    each(results, group, layout().patients.name, |sheet, rows| {
        let sex = sheet.texts("sex")?;
        let age = sheet.numbers("age_at_start_years")?;
        let until = sheet.numbers("followed_until_day")?;
        for &(row, patient) in rows.iter().filter(|(_, patient)| wanted.contains(patient)) {
            let child = Child {
                patient,
                female: Sheet::text(sex, row).as_deref() == Some("female"),
                age_at_start_years: age[row].unwrap_or(f64::NAN),
                until_day: until[row].unwrap_or(0.0),
                ..Child::default()
            };
            children.insert(patient, child);
        }
        Ok(())
    })?;
    read_courses(results, group, &mut children)?;
    read_clinic(results, group, &mut children)?;
    for child in children.values_mut() {
        child.circulation.sort_by(|a, b| a.day.total_cmp(&b.day));
        child.local.sort_by(|a, b| a.day.total_cmp(&b.day).then(a.site.cmp(&b.site)));
        child.thin();
    }
    Ok(children)
}

fn read_courses(
    results: &Results,
    group: &str,
    children: &mut BTreeMap<u32, Child>,
) -> Result<(), ReportError> {
    each(results, group, layout().course_systemic.name, |sheet, rows| {
        let (day, crp) = (sheet.numbers("day")?, sheet.numbers("crp_mg_l")?);
        let (temperature, foci) = (sheet.numbers("temperature_c")?, sheet.counts("inflamed_sites")?);
        for &(row, patient) in rows {
            let Some(child) = children.get_mut(&patient) else { continue };
            let moment = (day[row], crp[row], temperature[row], foci[row]);
            if let (Some(day), Some(crp_mg_l), Some(temperature_c), Some(foci)) = moment {
                child.circulation.push(Circulation { day, crp_mg_l, temperature_c, foci });
            }
        }
        Ok(())
    })?;
    each(results, group, layout().course_local.name, |sheet, rows| {
        let (day, site) = (sheet.numbers("day")?, sheet.texts("site")?);
        let (oedema, pain, rs) = (sheet.numbers("oedema")?, sheet.numbers("pain")?, sheet.numbers("rs")?);
        for &(row, patient) in rows {
            let Some(child) = children.get_mut(&patient) else { continue };
            let state = (day[row], sheet.site(site, row)?, oedema[row], pain[row], rs[row]);
            if let (Some(day), Some(site), Some(oedema), Some(pain), Some(rs)) = state {
                child.local.push(LocalState { day, site, oedema, pain, rs });
            }
        }
        Ok(())
    })
}

fn read_clinic(
    results: &Results,
    group: &str,
    children: &mut BTreeMap<u32, Child>,
) -> Result<(), ReportError> {
    // Place of each visit, by patient and number.
    let mut places: BTreeMap<(u32, u32), usize> = BTreeMap::new();
    each(results, group, layout().visits.name, |sheet, rows| {
        let (visit, day) = (sheet.counts("visit")?, sheet.numbers("day")?);
        let (pain, temperature) = (sheet.numbers("worst_pain_nrs")?, sheet.numbers("temperature_c")?);
        let (examined, mri_done) = (sheet.flags("examined")?, sheet.flags("mri_done")?);
        for &(row, patient) in rows {
            let Some(child) = children.get_mut(&patient) else { continue };
            let (Some(visit), Some(day)) = (visit[row], day[row]) else { continue };
            places.insert((patient, visit), child.visits.len());
            child.visits.push(Visit {
                day,
                worst_pain: pain[row],
                temperature_c: temperature[row],
                examined: examined[row] == Some(true),
                mri_done: mri_done[row] == Some(true),
                ..Visit::default()
            });
        }
        Ok(())
    })?;
    each(results, group, layout().laboratory.name, |sheet, rows| {
        let (visit, crp) = (sheet.counts("visit")?, sheet.numbers("crp_mg_l")?);
        for &(row, patient) in rows {
            let place = visit[row].and_then(|visit| places.get(&(patient, visit)));
            if let (Some(place), Some(child)) = (place, children.get_mut(&patient)) {
                child.visits[*place].crp_mg_l = crp[row];
            }
        }
        Ok(())
    })?;
    each(results, group, layout().findings.name, |sheet, rows| {
        let (visit, method, site) = (sheet.counts("visit")?, sheet.texts("method")?, sheet.texts("site")?);
        for &(row, patient) in rows {
            let place = visit[row].and_then(|visit| places.get(&(patient, visit)));
            let (Some(place), Some(child)) = (place, children.get_mut(&patient)) else { continue };
            let Some(site) = sheet.site(site, row)? else { continue };
            let visit = &mut child.visits[*place];
            match Sheet::text(method, row).as_deref() {
                Some("mri") => visit.lesions.push(site),
                Some("examination") => visit.tender.push(site),
                _ => {}
            }
        }
        Ok(())
    })?;
    each(results, group, layout().treatments.name, |sheet, rows| {
        let (drug, start, stop) =
            (sheet.texts("drug")?, sheet.numbers("start_day")?, sheet.numbers("stop_day")?);
        for &(row, patient) in rows {
            let Some(child) = children.get_mut(&patient) else { continue };
            if let (Some(name), Some(start_day)) = (Sheet::text(drug, row), start[row]) {
                child.drugs.push(Drug { name, start_day, stop_day: stop[row] });
            }
        }
        Ok(())
    })?;
    each(results, group, layout().events.name, |sheet, rows| {
        let (day, kind, site) = (sheet.numbers("day")?, sheet.texts("event")?, sheet.texts("site")?);
        for &(row, patient) in rows {
            let Some(child) = children.get_mut(&patient) else { continue };
            if let (Some(day), Some(kind)) = (day[row], Sheet::text(kind, row)) {
                child.events.push(Event { day, kind, site: sheet.site(site, row)? });
            }
        }
        Ok(())
    })
}

/// Calls `take` with every batch of a table and its rows as `(row, patient)`. A table that was not written has none.
fn each(
    results: &Results,
    group: &str,
    table: &'static str,
    mut take: impl FnMut(&Sheet<'_>, &[(usize, u32)]) -> Result<(), ReportError>,
) -> Result<(), ReportError> {
    for batch in results.batches(table, group)? {
        let batch = batch?;
        let sheet = Sheet { table, batch: &batch };
        let patients = sheet.counts("patient")?;
        let rows: Vec<(usize, u32)> =
            patients.iter().enumerate().filter_map(|(row, patient)| Some((row, (*patient)?))).collect();
        take(&sheet, &rows)?;
    }
    Ok(())
}
