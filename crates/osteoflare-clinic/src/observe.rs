//! The clinic's eyes: from the true state of a child to what examination, MRI, radiograph and laboratory report.
//!
//! Each instrument has its own errors. Draws are keyed by child, visit and site, so that the same child seen at the
//! same visit is reported the same way whatever else happens.

use std::sync::LazyLock;

use osteoflare_random::Stream;
use osteoflare_skeleton::{Part, Sex, SiteGroup, SiteId, Skeleton};
use serde::{Deserialize, Serialize};

use crate::visits::{
    BloodCount, Examination, ExaminedSite, Laboratory, MriLesion, Radiograph, RadiographicAppearance,
    WholeBodyMri,
};
use crate::vocabulary::blood_limits;

/// True state of one site at one moment, as far as instruments can reach it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrueSite {
    /// Where.
    pub site: SiteId,
    /// Pain, 0–10.
    pub pain: f64,
    /// Marrow oedema, relative units.
    pub oedema: f64,
    /// Tissue neutrophils, relative units.
    pub neutrophils: f64,
    /// Mineralised bone relative to normal, 1.
    pub bone: f64,
    /// New periosteal and endosteal bone, relative units.
    pub new_bone: f64,
}

/// True state of the blood and the body.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrueBody {
    /// C-reactive protein, mg/L.
    pub crp_mg_l: f64,
    /// Erythrocyte sedimentation rate, mm/h.
    pub esr_mm_h: f64,
    /// Body temperature, °C.
    pub temperature_c: f64,
    /// Whether the temperature passed 38.0 °C since the last visit, or in the four weeks before a first one.
    pub fever_before: bool,
    /// Age, years.
    pub age_years: f64,
    /// Sex.
    pub sex: Sex,
}

/// Errors and thresholds of the instruments.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Instruments {
    /// Oedema that gives a positive STIR signal, relative units (assumed).
    pub mri_threshold: f64,
    /// Probability that a reader reports a site above the threshold (assumed).
    pub mri_sensitivity: f64,
    /// Probability that a reader takes bright marrow of growth or load for a lesion (assumed).
    pub bright_marrow_mistaken: f64,
    /// Standard deviation of reported pain at a painful site, points of 10 (assumed).
    pub pain_sd: f64,
    /// Coefficient of variation of CRP and ESR measurements (assumed).
    pub laboratory_cv: f64,
    /// Standard deviation of a temperature reading, °C (assumed).
    pub temperature_sd_c: f64,
    /// Relative mineral seen as lytic on a radiograph, 1 (30–50 % loss needed; recalled).
    pub lytic_below: f64,
    /// Mineral plus new bone seen as sclerotic, 1 (assumed).
    pub sclerotic_above: f64,
    /// CRP at which the response of the blood count to inflammation is half of its largest, mg/l (assumed).
    pub count_half_crp_mg_l: f64,
    /// Largest rise of leukocytes with inflammation, share of the child's own number (assumed).
    pub leukocyte_rise: f64,
    /// Largest rise of platelets with inflammation, share of the child's own number (assumed).
    pub platelet_rise: f64,
    /// Largest fall of haemoglobin with inflammation, share of the child's own value (assumed).
    pub haemoglobin_fall: f64,
    /// Share of leukocytes that are neutrophils in health, 1 (customary).
    pub neutrophil_share: f64,
    /// Largest rise of that share with inflammation, 1 (assumed).
    pub neutrophil_share_rise: f64,
    /// Share of neutrophils that are bands in health, 1 (customary: below 0.05).
    pub band_share: f64,
    /// Largest rise of that share with inflammation, 1 (assumed).
    pub band_share_rise: f64,
    /// Coefficient of variation of a blood count (assumed).
    pub count_cv: f64,
    /// Share of children with a lesion who have a biopsy at the presentation, 1 (72 % of 75 children; d'Angelo 2020).
    pub biopsy_share: f64,
    /// Probability that a biopsy of inflamed bone shows inflammation, 1 (assumed; the needle may miss).
    pub tissue_sensitivity: f64,
}

impl Default for Instruments {
    fn default() -> Self {
        Instruments {
            mri_threshold: 0.35,
            mri_sensitivity: 0.9,
            bright_marrow_mistaken: 0.03,
            pain_sd: 0.7,
            laboratory_cv: 0.15,
            temperature_sd_c: 0.2,
            lytic_below: 0.70,
            sclerotic_above: 1.10,
            count_half_crp_mg_l: 80.0,
            leukocyte_rise: 0.8,
            platelet_rise: 0.5,
            haemoglobin_fall: 0.1,
            neutrophil_share: 0.55,
            neutrophil_share_rise: 0.25,
            band_share: 0.02,
            band_share_rise: 0.1,
            count_cv: 0.04,
            biopsy_share: 0.72,
            tissue_sensitivity: 0.9,
        }
    }
}

/// Log-standard deviation between children in how much bright marrow they have. With a mean of 2.5 areas it leaves
/// 41 % without any in the limbs, as counted in healthy children (von Brandis 2022).
const BRIGHT_MARROW_LOG_SD: f64 = 1.3;

/// Standard deviations of a normal distribution between the limits that hold 95 % of healthy children.
const BETWEEN_LIMITS_SD: f64 = 3.92;
/// Standard deviation of haemoglobin between healthy children of an age, g/l; the lower limit lies two below their mean
/// (customary).
const HAEMOGLOBIN_SD_G_L: f64 = 8.0;
/// Draws of the child's own blood count, beyond those of bright marrow.
const OWN_COUNT_DRAW: u64 = 1 << 32;

/// One child before the clinic's instruments.
#[derive(Clone, Debug)]
pub struct Observer {
    instruments: Instruments,
    errors: Stream,
    bright: Vec<SiteId>,
    /// Where the child's own leukocytes, platelets and haemoglobin lie among healthy children, standard deviations.
    own_count: [f64; 3],
}

/// Kinds of draws at one site of one visit.
#[derive(Clone, Copy)]
#[repr(u64)]
enum Draw {
    Pain = 0,
    Seen = 2,
    Mistaken = 3,
}

/// Kinds of draws at one visit.
#[derive(Clone, Copy)]
#[repr(u64)]
enum VisitDraw {
    Temperature = 0,
    Physician = 1,
    Patient = 2,
    Crp = 3,
    Esr = 4,
    Leukocytes = 5,
    Platelets = 6,
    Haemoglobin = 7,
    Bands = 8,
    WantsBiopsy = 9,
    Tissue = 10,
}

impl Observer {
    /// The observer of child `index`; `purpose` and the next number are used as stream purposes.
    pub fn new(instruments: Instruments, seed: u64, index: u32, purpose: u32) -> Self {
        let background = Stream::new(seed, index, purpose + 1);
        let child = libm::exp(
            BRIGHT_MARROW_LOG_SD * background.normal(0) - 0.5 * BRIGHT_MARROW_LOG_SD * BRIGHT_MARROW_LOG_SD,
        );
        let bright = (0..Skeleton::get().sites().len())
            .map(|i| SiteId(i as u16))
            .filter(|&site| {
                let rate = expected_bright_marrow(site) * child;
                background.uniform(1 + u64::from(site.0)) < 1.0 - libm::exp(-rate)
            })
            .collect();
        let own_count = std::array::from_fn(|k| background.normal(OWN_COUNT_DRAW + k as u64));
        Observer { instruments, errors: Stream::new(seed, index, purpose), bright, own_count }
    }

    fn site_draw(&self, visit: u64, site: SiteId, kind: Draw) -> u64 {
        (visit << 20) + (u64::from(site.0) << 3) + kind as u64
    }

    fn visit_draw(&self, visit: u64, kind: VisitDraw) -> u64 {
        (visit << 20) + (1 << 19) + kind as u64
    }

    /// Examination at visit number `visit`. `sites` lists every site that is not at rest.
    pub fn examine(&self, visit: u64, sites: &[TrueSite], body: &TrueBody) -> Examination {
        let mut found = Vec::new();
        for s in sites {
            if s.pain < 0.5 && s.oedema < self.instruments.mri_threshold {
                continue;
            }
            let noise = self.errors.normal(self.site_draw(visit, s.site, Draw::Pain));
            // A child without pain at a place reports none.
            let pain =
                if s.pain < 0.5 { 0.0 } else { (s.pain + self.instruments.pain_sd * noise).clamp(0.0, 10.0) };
            let swelling = self.errors.uniform(build_draw(s.site)) < swelling_probability(s);
            let tender = pain > 3.0;
            if tender || swelling || pain >= 1.0 {
                found.push(ExaminedSite { site: s.site, pain_nrs: pain, tender, swelling });
            }
        }
        let worst = found.iter().map(|s| s.pain_nrs).fold(0.0, f64::max);
        let active = found.iter().filter(|s| s.tender || s.swelling).count() as f64;
        let normal = |kind| self.errors.normal(self.visit_draw(visit, kind));
        // Global judgements follow pain and the number of active sites (weights assumed).
        let physician = 0.45 * worst + 0.7 * active.min(5.0);
        let patient = 0.75 * worst + 0.2 * active.min(5.0);
        let judge = |level: f64, noise: f64| {
            if level == 0.0 { 0.0 } else { (level + 0.8 * noise).clamp(0.0, 10.0) }
        };
        Examination {
            worst_pain_nrs: Some(worst),
            temperature_c: Some(
                body.temperature_c + self.instruments.temperature_sd_c * normal(VisitDraw::Temperature),
            ),
            fever_since_last_visit: Some(body.fever_before),
            physician_global: Some(judge(physician, normal(VisitDraw::Physician))),
            patient_global: Some(judge(patient, normal(VisitDraw::Patient))),
            sites: found,
        }
    }

    /// Whole-body MRI at visit number `visit`.
    pub fn whole_body_mri(&self, visit: u64, sites: &[TrueSite]) -> WholeBodyMri {
        let threshold = self.instruments.mri_threshold;
        let mut lesions: Vec<MriLesion> = sites
            .iter()
            .filter(|s| s.oedema > threshold)
            .filter(|s| {
                self.errors.uniform(self.site_draw(visit, s.site, Draw::Seen))
                    < self.instruments.mri_sensitivity
            })
            .map(|s| MriLesion { site: s.site, grade: grade(s.oedema, threshold) })
            .collect();
        let mut bright_marrow = Vec::new();
        for &site in &self.bright {
            if lesions.iter().any(|l| l.site == site) {
                continue;
            }
            let mistaken = self.errors.uniform(self.site_draw(visit, site, Draw::Mistaken))
                < self.instruments.bright_marrow_mistaken;
            if mistaken {
                lesions.push(MriLesion { site, grade: 1 });
            } else {
                bright_marrow.push(site);
            }
        }
        lesions.sort_by_key(|l| l.site);
        WholeBodyMri { lesions, bright_marrow }
    }

    /// Radiograph of one site.
    pub fn radiograph(&self, s: &TrueSite) -> Radiograph {
        let lytic = s.bone < self.instruments.lytic_below;
        let extra = self.instruments.sclerotic_above - 1.0;
        let sclerotic =
            s.bone + s.new_bone > self.instruments.sclerotic_above || (lytic && s.new_bone > extra);
        let appearance = match (lytic, sclerotic) {
            (true, true) => RadiographicAppearance::Mixed,
            (true, false) => RadiographicAppearance::Lytic,
            (false, true) => RadiographicAppearance::Sclerotic,
            (false, false) => RadiographicAppearance::Normal,
        };
        Radiograph { site: s.site, appearance, hyperostosis: s.new_bone > 1.5 * extra }
    }

    /// Blood tests at visit number `visit`.
    pub fn laboratory(&self, visit: u64, body: &TrueBody) -> Laboratory {
        let cv = self.instruments.laboratory_cv;
        let noisy = |value: f64, kind| {
            value * libm::exp(cv * self.errors.normal(self.visit_draw(visit, kind)) - 0.5 * cv * cv)
        };
        Laboratory {
            crp_mg_l: Some(noisy(body.crp_mg_l, VisitDraw::Crp)),
            esr_mm_h: Some(noisy(body.esr_mm_h, VisitDraw::Esr)),
            blood_count: Some(self.blood_count(visit, body)),
        }
    }

    /// Blood count: each child has its own values within the customary limits of its age, which inflammation of the
    /// body, read from the true CRP, moves.
    fn blood_count(&self, visit: u64, body: &TrueBody) -> BloodCount {
        let i = &self.instruments;
        let drive = body.crp_mg_l / (body.crp_mg_l + i.count_half_crp_mg_l);
        let age = [body.age_years; 2];
        let limits =
            |analyte| blood_limits(analyte, age, Some(body.sex)).map(|[low, high]| [low[0], high[1]]);
        let own = |analyte, k: usize| {
            let [low, high] = limits(analyte).unwrap_or([1.0, 1.0]);
            let sd = libm::log(high / low) / BETWEEN_LIMITS_SD;
            (low * high).sqrt() * libm::exp(sd * self.own_count[k])
        };
        let cv = i.count_cv;
        let noisy = |value: f64, kind| {
            value * libm::exp(cv * self.errors.normal(self.visit_draw(visit, kind)) - 0.5 * cv * cv)
        };
        let leukocytes = own("leukocytes", 0) * (1.0 + i.leukocyte_rise * drive);
        let platelets = own("platelets", 1) * (1.0 + i.platelet_rise * drive);
        let lowest = limits("haemoglobin").map_or(f64::NAN, |[low, _]| low);
        let haemoglobin =
            (lowest + (2.0 + self.own_count[2]) * HAEMOGLOBIN_SD_G_L) * (1.0 - i.haemoglobin_fall * drive);
        let neutrophils = leukocytes * (i.neutrophil_share + i.neutrophil_share_rise * drive);
        let bands = 1000.0 * neutrophils * (i.band_share + i.band_share_rise * drive);
        BloodCount {
            leukocytes_e9_l: noisy(leukocytes, VisitDraw::Leukocytes),
            haemoglobin_g_l: noisy(haemoglobin, VisitDraw::Haemoglobin),
            platelets_e9_l: noisy(platelets, VisitDraw::Platelets),
            bands_per_ul: noisy(bands, VisitDraw::Bands),
        }
    }

    /// Whether this child with a lesion has a biopsy at this visit. Nobody knows yet what it has, so nothing but chance
    /// decides.
    pub fn wants_biopsy(&self, visit: u64) -> bool {
        self.errors.uniform(self.visit_draw(visit, VisitDraw::WantsBiopsy)) < self.instruments.biopsy_share
    }

    /// Whether the tissue of a biopsy shows inflammation.
    pub fn biopsy_shows_inflammation(&self, visit: u64, s: &TrueSite) -> bool {
        s.oedema > self.instruments.mri_threshold
            && self.errors.uniform(self.visit_draw(visit, VisitDraw::Tissue))
                < self.instruments.tissue_sensitivity
    }
}

/// Extent in terciles between the threshold and the largest oedema.
fn grade(oedema: f64, threshold: f64) -> u8 {
    let share = (oedema - threshold) / (1.05 - threshold);
    if share < 1.0 / 3.0 {
        1
    } else if share < 2.0 / 3.0 {
        2
    } else {
        3
    }
}

/// Draw of the child's build at a place. Whether a given swelling shows there depends on what covers the bone, not on
/// the day: a lesion that nobody could see does not show itself at the next visit by chance.
fn build_draw(site: SiteId) -> u64 {
    (1 << 60) + u64::from(site.0)
}

/// Share of children in whom swelling is seen: oedema and neutrophils (pus), where little soft tissue covers the bone.
/// Assumed; the scale is set by local swelling in 62 % of 378 children with bacterial osteomyelitis (Grote 2017, Pediatr
/// Infect Dis J 36:451), whose neutrophils are some ten times those of sterile lesions.
fn swelling_probability(s: &TrueSite) -> f64 {
    let cover = match Skeleton::get().site(s.site).group() {
        SiteGroup::Clavicle
        | SiteGroup::Mandible
        | SiteGroup::Sternum
        | SiteGroup::Hand
        | SiteGroup::Foot => 0.35,
        SiteGroup::Tibia | SiteGroup::Fibula | SiteGroup::Forearm | SiteGroup::Patella => 0.2,
        SiteGroup::Femur | SiteGroup::Humerus | SiteGroup::Ribs | SiteGroup::SkullFace => 0.1,
        SiteGroup::Pelvis | SiteGroup::Spine | SiteGroup::Scapula => 0.02,
    };
    let drive = 0.5 * s.oedema + 0.5 * s.neutrophils;
    1.0 - libm::exp(-0.7 * cover * drive * drive)
}

/// Expected areas of bright marrow at a site in a healthy child. Totals by region: pelvis 54 and other axial 21 of
/// 75 major areas, upper limb 79 (hand, proximal humerus), lower limb 340 (foot, knee) in 196 children (von Brandis
/// 2022, Eur J Radiol 154:110425); the split within a limb is assumed.
fn expected_bright_marrow(site: SiteId) -> f64 {
    static RATES: LazyLock<Vec<f64>> = LazyLock::new(|| {
        (0..Skeleton::get().sites().len()).map(|i| bright_marrow_rate(SiteId(i as u16))).collect()
    });
    RATES[site.index()]
}

fn bright_marrow_rate(site: SiteId) -> f64 {
    let skeleton = Skeleton::get();
    let total = |class: Background| match class {
        Background::Pelvis => 54.0 / 196.0,
        Background::Axial => 21.0 / 196.0,
        Background::Hand => 50.0 / 196.0,
        Background::ProximalHumerus => 29.0 / 196.0,
        Background::Foot => 190.0 / 196.0,
        Background::Knee => 150.0 / 196.0,
        Background::None => 0.0,
    };
    let class = background(site);
    let members = (0..skeleton.sites().len()).filter(|&i| background(SiteId(i as u16)) == class).count();
    total(class) / members as f64
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Background {
    Pelvis,
    Axial,
    Hand,
    ProximalHumerus,
    Foot,
    Knee,
    None,
}

fn background(site: SiteId) -> Background {
    let s = Skeleton::get().site(site);
    match s.group() {
        SiteGroup::Pelvis => Background::Pelvis,
        SiteGroup::Spine
        | SiteGroup::Sternum
        | SiteGroup::Ribs
        | SiteGroup::Scapula
        | SiteGroup::Clavicle => Background::Axial,
        SiteGroup::Hand => Background::Hand,
        SiteGroup::Foot => Background::Foot,
        SiteGroup::Patella => Background::Knee,
        SiteGroup::Humerus if matches!(s.part, Part::ProximalEpiphysis | Part::ProximalMetaphysis) => {
            Background::ProximalHumerus
        }
        SiteGroup::Femur if matches!(s.part, Part::DistalEpiphysis | Part::DistalMetaphysis) => {
            Background::Knee
        }
        SiteGroup::Tibia if matches!(s.part, Part::ProximalEpiphysis | Part::ProximalMetaphysis) => {
            Background::Knee
        }
        _ => Background::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bright_marrow_as_in_healthy_children() {
        let n = 2000;
        let counts: Vec<(usize, usize)> = (0..n)
            .map(|i| {
                let o = Observer::new(Instruments::default(), 5, i, 20);
                let axial = o
                    .bright
                    .iter()
                    .filter(|s| matches!(background(**s), Background::Pelvis | Background::Axial))
                    .count();
                (axial, o.bright.len() - axial)
            })
            .collect();
        let n = f64::from(n);
        let mean = counts.iter().map(|c| (c.0 + c.1) as f64).sum::<f64>() / n;
        let axial = counts.iter().filter(|c| c.0 > 0).count() as f64 / n;
        let limbs = counts.iter().filter(|c| c.1 > 0).count() as f64 / n;
        // 2.52 areas a child, 29.6 % with an axial and 58.7 % with a limb area (von Brandis 2022).
        assert!((2.1..2.9).contains(&mean), "{mean}");
        assert!((0.2..0.35).contains(&axial), "{axial}");
        assert!((0.5..0.67).contains(&limbs), "{limbs}");
    }

    #[test]
    fn nothing_is_seen_where_nothing_is() {
        let o = Observer::new(Instruments { bright_marrow_mistaken: 0.0, ..Default::default() }, 1, 1, 20);
        let body = body(0.8);
        let e = o.examine(0, &[], &body);
        assert!(e.sites.is_empty() && e.worst_pain_nrs == Some(0.0) && e.physician_global == Some(0.0));
        assert!(o.whole_body_mri(0, &[]).lesions.is_empty());
    }

    fn body(crp_mg_l: f64) -> TrueBody {
        let (temperature_c, age_years, sex) = (36.8, 9.0, Sex::Female);
        TrueBody { crp_mg_l, esr_mm_h: 5.0, temperature_c, fever_before: false, age_years, sex }
    }

    #[test]
    fn blood_counts_of_healthy_children_lie_within_the_limits_and_inflammation_moves_them() {
        let n = 2000;
        let counts = |crp: f64| -> Vec<BloodCount> {
            (0..n)
                .map(|i| {
                    let o = Observer::new(Instruments::default(), 5, i, 20);
                    o.laboratory(0, &body(crp)).blood_count.expect("a count")
                })
                .collect()
        };
        let share = |counts: &[BloodCount], test: fn(&BloodCount) -> bool| {
            counts.iter().filter(|count| test(count)).count() as f64 / f64::from(n)
        };
        // Limits at 9 years: leukocytes 4 to 13.5, platelets 150 to 450, haemoglobin from 115.
        let leukocytes: fn(&BloodCount) -> bool = |c| (4.0..=13.5).contains(&c.leukocytes_e9_l);
        let platelets: fn(&BloodCount) -> bool = |c| (150.0..=450.0).contains(&c.platelets_e9_l);
        let haemoglobin: fn(&BloodCount) -> bool = |c| c.haemoglobin_g_l >= 115.0;
        let few_bands: fn(&BloodCount) -> bool = |c| c.bands_per_ul <= 220.0;
        let (healthy, ill) = (counts(0.8), counts(120.0));
        for test in [leukocytes, platelets, haemoglobin, few_bands] {
            let (well, inflamed) = (share(&healthy, test), share(&ill, test));
            assert!(well > 0.92 && inflamed < well - 0.1, "{well} {inflamed}");
        }
        assert!(share(&ill, few_bands) < 0.1);
    }

    #[test]
    fn biopsies_are_as_frequent_and_as_sensitive_as_asked_for() {
        let o = Observer::new(Instruments::default(), 3, 7, 20);
        let lesion = TrueSite {
            site: SiteId(100),
            pain: 5.0,
            oedema: 0.8,
            neutrophils: 0.5,
            bone: 0.6,
            new_bone: 0.2,
        };
        let healthy = TrueSite { oedema: 0.1, ..lesion };
        let count = |test: &dyn Fn(u64) -> bool| (0..2000).filter(|&v| test(v)).count() as f64 / 2000.0;
        assert!((0.69..0.75).contains(&count(&|v| o.wants_biopsy(v))));
        assert!((0.87..0.93).contains(&count(&|v| o.biopsy_shows_inflammation(v, &lesion))));
        assert!(count(&|v| o.biopsy_shows_inflammation(v, &healthy)) == 0.0);
    }

    #[test]
    fn sensitivity_is_what_was_asked_for() {
        let site = SiteId(100);
        let lesion = TrueSite { site, pain: 5.0, oedema: 0.8, neutrophils: 0.5, bone: 0.6, new_bone: 0.2 };
        let o = Observer::new(Instruments::default(), 3, 7, 20);
        let seen = (0..2000)
            .filter(|&v| o.whole_body_mri(v, &[lesion]).lesions.iter().any(|l| l.site == site))
            .count();
        assert!((0.87..0.93).contains(&(seen as f64 / 2000.0)), "{seen}");
        assert_eq!(o.radiograph(&lesion).appearance, RadiographicAppearance::Mixed);
    }
}
