//! `live`: one patient of a group lives through the study.
//!
//! The disease runs on its own clock; parents bring the child to the clinic when symptoms ask for it; the clinic
//! looks on its schedule with its own instruments; the treatment plan acts on what the clinic saw, never on what is
//! true.

mod plan;
mod symptoms;
#[cfg(test)]
mod tests;
mod trace;

use osteoflare_clinic::observe::{Instruments, Observer, TrueBody, TrueSite};
use osteoflare_clinic::visits::{ClinicalEvent, EventKind, PatientHeader, Visit, VisitKind, VisitLog};
use osteoflare_kinetics::parameters::{ParameterError, Parameters};
use osteoflare_kinetics::state::{Local, Systemic};
use osteoflare_patient::host::Host;
use osteoflare_patient::purpose;
use osteoflare_patient::simulation::{Settings, Simulation};
use osteoflare_skeleton::SiteId;
use osteoflare_solver::system::{SolverError, Tolerance};

use crate::life::{Life, Work};
use crate::study::{Group, Study, VisitPlan};

use plan::TreatmentPlan;
use symptoms::{Symptoms, Urge};
use trace::Trace;

/// Bacteria above this level make an established infection, 10⁶ CFU/mL (10⁵ CFU/mL).
const ESTABLISHED_INFECTION: f64 = 0.1;
/// A returning child is not seen again within this time, days.
const BETWEEN_FLARE_VISITS_DAYS: f64 = 28.0;

/// Why a patient could not be run.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum LifeError {
    /// A parameter override was refused.
    #[error(transparent)]
    Parameter(#[from] ParameterError),
    /// The equations could not be integrated.
    #[error(transparent)]
    Solver(#[from] SolverError),
}

/// Parameters of a group: the defaults with the group's overrides.
///
/// # Errors
/// [`ParameterError`] if an override is unknown or outside its range.
pub fn parameters_of(group: &Group) -> Result<Parameters<f64>, ParameterError> {
    let mut parameters = Parameters::default();
    for (symbol, value) in &group.parameters {
        parameters.set(symbol, *value)?;
    }
    Ok(parameters)
}

/// Seed of the streams of a group: groups with the same twin key hold the same children.
pub fn seed_of(study: &Study, group: &Group) -> u64 {
    // FNV-1a: a fixed, documented mixing of the key into the seed.
    group.twin_key.bytes().fold(study.seed ^ 0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// Runs patient `index` of `group`. A pure function of its arguments.
///
/// # Errors
/// [`LifeError`] if a parameter is refused or the integration fails.
pub fn live(study: &Study, group: &Group, index: u32) -> Result<Life, LifeError> {
    let parameters = parameters_of(group)?;
    let seed = seed_of(study, group);
    let host = Host::draw(&group.population, seed, index, &parameters);
    let settings = Settings {
        tolerance: Tolerance {
            relative: study.solver.relative_tolerance,
            absolute: study.solver.absolute_tolerance,
        },
        sleeping: study.solver.sleeping,
        intrinsic_noise: study.solver.intrinsic_noise,
    };
    let simulation =
        Simulation::new(host, &group.exposures, seed, index, study.horizon_days, parameters, settings);
    Living::new(study, group, index, seed, simulation).run(study.horizon_days)
}

/// A patient on the way.
struct Living<'a> {
    visits: &'a VisitPlan,
    plan: TreatmentPlan<'a>,
    simulation: Simulation,
    observer: Observer,
    symptoms: Symptoms,
    trace: Trace,
    record: VisitLog,
    /// Days of visits still to come, ascending.
    calendar: Vec<Appointment>,
    presented: bool,
    last_visit_day: f64,
    last_worst_pain: f64,
}

/// One planned visit.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Appointment {
    day: f64,
    kind: VisitKind,
    examination: bool,
    mri: bool,
    radiographs: bool,
    laboratory: bool,
}

impl<'a> Living<'a> {
    fn new(study: &'a Study, group: &'a Group, index: u32, seed: u64, simulation: Simulation) -> Self {
        let p = simulation.parameters();
        let instruments = Instruments {
            mri_threshold: p.W_MRI,
            lytic_below: p.V_lytic,
            sclerotic_above: p.VX_scler,
            ..Instruments::default()
        };
        let host = simulation.host();
        let record = VisitLog {
            patient: PatientHeader {
                index,
                group: group.name.clone(),
                sex: host.sex,
                age_at_start_years: host.age_at_start_years,
                symptom_onset_day: None,
                followed_until_day: 0.0,
            },
            visits: Vec::new(),
            treatments: Vec::new(),
            events: Vec::new(),
        };
        let observer = Observer::new(instruments, seed, index, purpose::OBSERVATION);
        let symptoms = Symptoms::new(seed, index, p);
        let trace = Trace::new(&simulation);
        let control = study.visits.control_day;
        Living {
            visits: &study.visits,
            plan: TreatmentPlan::new(&group.treatments),
            calendar: appointments(&study.visits, control, VisitKind::Control, VisitKind::Control),
            simulation,
            observer,
            symptoms,
            trace,
            record,
            presented: false,
            last_visit_day: f64::NEG_INFINITY,
            last_worst_pain: 0.0,
        }
    }

    fn run(mut self, horizon: f64) -> Result<Life, LifeError> {
        while self.simulation.day() < horizon {
            let now = self.simulation.day();
            // Look daily while something is afoot and the child has not been seen, weekly otherwise.
            let grid =
                if self.symptoms.needs_daily_look(&self.simulation, self.presented) { 1.0 } else { 7.0 };
            let mut next = ((now / grid).floor() + 1.0) * grid;
            next = next.min(horizon);
            if let Some(a) = self.calendar.first() {
                next = next.min(a.day.max(now));
            }
            if let Some(day) = self.plan.next_day() {
                next = next.min(day.max(now));
            }
            self.simulation.advance_to(next)?;
            if next > now {
                let urge = self.symptoms.feel(&self.simulation, next - now);
                self.trace.look(&self.simulation, self.presented_day());
                self.seek_care(urge);
            }
            self.keep_appointments();
            self.follow_plan();
        }
        Ok(self.finish(horizon))
    }

    fn presented_day(&self) -> Option<f64> {
        self.record.events.iter().find(|e| e.kind == EventKind::Presentation).map(|e| e.day)
    }

    /// Parents act on what they see.
    fn seek_care(&mut self, urge: Urge) {
        let day = self.simulation.day();
        match urge {
            Urge::First if !self.presented => {
                self.presented = true;
                self.record.patient.symptom_onset_day = self.symptoms.onset_day();
                self.calendar = appointments(self.visits, day, VisitKind::Presentation, VisitKind::Scheduled);
                self.event(EventKind::Presentation, None, None);
                self.plan.presented(day);
                let focus = self.culture();
                if let Some(site) = focus {
                    self.event(EventKind::CulturePositive, Some(site), None);
                }
            }
            Urge::Again
                if self.presented
                    && day - self.last_visit_day >= BETWEEN_FLARE_VISITS_DAYS
                    && self.last_worst_pain < 3.0 =>
            {
                self.visit(Appointment {
                    day,
                    kind: VisitKind::Flare,
                    examination: true,
                    mri: true,
                    radiographs: false,
                    laboratory: true,
                });
            }
            _ => {}
        }
    }

    /// The site from which bacteria grow in culture, if any.
    fn culture(&self) -> Option<SiteId> {
        self.simulation
            .local()
            .iter()
            .enumerate()
            .filter(|(_, y)| y[Local::B as usize] > ESTABLISHED_INFECTION)
            .max_by(|a, b| a.1[Local::B as usize].total_cmp(&b.1[Local::B as usize]))
            .map(|(i, _)| SiteId(i as u16))
    }

    fn keep_appointments(&mut self) {
        let day = self.simulation.day();
        while self.calendar.first().is_some_and(|a| a.day <= day) {
            let a = self.calendar.remove(0);
            self.visit(a);
        }
    }

    /// True state of every site an instrument could find something at.
    fn true_sites(&self) -> Vec<TrueSite> {
        self.simulation
            .local()
            .iter()
            .enumerate()
            .map(|(i, _)| self.true_site(SiteId(i as u16)))
            .filter(|s| s.pain > 0.3 || s.oedema > 0.2)
            .collect()
    }

    /// True state of one site.
    fn true_site(&self, site: SiteId) -> TrueSite {
        let y = &self.simulation.local()[usize::from(site.0)];
        TrueSite {
            site,
            pain: self.simulation.pain(site),
            oedema: y[Local::W as usize],
            neutrophils: y[Local::N as usize],
            bone: y[Local::V as usize],
            new_bone: y[Local::X as usize],
        }
    }

    /// One visit: every instrument that was planned looks.
    fn visit(&mut self, planned: Appointment) {
        let day = self.simulation.day();
        let number = self.record.visits.len() as u64;
        let sites = self.true_sites();
        let z = self.simulation.systemic();
        let body = TrueBody {
            crp_mg_l: z[Systemic::Crp as usize],
            esr_mm_h: z[Systemic::Esr as usize],
            temperature_c: self.simulation.temperature_c(),
            fever_before: self.symptoms.fever_since(self.last_visit_day.max(day - 28.0)),
            age_years: self.simulation.age_years(),
            sex: self.simulation.host().sex,
        };
        let examination = planned.examination.then(|| self.observer.examine(number, &sites, &body));
        let mri = planned.mri.then(|| self.observer.whole_body_mri(number, &sites));
        let radiographs = match (&examination, planned.radiographs) {
            (Some(e), true) => sites
                .iter()
                .filter(|s| e.sites.iter().any(|x| x.site == s.site && (x.tender || x.swelling)))
                .map(|s| self.observer.radiograph(s))
                .collect(),
            _ => Vec::new(),
        };
        if let Some(e) = &examination {
            self.last_visit_day = day;
            self.last_worst_pain = e.worst_pain_nrs.unwrap_or(0.0);
        }
        let visit = Visit {
            day,
            age_years: self.simulation.age_years(),
            kind: planned.kind,
            examination,
            mri,
            radiographs,
            laboratory: planned.laboratory.then(|| self.observer.laboratory(number, &body)),
        };
        if planned.kind == VisitKind::Presentation {
            self.biopsy(number, &visit);
        }
        self.record.visits.push(visit);
    }

    /// A biopsy with culture of a lesion that MRI showed at the presentation, the most painful one, in a share of
    /// children.
    fn biopsy(&mut self, number: u64, visit: &Visit) {
        let pain = |site: SiteId| {
            let seen = visit.examination.iter().flat_map(|e| &e.sites).find(|s| s.site == site);
            seen.map_or(0.0, |s| s.pain_nrs)
        };
        let lesions = visit.mri.iter().flat_map(|mri| &mri.lesions).map(|lesion| lesion.site);
        let Some(site) = lesions.max_by(|a, b| pain(*a).total_cmp(&pain(*b))) else { return };
        if !self.observer.wants_biopsy(number) {
            return;
        }
        let inflamed = self.observer.biopsy_shows_inflammation(number, &self.true_site(site));
        let tissue = if inflamed { EventKind::BiopsyInflammation } else { EventKind::BiopsyUnremarkable };
        self.event(tissue, Some(site), None);
        let germs = self.simulation.local()[usize::from(site.0)][Local::B as usize] > ESTABLISHED_INFECTION;
        let known = self.record.events.iter().any(|e| e.kind == EventKind::CulturePositive);
        match (germs, known) {
            (false, _) => self.event(EventKind::CultureSterile, Some(site), None),
            (true, false) => self.event(EventKind::CulturePositive, Some(site), None),
            (true, true) => {}
        }
    }

    /// Starts and stops drugs according to the plan and to what the clinic has seen.
    fn follow_plan(&mut self) {
        let day = self.simulation.day();
        while let Some(step) = self.plan.due(day) {
            if self.plan.needs_examination(step)
                && !self.record.visits.last().is_some_and(|v| v.day == day && v.examination.is_some())
            {
                self.visit(Appointment {
                    day,
                    kind: VisitKind::Scheduled,
                    examination: true,
                    mri: false,
                    radiographs: false,
                    laboratory: false,
                });
            }
            self.plan.decide(step, day, &mut self.simulation, &mut self.record);
        }
    }

    fn event(&mut self, kind: EventKind, site: Option<SiteId>, detail: Option<String>) {
        let day = self.simulation.day();
        self.record.events.push(ClinicalEvent { day, kind, site, detail });
    }

    fn finish(mut self, horizon: f64) -> Life {
        self.record.patient.followed_until_day = horizon;
        let day = self.simulation.day();
        self.plan.close(day, &mut self.record);
        self.record.events.sort_by(|a, b| a.day.total_cmp(&b.day));
        let work = self.simulation.work();
        let (truth, local_course, systemic_course) = self.trace.finish(&self.simulation);
        Life {
            record: self.record,
            truth,
            local_course,
            systemic_course,
            work: Work {
                steps: work.awake.steps,
                rejected: work.awake.rejected,
                site_rhs: work.awake.block_derivatives + 2 * work.sleeping_steps,
            },
        }
    }
}

/// The visit plan as dated appointments from `origin`.
fn appointments(plan: &VisitPlan, origin: f64, first: VisitKind, later: VisitKind) -> Vec<Appointment> {
    let lists = [&plan.examination_days, &plan.mri_days, &plan.radiograph_days, &plan.laboratory_days];
    let mut days: Vec<f64> = lists.iter().flat_map(|l| l.iter().copied()).collect();
    days.sort_by(f64::total_cmp);
    days.dedup();
    let on = |list: &Vec<f64>, day: f64| list.contains(&day);
    days.into_iter()
        .enumerate()
        .map(|(i, day)| Appointment {
            day: origin + day,
            kind: if i == 0 { first } else { later },
            examination: on(&plan.examination_days, day),
            mri: on(&plan.mri_days, day),
            radiographs: on(&plan.radiograph_days, day),
            laboratory: on(&plan.laboratory_days, day),
        })
        .collect()
}
