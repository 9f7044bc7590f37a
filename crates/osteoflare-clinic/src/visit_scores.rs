//! Scores of one virtual child at one visit, as a lean row: what the general instruments say of the last 92 days.

use crate::{
    instruments::{
        self, Classification, Instrument,
        pedcno::{CoreSet, SHORTEST_DAYS, response},
    },
    record::Record,
    view::{State, View},
    visits::{Visit, VisitLog},
};

/// What was seen as long ago as this belongs to a visit, days.
pub const WINDOW_DAYS: f64 = 92.0;

/// Levels of the PedCNO response in a row.
pub const PEDCNO_LEVELS: [u32; 4] = [30, 50, 70, 90];

/// Scores at one visit. A total is `[lowest, highest]`; `None` where an instrument leaves a question open.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct VisitScores {
    /// NBODS 2023, points.
    pub nbods: [f64; 2],
    /// NBODS: nonbacterial rather than bacterial.
    pub nbods_positive: Option<bool>,
    /// Jansson score 2009, points.
    pub jansson_2009: [f64; 2],
    /// Jansson score: at least 39 points.
    pub jansson_2009_positive: Option<bool>,
    /// Jansson criteria 2007.
    pub jansson_2007_positive: Option<bool>,
    /// Bristol criteria 2016.
    pub bristol_positive: Option<bool>,
    /// Clinical disease activity score; infinity for an open end.
    pub cdas: [f64; 2],
    /// Active disease as in the CARRA treatment plans.
    pub active: Option<bool>,
    /// Clinically inactive disease.
    pub clinically_inactive: Option<bool>,
    /// Inactive on MRI too.
    pub inactive: Option<bool>,
    /// Response at [`PEDCNO_LEVELS`] against the presentation; `None` also before it and at it.
    pub pedcno: [Option<bool>; 4],
}

/// The log with the visits of a window alone.
fn window(log: &VisitLog, day: f64) -> VisitLog {
    let visits: Vec<Visit> =
        log.visits.iter().filter(|v| v.day <= day && v.day >= day - WINDOW_DAYS).cloned().collect();
    VisitLog {
        patient: log.patient.clone(),
        visits,
        treatments: log.treatments.iter().filter(|t| t.start_day <= day).cloned().collect(),
        events: log.events.iter().filter(|e| e.day <= day && e.day >= day - WINDOW_DAYS).cloned().collect(),
    }
}

fn positive(result: &Instrument) -> Option<bool> {
    match result.classification {
        Classification::Positive => Some(true),
        Classification::Negative | Classification::Unclear => Some(false),
        _ => None,
    }
}

/// Scores at every visit of a virtual child, in order.
pub fn visit_scores(log: &VisitLog) -> Vec<VisitScores> {
    let mut baseline: Option<(f64, CoreSet)> = None;
    log.visits
        .iter()
        .map(|visit| {
            let record = Record::from_visits(&window(log, visit.day));
            let view = View::new(&record, visit.day);
            let pedcno = match &baseline {
                Some((start, before)) if visit.day - start >= SHORTEST_DAYS => {
                    let core = CoreSet::on(&view, *start).0;
                    PEDCNO_LEVELS.map(|level| response(before, &core, f64::from(level)).known())
                }
                _ => [None; 4],
            };
            let presentation = visit.kind == crate::visits::VisitKind::Presentation;
            if presentation && baseline.is_none() {
                baseline = Some((visit.day, CoreSet::on(&view, f64::NEG_INFINITY).0));
            }
            let nbods = instruments::nbods_2023(&view);
            let jansson = instruments::jansson_2009(&view);
            let inactive = instruments::activity::inactive_disease(&view);
            let clinically = inactive.measure("clinically_inactive").map(|m| m.value);
            VisitScores {
                nbods: nbods.total.unwrap_or_default(),
                nbods_positive: positive(&nbods),
                jansson_2009: jansson.total.unwrap_or_default(),
                jansson_2009_positive: positive(&jansson),
                jansson_2007_positive: positive(&instruments::jansson_2007(&view)),
                bristol_positive: positive(&instruments::bristol_2016(&view)),
                cdas: instruments::cdas::score(&view).total.unwrap_or([0.0, f64::INFINITY]),
                active: positive(&instruments::activity::active_disease(&view)),
                clinically_inactive: match clinically {
                    Some([Some(low), Some(high)]) if low == high => State::of(Some(low > 0.0)).known(),
                    _ => None,
                },
                inactive: positive(&inactive),
                pedcno,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::visits::{
        Examination, ExaminedSite, Laboratory, MriLesion, PatientHeader, VisitKind, WholeBodyMri,
    };
    use osteoflare_skeleton::{Sex, Skeleton};

    fn visit(day: f64, kind: VisitKind, sites: &[&str], pain: f64) -> Visit {
        let sites: Vec<_> = sites.iter().map(|id| Skeleton::get().find(id).expect("a site")).collect();
        Visit {
            day,
            age_years: 9.0,
            kind,
            examination: Some(Examination {
                sites: sites
                    .iter()
                    .map(|&site| ExaminedSite { site, pain_nrs: pain, tender: pain > 0.0, swelling: false })
                    .collect(),
                worst_pain_nrs: Some(pain),
                temperature_c: Some(36.8),
                fever_since_last_visit: Some(false),
                physician_global: Some(pain),
                patient_global: Some(pain),
            }),
            mri: Some(WholeBodyMri {
                lesions: sites.iter().map(|&site| MriLesion { site, grade: 2 }).collect(),
                bright_marrow: vec![],
            }),
            radiographs: vec![],
            laboratory: Some(Laboratory {
                crp_mg_l: Some(8.0 * pain / 5.0),
                esr_mm_h: Some(30.0 * pain / 5.0),
                blood_count: None,
            }),
        }
    }

    #[test]
    fn a_virtual_child_gets_ill_and_better() {
        let ill = ["femur_distal_metaphysis_L", "femur_distal_metaphysis_R", "clavicle_medial_third_L"];
        let log = VisitLog {
            patient: PatientHeader {
                index: 0,
                group: "cno".into(),
                sex: Sex::Female,
                age_at_start_years: 9.0,
                symptom_onset_day: Some(-60.0),
                followed_until_day: 400.0,
            },
            visits: vec![
                visit(0.0, VisitKind::Presentation, &ill, 5.0),
                // Nothing but blood, two days later: no response is told.
                Visit { examination: None, mri: None, ..visit(2.0, VisitKind::Scheduled, &[], 1.0) },
                visit(365.0, VisitKind::Scheduled, &[], 0.0),
            ],
            treatments: vec![],
            events: vec![],
        };
        let scores = visit_scores(&log);
        // CRP 56, several lesions 27, femur 17; no count was made.
        assert_eq!(scores[0].nbods, [100.0, 115.0]);
        assert_eq!(scores[0].nbods_positive, Some(true));
        // Symmetric 10, temperature 9, clavicle 8, several 7; blood count 13 and margin 10 open, CRP 8 no points.
        assert_eq!(scores[0].jansson_2009, [34.0, 57.0]);
        assert_eq!(scores[0].jansson_2009_positive, None);
        assert_eq!(scores[0].bristol_positive, Some(true));
        assert_eq!(scores[0].cdas, [13.0, 13.0]);
        assert_eq!((scores[0].active, scores[0].clinically_inactive), (Some(true), Some(false)));
        assert_eq!(
            (scores[2].active, scores[2].clinically_inactive, scores[2].inactive),
            (Some(false), Some(true), Some(true))
        );
        let responses: Vec<_> = scores.iter().map(|at| at.pedcno).collect();
        assert_eq!(responses, [[None; 4], [None; 4], [Some(true); 4]]);
    }
}
