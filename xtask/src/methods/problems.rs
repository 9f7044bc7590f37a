//! The problems on which integrators are compared.

use osteoflare_kinetics::local::Effects;
use osteoflare_kinetics::parameters::Parameters;
use osteoflare_kinetics::state::{ANTIGENS, LOCAL_STATES, Local, SYSTEMIC_STATES};
use osteoflare_kinetics::systemic::Imports;
use osteoflare_patient::awake::position;
use osteoflare_solver::system::{Statistics, Tolerance, place};

use super::integrators::{Method, Window, integrate};
use crate::flare::{Awake, awake, strike};

/// One problem: windows of constant inputs with blows between them.
pub struct Problem {
    pub name: &'static str,
    start: Awake,
    days: f64,
    window_days: f64,
    /// Whether bacteria are put into the first site, and antibiotics given from day 5 on.
    infection: bool,
}

impl Problem {
    pub fn all() -> Vec<Problem> {
        let p = Parameters::default();
        // The fastest turnover of cytokines within the plausible range: plasma half-lives.
        let mut fast = p;
        fast.mu = 60.0;
        let of =
            |name, start, days, window_days, infection| Problem { name, start, days, window_days, infection };
        vec![
            of("one flaring site, 400 d", awake(1, &p), 400.0, 7.0, false),
            of("25 sites awake, 1 year", awake(25, &p), 364.0, 7.0, false),
            of("75 sites awake, 1 year", awake(75, &p), 364.0, 7.0, false),
            of("150 sites awake, 1 year", awake(150, &p), 364.0, 7.0, false),
            of("infection with antibiotics, 60 d", awake(8, &p), 60.0, 1.0, true),
            of("25 sites, cytokines ten times faster", awake(25, &fast), 364.0, 7.0, false),
        ]
    }

    /// States at about a dozen times.
    pub fn solve(
        &self,
        method: &mut Method,
        tolerance: Tolerance,
    ) -> Result<(Vec<Vec<f64>>, Statistics), String> {
        let Awake { mut system, mut y } = self.start.clone();
        let blocks = system.blocks();
        if self.infection {
            y[position(Local::B, 0)] = 5.0;
        }
        let mut statistics = Statistics::default();
        let mut records = Vec::new();
        let windows = (self.days / self.window_days).round() as usize;
        for w in 0..windows {
            let day = w as f64 * self.window_days;
            if self.infection {
                let mut effects = Effects::none();
                // The daily mean of a drug given from day 5 on, with its small swings.
                effects.abx = if day < 5.0 { 0.0 } else { 0.7 + 0.02 * (w % 3) as f64 };
                let outside = Imports { presentation: [0.0; ANTIGENS], il6: 0.0, pamp: 0.0 };
                system.set_inputs(&effects, outside);
            } else if w % 2 == 1 {
                strike(&mut y, w * 37 % blocks, 1.5);
            }
            let window =
                Window { y: &mut y, day, span: self.window_days, tolerance, statistics: &mut statistics };
            integrate(&system, method, window).map_err(|e| e.to_string())?;
            if (w + 1) % windows.div_ceil(12) == 0 || w + 1 == windows {
                records.push(y.clone());
            }
        }
        Ok((records, statistics))
    }

    /// Largest difference over states and times, relative to the state plus its scale (1 r.u.; 10 mg/L for CRP;
    /// 10³ CFU/mL for bacteria).
    pub fn error(&self, found: &[Vec<f64>], reference: &[Vec<f64>]) -> f64 {
        let (stride, blocks) = (self.start.system.stride(), self.start.system.blocks());
        let scale = self.start.system.tolerance_scale();
        let mut worst = 0.0_f64;
        for (a, b) in found.iter().zip(reference) {
            for s in 0..LOCAL_STATES {
                for block in 0..blocks {
                    let i = place(LOCAL_STATES, s, block);
                    worst = worst.max((a[i] - b[i]).abs() / (scale[s] + b[i].abs()));
                }
            }
            for k in 0..SYSTEMIC_STATES {
                let i = LOCAL_STATES * stride + k;
                worst = worst.max((a[i] - b[i]).abs() / (scale[LOCAL_STATES + k] + b[i].abs()));
            }
        }
        worst
    }
}
