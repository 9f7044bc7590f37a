//! Drug in the body over time: doses, absorption and elimination, solved exactly between doses.

use osteoflare_kinetics::local::Effects;
use osteoflare_random::Stream;

use crate::host::Host;
use crate::pharmacology::{self, Channel};
use crate::prescription::{Dose, Drug, Regimen};
use crate::purpose;

/// A course that was prescribed.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Course {
    regimen: Regimen,
    start_day: f64,
    stop_day: f64,
    /// Doses considered so far.
    given: u64,
}

impl Course {
    /// Day of dose number `n`.
    fn dose_day(&self, n: u64) -> f64 {
        let per_cycle = u64::from(self.regimen.doses_per_cycle.max(1));
        let (cycle, within) = (n / per_cycle, n % per_cycle);
        self.start_day + cycle as f64 * self.regimen.interval_days + within as f64
    }
}

/// Amounts of one drug.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Compartment {
    drug: Drug,
    depot: f64,
    central: f64,
    /// Day to which the amounts belong.
    day: f64,
}

/// All drugs of one child.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pharmacy {
    courses: Vec<Course>,
    compartments: Vec<Compartment>,
}

/// Amount below which a drug is forgotten, relative to a typical dose in mg.
const NEGLIGIBLE_MG: f64 = 1e-9;
/// Points per window at which the effect is averaged, per day.
const SAMPLES_PER_DAY: f64 = 8.0;

impl Pharmacy {
    /// Starts a course.
    pub fn prescribe(&mut self, regimen: Regimen, start_day: f64, duration_days: f64) {
        self.courses.push(Course { regimen, start_day, stop_day: start_day + duration_days, given: 0 });
        if !self.compartments.iter().any(|c| c.drug == regimen.drug) {
            self.compartments.push(Compartment {
                drug: regimen.drug,
                depot: 0.0,
                central: 0.0,
                day: start_day,
            });
        }
    }

    /// Stops every course of a drug on `day`.
    pub fn stop(&mut self, drug: Drug, day: f64) {
        for course in self.courses.iter_mut().filter(|c| c.regimen.drug == drug) {
            course.stop_day = course.stop_day.min(day);
        }
    }

    /// Whether nothing is or will be in the body.
    pub fn is_empty(&self) -> bool {
        self.compartments.is_empty()
    }

    /// Whether a drug is present whose effect changes within days, so that effects must be averaged day by day.
    /// Antibiotics count only while there are bacteria for them to act on.
    pub fn changes_within_days(&self, bacteria: bool) -> bool {
        self.compartments
            .iter()
            .filter(|c| bacteria || !c.drug.is_antibiotic())
            .any(|c| c.drug.pharmacology().elimination_per_day > 0.5)
    }

    /// Mean effects over `[from_day, to_day]`. Moves the pharmacy forward to `to_day`.
    ///
    /// The kinetics see drugs as the mean of their momentary effects over a window: tissue mediators average over
    /// the hours between doses.
    pub fn advance(
        &mut self,
        from_day: f64,
        to_day: f64,
        host: &Host,
        seed: u64,
        index: u32,
        age_years: f64,
    ) -> Effects<f64> {
        let mut effects = Effects::none();
        if self.compartments.is_empty() {
            return effects;
        }
        let samples = ((to_day - from_day) * SAMPLES_PER_DAY).ceil().max(1.0) as usize;
        let width = (to_day - from_day) / samples as f64;
        let mut compartments = std::mem::take(&mut self.compartments);
        for c in &mut compartments {
            let table = c.drug.pharmacology();
            let mut sum = 0.0;
            for s in 0..samples {
                let middle = from_day + (s as f64 + 0.5) * width;
                self.carry(c, middle, host, seed, index, age_years);
                let volume = volume_l(c.drug, host.weight_kg(age_years));
                sum += effect(table, c.central / volume, host.drug_ic50[c.drug as usize]);
            }
            self.carry(c, to_day, host, seed, index, age_years);
            pharmacology::combine(&mut effects, table.channel, sum / samples as f64);
        }
        // Forget what has left the body and will not be given again.
        compartments.retain(|c| {
            c.depot + c.central > NEGLIGIBLE_MG
                || self.courses.iter().any(|k| k.regimen.drug == c.drug && k.dose_day(k.given) < k.stop_day)
        });
        self.compartments = compartments;
        effects
    }

    /// Concentration of a drug now, in the unit of its IC50.
    pub fn concentration(&self, drug: Drug, weight_kg: f64) -> f64 {
        self.compartments
            .iter()
            .find(|c| c.drug == drug)
            .map_or(0.0, |c| c.central / volume_l(drug, weight_kg))
    }

    /// Moves one compartment to `day`, giving the doses due on the way.
    fn carry(&mut self, c: &mut Compartment, day: f64, host: &Host, seed: u64, index: u32, age_years: f64) {
        loop {
            let next = self
                .courses
                .iter()
                .enumerate()
                .filter(|(_, k)| k.regimen.drug == c.drug)
                .map(|(i, k)| (k.dose_day(k.given), i))
                .filter(|(due, i)| *due <= day && *due < self.courses[*i].stop_day)
                .min_by(|a, b| a.0.total_cmp(&b.0));
            let Some((due, i)) = next else { break };
            decay(c, due.max(c.day), host, age_years);
            let course = &mut self.courses[i];
            let n = course.given;
            course.given += 1;
            let table = c.drug.pharmacology();
            let missed = table.home_dosed == "yes" && {
                let stream = Stream::new(seed, index, purpose::ADHERENCE);
                let course_number = i as u64;
                stream.uniform((course_number << 32) + n) > host.adherence
            };
            if missed {
                continue;
            }
            let left = course.stop_day - due;
            let taper = if left < course.regimen.taper_days { left / course.regimen.taper_days } else { 1.0 };
            let amount =
                taper * table.bioavailability * dose_amount(course.regimen.dose, table, host, age_years);
            if table.absorption_per_day > 0.0 {
                c.depot += amount;
            } else {
                c.central += amount;
            }
        }
        decay(c, day, host, age_years);
    }
}

/// Amount of one dose in the compartment's unit: mg, or the unit of the dose for drugs whose table says so.
fn dose_amount(dose: Dose, table: &pharmacology::Pharmacology, host: &Host, age_years: f64) -> f64 {
    let weight = host.weight_kg(age_years);
    let surface = host.body_surface_m2(age_years);
    let mg = match dose {
        Dose::Mg(mg) => mg,
        Dose::MgPerKg(x, cap) => (x * weight).min(cap.unwrap_or(f64::INFINITY)),
        Dose::MgPerM2(x, cap) => (x * surface).min(cap.unwrap_or(f64::INFINITY)),
    };
    if table.ic50_unit.starts_with("mg/m2") {
        mg / surface
    } else if table.ic50_unit.starts_with("mg/kg in tissue") {
        mg / weight
    } else {
        mg
    }
}

/// Volume of distribution, L (1 for drugs counted in dose units; body weight for those per kilogram of bone surface).
fn volume_l(drug: Drug, weight_kg: f64) -> f64 {
    let t = drug.pharmacology();
    t.volume_l * libm::pow(weight_kg / t.reference_weight_kg, t.weight_exponent_volume)
}

/// Elimination rate in this child, 1/d.
fn elimination(drug: Drug, host: &Host, weight_kg: f64) -> f64 {
    let t = drug.pharmacology();
    let size =
        libm::pow(weight_kg / t.reference_weight_kg, t.weight_exponent_clearance - t.weight_exponent_volume);
    t.elimination_per_day * size * host.drug_clearance[drug as usize]
}

fn decay(c: &mut Compartment, day: f64, host: &Host, age_years: f64) {
    let h = day - c.day;
    if h <= 0.0 {
        return;
    }
    let t = c.drug.pharmacology();
    let ke = elimination(c.drug, host, host.weight_kg(age_years));
    let out = libm::exp(-ke * h);
    if t.absorption_per_day > 0.0 {
        // Keep the two rates apart, so that the difference quotient stays well conditioned.
        let ka = if (t.absorption_per_day - ke).abs() < 1e-3 * ke {
            t.absorption_per_day * 1.01
        } else {
            t.absorption_per_day
        };
        let inn = libm::exp(-ka * h);
        c.central = c.central * out + c.depot * ka / (ka - ke) * (out - inn);
        c.depot *= inn;
    } else {
        c.central *= out;
    }
    c.day = day;
}

fn effect(table: &pharmacology::Pharmacology, concentration: f64, ic50_factor: f64) -> f64 {
    let ic50 = table.ic50 * ic50_factor;
    // Bacteria, not the child, set the concentration an antibiotic needs; the child sets its penetration into bone.
    let ic50 = if table.channel == Channel::Abx { table.ic50 } else { ic50 };
    let (c, k) = if table.hill == 1.0 {
        (concentration, ic50)
    } else {
        (libm::pow(concentration, table.hill), libm::pow(ic50, table.hill))
    };
    table.e_max * c / (c + k)
}
