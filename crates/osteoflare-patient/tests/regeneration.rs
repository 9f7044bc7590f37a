//! The regeneration number 𝓡ₛ against an independent integration with slow states held.

mod children;

use children::{child, sites_of};
use osteoflare_kinetics::local::{Circulation, Effects, Site, derivatives};
use osteoflare_kinetics::parameters::Parameters;
use osteoflare_kinetics::state::{ANTIGENS, LOCAL, LOCAL_STATES, Local, SYSTEMIC_STATES, Systemic};
use osteoflare_kinetics::tolerance::regeneration_number;
use osteoflare_patient::host::Host;

/// Held: regulation, memory, bone, oedema, sensitisation, damage, germs.
const SLOW: [Local; 10] =
    [Local::G, Local::Z, Local::Er, Local::V, Local::X, Local::W, Local::Ps, Local::H, Local::B, Local::Bf];

struct Ground {
    host: Host,
    p: Parameters<f64>,
    site: Site<f64>,
    y: [f64; LOCAL_STATES],
    z: [f64; SYSTEMIC_STATES],
}

fn ground() -> Ground {
    let p = Parameters::default();
    let host = child("broken_tolerance", 1, &p);
    let site = sites_of(&host, &p)[0];
    let mut y = LOCAL.map(|s| s.at_rest);
    y[Local::D as usize] = p.kT / p.cD;
    let mut z = [0.0; SYSTEMIC_STATES];
    z[..ANTIGENS].fill(0.3);
    z[Systemic::Gs as usize] = 0.2;
    Ground { host, p, site, y, z }
}

impl Ground {
    fn number(&self, kappa: f64, drug: &Effects<f64>) -> f64 {
        let site = Site { kappa, ..self.site };
        regeneration_number(&self.y, &self.z, &site, drug, &self.host.kinetic, &self.p)
    }

    /// Susceptibility at which 𝓡ₛ has the value `target`, by bisection.
    fn kappa_for(&self, target: f64) -> f64 {
        let (mut low, mut high) = (1e-3, 20.0);
        let none = Effects::none();
        assert!(self.number(low, &none) < target && self.number(high, &none) > target);
        for _ in 0..60 {
            let middle = 0.5 * (low + high);
            if self.number(middle, &none) < target { low = middle } else { high = middle }
        }
        0.5 * (low + high)
    }

    /// Macrophages `days` after a strong pulse, by classical Runge–Kutta with slow states held.
    fn after_pulse(&self, kappa: f64, days: f64) -> f64 {
        let site = Site { kappa, ..self.site };
        let blood = Circulation {
            effectors: std::array::from_fn(|k| self.z[k]),
            regulators: self.z[Systemic::Gs as usize],
            foreign: 0.0,
            priming: self.z[Systemic::U as usize],
            il6: 0.0,
        };
        let drug = Effects::none();
        let slope = |y: &[f64; LOCAL_STATES]| {
            let mut dy = derivatives(y, &site, &blood, &drug, &self.host.kinetic, &self.p);
            for s in SLOW {
                dy[s as usize] = 0.0;
            }
            dy
        };
        let mut y = self.y;
        for s in
            [Local::M, Local::D, Local::E, Local::I1, Local::T, Local::I6, Local::I17, Local::R, Local::N]
        {
            y[s as usize] = 1.5;
        }
        y[Local::D as usize] = 4.0;
        // Stable for rates up to 2.7/h.
        let h = 0.02_f64.min(2.0 / (self.p.mu + 1.0) / 4.0);
        let move_by = |y: &[f64; LOCAL_STATES], k: &[f64; LOCAL_STATES], h: f64| -> [f64; LOCAL_STATES] {
            std::array::from_fn(|i| y[i] + h * k[i])
        };
        for _ in 0..(days / h) as usize {
            let k1 = slope(&y);
            let k2 = slope(&move_by(&y, &k1, 0.5 * h));
            let k3 = slope(&move_by(&y, &k2, 0.5 * h));
            let k4 = slope(&move_by(&y, &k3, h));
            for i in 0..LOCAL_STATES {
                y[i] += h / 6.0 * (k1[i] + 2.0 * k2[i] + 2.0 * k3[i] + k4[i]);
            }
        }
        y[Local::M as usize]
    }
}

#[test]
fn below_one_a_pulse_dies_and_well_above_one_it_lives() {
    let ground = ground();
    let dying = ground.after_pulse(ground.kappa_for(0.85), 900.0);
    let living = ground.after_pulse(ground.kappa_for(1.3), 900.0);
    assert!(dying < 0.05, "𝓡ₛ 0.85 leaves macrophages at {dying}");
    assert!(living > 0.05, "𝓡ₛ 1.3 leaves macrophages at {living}");
}

#[test]
fn it_rises_with_susceptibility() {
    let ground = ground();
    let numbers: Vec<f64> =
        [0.2, 0.5, 1.0, 1.5, 2.5].iter().map(|&kappa| ground.number(kappa, &Effects::none())).collect();
    assert!(numbers.is_sorted_by(|a, b| a < b), "{numbers:?}");
}

#[test]
fn anti_inflammatory_drugs_lower_it_with_their_dose() {
    let ground = ground();
    let none = Effects::none();
    let kappa = ground.kappa_for(1.3);
    let drugs: [(&str, fn(&mut Effects<f64>, f64)); 5] = [
        ("glucocorticoid", |e, x| e.gc = x),
        ("TNF", |e, x| e.tnf = x),
        ("IL-1", |e, x| e.il1 = x),
        ("JAK", |e, x| e.jak = x),
        ("methotrexate", |e, x| e.mtx = x),
    ];
    for (name, set) in drugs {
        let mut last = ground.number(kappa, &none);
        for level in [0.25, 0.5, 0.75, 1.0] {
            let mut effects = none;
            set(&mut effects, level);
            let now = ground.number(kappa, &effects);
            assert!(now < last, "{name} at {level}: {now} after {last}");
            last = now;
        }
    }
    let mut antibiotic = none;
    antibiotic.abx = 1.0;
    assert_eq!(ground.number(kappa, &antibiotic), ground.number(kappa, &none));
}
