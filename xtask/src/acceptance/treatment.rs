//! Rows on treatment of the same children (T and C14).

use std::collections::BTreeMap;

use osteoflare_patient::population::HostPopulation;
use osteoflare_patient::prescription::Drug;
use osteoflare_study::living::LifeError;
use osteoflare_study::study::Study;

use super::cohort::{Member, group, run};
use super::row::{Table, number};
use super::statistics::{Estimate, Watched, event_by, mean, ratio, share};

const ALWAYS: f64 = f64::INFINITY;

/// All arms by name; each holds the same children.
pub struct Arms(BTreeMap<&'static str, Vec<Member>>);

/// Runs the arms.
pub fn run_arms(
    study: &Study,
    population: HostPopulation,
    n: u32,
    parameters: &BTreeMap<String, f64>,
) -> Result<Arms, LifeError> {
    let plan: [(&'static str, &[(Drug, f64)]); 14] = [
        ("none", &[]),
        ("antibiotic", &[(Drug::Cefazolin, 42.0)]),
        ("nsaid", &[(Drug::Naproxen, ALWAYS)]),
        ("nsaid_6m", &[(Drug::Naproxen, 182.0)]),
        ("steroid_3m", &[(Drug::Prednisolone, 91.0)]),
        ("methotrexate", &[(Drug::Methotrexate, ALWAYS)]),
        ("adalimumab", &[(Drug::Adalimumab, ALWAYS)]),
        ("anakinra", &[(Drug::Anakinra, ALWAYS)]),
        ("pamidronate_1y", &[(Drug::Pamidronate, 360.0)]),
        ("secukinumab", &[(Drug::Secukinumab, ALWAYS)]),
        ("tofacitinib", &[(Drug::Tofacitinib, ALWAYS)]),
        ("nsaid+adalimumab", &[(Drug::Naproxen, ALWAYS), (Drug::Adalimumab, ALWAYS)]),
        ("zoledronate_1y", &[(Drug::Zoledronate, 360.0)]),
        ("sulfasalazine", &[(Drug::Sulfasalazine, ALWAYS)]),
    ];
    let mut arms = BTreeMap::new();
    for (name, drugs) in plan {
        arms.insert(name, run(study, &group(name, population, n, drugs, parameters))?);
    }
    Ok(Arms(arms))
}

impl Arms {
    fn arm(&self, name: &str) -> &[Member] {
        &self.0[name]
    }

    /// MRI lesions at a month over those at baseline, of patients with a lesion at baseline.
    fn mri_ratio(&self, name: &str, month: u32) -> Estimate {
        ratio(&self.pairs(name, |m| {
            let f = m.digest.at_month(month)?;
            Some((f64::from(f.mri_lesions?), f64::from(m.digest.entry.mri_lesions?)))
        }))
    }

    /// Baseline lesions still there over baseline lesions.
    fn left_ratio(&self, name: &str, month: u32) -> Estimate {
        ratio(&self.pairs(name, |m| {
            let f = m.digest.at_month(month)?;
            Some((f64::from(f.baseline_lesions_left?), f64::from(f.baseline_lesions?)))
        }))
    }

    fn pairs(&self, name: &str, f: impl Fn(&Member) -> Option<(f64, f64)>) -> Vec<(f64, f64)> {
        self.arm(name).iter().filter_map(f).filter(|p| p.1 > 0.0).collect()
    }

    fn symptom_free(&self, name: &str, month: u32) -> Estimate {
        let known: Vec<bool> = self
            .arm(name)
            .iter()
            .filter(|m| m.digest.entry.presented)
            .filter_map(|m| m.digest.at_month(month)?.symptom_free)
            .collect();
        share(known.iter().filter(|x| **x).count(), known.len())
    }

    fn mri_free(&self, name: &str, month: u32) -> Estimate {
        let known: Vec<bool> = self
            .arm(name)
            .iter()
            .filter(|m| m.digest.entry.mri_lesions.is_some_and(|l| l > 0))
            .filter_map(|m| m.digest.at_month(month)?.mri_free)
            .collect();
        share(known.iter().filter(|x| **x).count(), known.len())
    }

    /// True spells that begin between two times after the presentation, per patient.
    fn new_spells(&self, name: &str, from: f64, to: f64) -> Estimate {
        let counts: Vec<f64> = self
            .arm(name)
            .iter()
            .filter_map(|m| {
                let start = m.digest.entry.day.filter(|_| m.digest.entry.presented)?;
                (m.life.record.patient.followed_until_day >= start + to).then(|| {
                    m.life
                        .truth
                        .spells
                        .iter()
                        .filter(|s| s.start_day > start + from && s.start_day <= start + to)
                        .count() as f64
                })
            })
            .collect();
        mean(&counts)
    }

    /// Fills the rows.
    #[allow(clippy::too_many_lines, reason = "one row after another")]
    pub fn rows(&self, table: &mut Table) {
        let relapse: Vec<Watched> = self
            .arm("nsaid")
            .iter()
            .filter(|m| m.digest.entry.presented)
            .filter_map(|m| {
                let c = &m.digest.course;
                Some(Watched { time: c.clinical_relapse_free_days?, event: c.clinical_relapse? })
            })
            .collect();
        table.band(
            "C14",
            "NSAID: clinical relapse within 2.4 y of clinical remission",
            "50 % (40 % relapse-free at 5 y)",
            event_by(&relapse, 876.0),
            0.40,
            0.65,
        );
        table.band(
            "C14b",
            "NSAID: clinical relapse within 5 y of clinical remission",
            "60 %",
            event_by(&relapse, 1826.0),
            0.50,
            0.75,
        );
        let newly: Vec<bool> = self
            .arm("nsaid")
            .iter()
            .filter_map(|m| m.digest.at_month(12)?.new_lesions.map(|n| n > 0))
            .collect();
        table.band(
            "C14c",
            "NSAID: a new MRI lesion at 12 months",
            "39–41 %",
            share(newly.iter().filter(|x| **x).count(), newly.len()),
            0.25,
            0.60,
        );

        let same = self
            .arm("none")
            .iter()
            .zip(self.arm("antibiotic"))
            .filter(|(a, b)| a.life.truth == b.life.truth && a.life.record.visits == b.life.record.visits)
            .count();
        let n = self.arm("none").len();
        table.claim(
            "T1",
            "antibiotic = no drug, patient by patient",
            "identical",
            "no effect",
            format!("{same} of {n} identical"),
            same == n,
            (n - same) as f64,
        );
        table.band(
            "T2a",
            "NSAID: MRI lesions at 6 m over baseline",
            "0.71 (RAI)",
            self.mri_ratio("nsaid", 6),
            0.55,
            0.85,
        );
        table.band(
            "T2b",
            "NSAID: MRI lesions at 12 m over baseline",
            "0.65 (RAI)",
            self.mri_ratio("nsaid", 12),
            0.55,
            0.85,
        );
        let none12 = self.mri_ratio("none", 12);
        let none6 = self.mri_ratio("none", 6);
        let info = |e: Estimate| format!("{} [{}–{}]", number(e.value), number(e.ci[0]), number(e.ci[1]));
        table.claim(
            "T0",
            "untreated: MRI lesions at 6, 12, 24 m over baseline (for information)",
            "–",
            "not known",
            format!("{}; {}; {}", info(none6), info(none12), info(self.mri_ratio("none", 24))),
            true,
            0.0,
        );
        table.band("T3", "NSAID: symptom-free at 6 m", "43 %", self.symptom_free("nsaid", 6), 0.30, 0.60);
        let back = self.mri_ratio("nsaid_6m", 12).value / none12.value;
        table.claim(
            "T4",
            "NSAID stopped at 6 m: MRI lesions at 12 m over untreated",
            "0.75–1.25",
            "50 % relapse in 2 y",
            number(back),
            (0.75..=1.25).contains(&back),
            if back < 0.75 { back - 0.75 } else { back - 1.25 },
        );
        table.band(
            "T5a",
            "steroid for 3 m: MRI lesions at 3 m over baseline",
            "rapid",
            self.mri_ratio("steroid_3m", 3),
            0.0,
            0.20,
        );
        let later = self.mri_ratio("steroid_3m", 24).value / self.mri_ratio("none", 24).value;
        table.claim(
            "T5b",
            "steroid for 3 m: MRI lesions at 24 m over untreated",
            "> 0.6",
            "relapse",
            number(later),
            later > 0.6,
            later - 0.6,
        );
        table.band(
            "T6a",
            "TNF inhibitor: MRI lesions at 6 m over baseline",
            "fewer at 12 m",
            self.mri_ratio("adalimumab", 6),
            0.20,
            0.60,
        );
        table.band(
            "T6b",
            "TNF inhibitor: MRI lesions at 12 m over baseline",
            "fewer at 12 m",
            self.mri_ratio("adalimumab", 12),
            0.20,
            0.60,
        );
        table.band(
            "T7a",
            "anakinra 6 m: baseline lesions left",
            "35/77 = 0.45",
            self.left_ratio("anakinra", 6),
            0.30,
            0.60,
        );
        table.band(
            "T7b",
            "anakinra 6 m: lesions with new ones over baseline",
            "0.71",
            self.mri_ratio("anakinra", 6),
            0.50,
            0.90,
        );
        table.band(
            "T8a",
            "pamidronate 12 m: MRI lesions over baseline",
            "0.30; 0.60",
            self.mri_ratio("pamidronate_1y", 12),
            0.20,
            0.65,
        );
        table.band(
            "T8b",
            "pamidronate 12 m: MRI-free",
            "17–42.5 %",
            self.mri_free("pamidronate_1y", 12),
            0.30,
            0.60,
        );
        let (pam, tnf) = (self.mri_ratio("pamidronate_1y", 6), self.mri_ratio("adalimumab", 6));
        table.claim(
            "T9a",
            "pamidronate faster than TNF inhibitor on MRI (6 m)",
            "pamidronate lower",
            "as stated",
            format!("{} against {}", info(pam), info(tnf)),
            pam.value < tnf.value,
            pam.value - tnf.value,
        );
        let (pam, tnf) =
            (self.new_spells("pamidronate_1y", 14.0, 1461.0), self.new_spells("adalimumab", 14.0, 1461.0));
        table.claim(
            "T9b",
            "TNF inhibitor: fewer flares than after a year of pamidronate (new spells in 4 y)",
            "TNF inhibitor fewer",
            "as stated",
            format!("{} against {}", info(pam), info(tnf)),
            tnf.value < pam.value,
            tnf.value - pam.value,
        );
        let early = self.mri_ratio("methotrexate", 3).value / self.mri_ratio("none", 3).value;
        let half = self.mri_ratio("methotrexate", 6).value / none6.value;
        table.claim(
            "T10",
            "methotrexate: MRI lesions over untreated at 3 m, 6 m",
            "≥ 0.75; ≤ 0.75 and lower than at 3 m",
            "slow onset",
            format!("{}; {}", number(early), number(half)),
            early >= 0.75 && half <= 0.75,
            f64::max(0.75 - early, half - 0.75),
        );
        let both = self.mri_ratio("nsaid+adalimumab", 6);
        let best = self.mri_ratio("nsaid", 6).value.min(self.mri_ratio("adalimumab", 6).value);
        table.claim(
            "T11",
            "NSAID with TNF inhibitor better than either (6 m)",
            "lower",
            "yes",
            format!("{} against {}", info(both), number(best)),
            both.value < best,
            both.value - best,
        );
        let pain = |name: &str| {
            mean(
                &self
                    .arm(name)
                    .iter()
                    .filter_map(|m| {
                        let before = m.digest.entry.worst_pain?;
                        let after = m.digest.at_month(6)?.worst_pain?;
                        (before > 3.0).then_some((after - before) / before)
                    })
                    .collect::<Vec<_>>(),
            )
            .value
        };
        let (nsaid_pain, nsaid_mri) =
            (-pain("nsaid") - -pain("none"), 1.0 - self.mri_ratio("nsaid", 6).value / none6.value);
        table.claim(
            "T12",
            "NSAID moves pain at least as much as marrow (falls beyond untreated at 6 m)",
            "pain ≥ marrow",
            "as its mechanism says",
            format!("pain {}; marrow {}", number(nsaid_pain), number(nsaid_mri)),
            nsaid_pain >= nsaid_mri,
            nsaid_pain - nsaid_mri,
        );
        for (id, name) in [
            ("T13a", "secukinumab"),
            ("T13b", "tofacitinib"),
            ("T13c", "zoledronate_1y"),
            ("T13d", "sulfasalazine"),
        ] {
            let r = self.mri_ratio(name, 12);
            table.claim(
                id,
                &format!("{name}: MRI lesions at 12 m below untreated"),
                "lower",
                "not known in children",
                format!("{} against {}", info(r), number(none12.value)),
                r.value < none12.value,
                r.value - none12.value,
            );
        }
        table.claim(
            "T14",
            "symptom-free at 6 m: untreated, TNF inhibitor, pamidronate, anakinra (for information)",
            "–",
            "0.83–0.89 effective (TNF inhibitor, pamidronate)",
            ["none", "adalimumab", "pamidronate_1y", "anakinra"]
                .map(|a| number(self.symptom_free(a, 6).value))
                .join(", "),
            true,
            0.0,
        );
    }
}
