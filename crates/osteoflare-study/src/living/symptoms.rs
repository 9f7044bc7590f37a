//! What child and parents notice, and when it makes them seek care.
//!
//! High fever brings a child to hospital within days. Pain brings it to a doctor at some time, who watches, gives a
//! painkiller, refers: the clinic sees the child after a wait, whatever the pain has done meanwhile.

use osteoflare_kinetics::parameters::Parameters;
use osteoflare_kinetics::state::Local;
use osteoflare_patient::purpose;
use osteoflare_patient::simulation::Simulation;
use osteoflare_random::Stream;
use osteoflare_skeleton::SiteId;

/// Pain that a child complains of, 0–10.
const PAINFUL: f64 = 3.0;
/// Temperature that parents measure as fever, °C.
const FEVER_C: f64 = 38.0;
/// Temperature that alarms them, °C.
const HIGH_FEVER_C: f64 = 39.0;
/// Complaints further apart than this are told as separate stories, days.
const ONE_STORY_DAYS: f64 = 365.25;

/// Draws of the stream of care from here on are used once; those before are the patience of each flare.
const REFERRAL_DRAWS: u64 = 1 << 32;

/// Whether someone calls the clinic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Urge {
    /// Nobody calls.
    None,
    /// Enough to be seen for the first time.
    First,
    /// Enough for a known patient to come back.
    Again,
}

/// Symptoms up to now.
#[derive(Clone, Debug)]
pub(super) struct Symptoms {
    care: Stream,
    care_pain: f64,
    care_fever: f64,
    care_flare: f64,
    /// Accumulated hazard of going to a doctor with pain, and the draw at which it happens.
    pressure: f64,
    patience: f64,
    /// Accumulated hazard of an emergency because of high fever, and the draw at which it happens.
    alarm: f64,
    composure: f64,
    /// Days between the first doctor and the clinic.
    referral_days: f64,
    /// Day of the appointment at the clinic.
    appointment: Option<f64>,
    seen: bool,
    flare_pressure: f64,
    flares: u64,
    onset: Option<f64>,
    last_complaint: f64,
    last_fever: f64,
}

impl Symptoms {
    pub(super) fn new(seed: u64, index: u32, p: &Parameters<f64>) -> Self {
        let care = Stream::new(seed, index, purpose::CARE);
        Symptoms {
            patience: care.exponential(0),
            care,
            care_pain: p.care_pain,
            care_fever: p.care_fever,
            care_flare: p.care_flare,
            pressure: 0.0,
            alarm: 0.0,
            composure: care.exponential(REFERRAL_DRAWS),
            referral_days: p.care_referral
                * 0.5
                * (care.exponential(REFERRAL_DRAWS + 1) + care.exponential(REFERRAL_DRAWS + 2)),
            appointment: None,
            seen: false,
            flare_pressure: 0.0,
            flares: 1,
            onset: None,
            last_complaint: f64::NEG_INFINITY,
            last_fever: f64::NEG_INFINITY,
        }
    }

    /// First day of the present story.
    pub(super) fn onset_day(&self) -> Option<f64> {
        self.onset
    }

    /// Whether there was fever since `day`.
    pub(super) fn fever_since(&self, day: f64) -> bool {
        self.last_fever >= day
    }

    /// Whether symptoms may change within days before the child has been seen.
    pub(super) fn needs_daily_look(&self, simulation: &Simulation, presented: bool) -> bool {
        !presented
            && simulation.local().iter().any(|y| y[Local::M as usize] > 0.2 || y[Local::B as usize] > 0.0)
    }

    /// Takes in the last `days`, of which the end is now.
    pub(super) fn feel(&mut self, simulation: &Simulation, days: f64) -> Urge {
        let now = simulation.day();
        let worst = worst_pain(simulation);
        let temperature = simulation.temperature_c();
        if temperature > FEVER_C {
            self.last_fever = now;
        }
        if worst > PAINFUL {
            if now - self.last_complaint > ONE_STORY_DAYS {
                self.onset = Some(now);
            }
            self.last_complaint = now;
        }
        if worst > PAINFUL {
            let severity = worst / 5.0;
            self.pressure += self.care_pain * severity * days;
            self.flare_pressure += self.care_flare * severity * days;
        }
        if temperature > HIGH_FEVER_C {
            self.alarm += self.care_fever * days;
        }
        if self.appointment.is_none() && self.pressure >= self.patience {
            self.appointment = Some(now + self.referral_days);
        }
        if !self.seen {
            if self.alarm >= self.composure || self.appointment.is_some_and(|day| day <= now) {
                self.seen = true;
                self.flare_pressure = 0.0;
                return Urge::First;
            }
            return Urge::None;
        }
        if self.flare_pressure >= self.care.exponential(self.flares) {
            self.flares += 1;
            self.flare_pressure = 0.0;
            return Urge::Again;
        }
        Urge::None
    }
}

/// Worst pain anywhere, 0–10.
fn worst_pain(simulation: &Simulation) -> f64 {
    simulation
        .local()
        .iter()
        .enumerate()
        .filter(|(_, y)| y[Local::M as usize] > 0.01 || y[Local::N as usize] > 0.01)
        .map(|(i, _)| simulation.pain(SiteId(i as u16)))
        .fold(0.0, f64::max)
}
