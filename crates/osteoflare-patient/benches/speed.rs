//! `cargo bench -p osteoflare-patient`: the right-hand side, a window of awake sites, a decade of a child.

#[path = "../tests/children/mod.rs"]
mod children;

use children::{child, inflamed, simulation, sites_of};
use divan::{Bencher, black_box};
use osteoflare_kinetics::local::Effects;
use osteoflare_kinetics::parameters::Parameters;
use osteoflare_kinetics::state::ANTIGENS;
use osteoflare_kinetics::systemic::Imports;
use osteoflare_patient::awake::{AwakeSystem, Integration};
use osteoflare_patient::simulation::Settings;
use osteoflare_solver::dormand_prince::DormandPrince;
use osteoflare_solver::system::Statistics;
use osteoflare_vector::InstructionSet;

fn main() {
    divan::main();
}

fn awake(sites: usize) -> (AwakeSystem, Vec<f64>) {
    let p = Parameters::default();
    let host = child("broken_tolerance", 1, &p);
    let mut system = AwakeSystem::new(&p, &host.kinetic);
    system.set_sites(sites_of(&host, &p)[..sites].iter().copied());
    system.set_inputs(&Effects::none(), Imports { presentation: [0.0; ANTIGENS], il6: 0.0, pamp: 0.0 });
    (system, inflamed(sites))
}

#[divan::bench(args = InstructionSet::available())]
fn derivative_of_64_sites(bencher: Bencher, set: InstructionSet) {
    let (mut system, y) = awake(64);
    system.use_instruction_set(set);
    let mut dy = vec![0.0; y.len()];
    bencher.bench_local(|| system.derivative(black_box(&y), black_box(&mut dy)));
}

#[divan::bench(args = [1, 25, 150, 266])]
fn week_of_awake_sites(bencher: Bencher, sites: usize) {
    let (system, start) = awake(sites);
    bencher.with_inputs(|| (start.clone(), DormandPrince::new())).bench_local_values(
        |(mut y, mut integrator)| {
            system.integrate(Integration {
                integrator: &mut integrator,
                y: &mut y,
                day: 0.0,
                span: 7.0,
                tolerance: Settings::default().tolerance,
                statistics: &mut Statistics::default(),
            })
        },
    );
}

#[divan::bench(args = ["healthy", "broken_tolerance"], sample_count = 10)]
fn decade_of_a_child(bencher: Bencher, population: &str) {
    let p = Parameters::default();
    let host = child(population, 1, &p);
    bencher
        .with_inputs(|| simulation(host.clone(), &[], p, Settings::default()))
        .bench_local_values(|mut s| s.advance_to(3650.0));
}
