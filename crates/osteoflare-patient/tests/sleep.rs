//! The error of sleep, measured against its bound.
//!
//! Let `φ` be the exact motion of a site over a week and `ψ` the weekly step. After `n` weeks the error is a sum of
//! local errors, each carried on by the exact motion: `‖ψⁿ(y) − φⁿ(y)‖ ≤ Σ_k K·‖ψ(y_k) − φ(y_k)‖`, where `K` bounds by
//! how much the exact motion may spread two neighbouring states. Both factors are measured here on sleeping sites of
//! real lives, and the sum is held below what any instrument sees.

mod children;

use children::{child, simulation};
use osteoflare_kinetics::local::{Circulation, Effects, Host, Site, derivatives};
use osteoflare_kinetics::parameters::Parameters;
use osteoflare_kinetics::state::{LOCAL_STATES, Local};
use osteoflare_kinetics::systemic;
use osteoflare_patient::asleep::{self, Surroundings};
use osteoflare_patient::growth;
use osteoflare_patient::simulation::{Settings, Simulation, WEEK};
use osteoflare_skeleton::{SiteId, Skeleton};

type State = [f64; LOCAL_STATES];

const WEEKS: usize = 26;
/// What the sum of errors must stay below, relative to one plus the state; MRI and radiographs see some 0.1.
const BOUND: f64 = 0.01;

/// A site and what acts on it, held constant.
struct Quiet {
    site: Site<f64>,
    blood: Circulation<f64>,
    drug: Effects<f64>,
    host: Host<f64>,
    p: Parameters<f64>,
    start: State,
}

impl Quiet {
    fn around(&self) -> Surroundings<'_, f64> {
        Surroundings {
            site: &self.site,
            blood: &self.blood,
            drug: &self.drug,
            host: &self.host,
            parameters: &self.p,
        }
    }

    fn step(&self, mut y: State) -> State {
        asleep::step(&mut y, &self.around(), WEEK);
        y
    }

    /// The exact motion over a week: classical Runge–Kutta in small steps.
    fn flow(&self, mut y: State) -> State {
        let h = 0.025;
        let slope = |y: &State| derivatives(y, &self.site, &self.blood, &self.drug, &self.host, &self.p);
        let along = |y: &State, k: &State, by: f64| -> State { std::array::from_fn(|s| y[s] + by * k[s]) };
        for _ in 0..(WEEK / h) as usize {
            let a = slope(&y);
            let b = slope(&along(&y, &a, 0.5 * h));
            let c = slope(&along(&y, &b, 0.5 * h));
            let d = slope(&along(&y, &c, h));
            y = std::array::from_fn(|s| y[s] + h / 6.0 * (a[s] + 2.0 * b[s] + 2.0 * c[s] + d[s]));
        }
        y
    }
}

fn distance(a: &State, b: &State) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b).abs() / (1.0 + b.abs())).fold(0.0, f64::max)
}

/// The sleeping sites of a life with most macrophages, and some of the others.
fn quiet(mut s: Simulation) -> Vec<Quiet> {
    s.advance_to(52.0 * WEEK).expect("solved");
    let sites = Skeleton::get().sites();
    let mut asleep: Vec<usize> = (0..sites.len()).filter(|&i| !s.is_awake(SiteId(i as u16))).collect();
    asleep.sort_by(|&a, &b| s.local()[b][Local::M as usize].total_cmp(&s.local()[a][Local::M as usize]));
    let blood = systemic::circulation(s.systemic(), s.blood_il6());
    let (host, p) = (s.host(), *s.parameters());
    let chosen = asleep.iter().take(6).chain(asleep.iter().skip(6).step_by(60));
    chosen
        .map(|&i| Quiet {
            site: Site {
                kappa: host.sites[i].kappa,
                antigens: host.sites[i].antigens,
                growth: sites[i].growth,
                remodelling: growth::remodelling(
                    growth::growth_activity(&sites[i], s.age_years(), host.sex, &p),
                    &p,
                ),
                volume: sites[i].volume,
            },
            blood,
            drug: Effects::none(),
            host: host.kinetic,
            p,
            start: s.local()[i],
        })
        .collect()
}

#[test]
fn error_of_sleep_stays_below_its_bound() {
    let p = Parameters::default();
    for (population, index) in [("healthy", 0), ("broken_tolerance", 2)] {
        let sites = quiet(simulation(child(population, index, &p), &[], p, Settings::default()));
        assert!(sites.len() > 6, "{population}: only {} sites sleep", sites.len());
        let (mut worst_bound, mut worst_error) = (0.0_f64, 0.0_f64);
        for quiet in sites {
            let (mut stepped, mut exact) = (quiet.start, quiet.start);
            let (mut sum, mut spread) = (0.0, 1.0_f64);
            for week in 0..WEEKS {
                let (step, flow) = (quiet.step(stepped), quiet.flow(stepped));
                let local = distance(&step, &flow);
                if week % 9 == 0 && local > 1e-12 {
                    let (mut a, mut b) = (step, flow);
                    for _ in week + 1..WEEKS {
                        (a, b) = (quiet.flow(a), quiet.flow(b));
                        spread = spread.max(distance(&a, &b) / local);
                    }
                }
                sum += local;
                stepped = step;
                exact = quiet.flow(exact);
                if asleep::must_wake(&stepped, &quiet.around()) {
                    break;
                }
                let error = distance(&stepped, &exact);
                worst_error = worst_error.max(error);
                worst_bound = worst_bound.max(spread * sum);
                assert!(error <= spread * sum + 1e-9, "{population}: error {error} above {}", spread * sum);
            }
        }
        println!("{population}: error {worst_error:.1e}, bound {worst_bound:.1e}");
        assert!(worst_bound < BOUND, "{population}: the bound is {worst_bound}");
    }
}
