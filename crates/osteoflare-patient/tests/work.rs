//! Work of the solver on fixed children: a loss of efficiency shows as a difference. Ratios, because counts would
//! change with every calibration.

mod children;

use children::{broken, child, infection, simulation};
use osteoflare_kinetics::parameters::Parameters;
use osteoflare_patient::prescription::Drug;
use osteoflare_patient::simulation::{Settings, Simulation};

fn line(name: &str, mut s: Simulation, weeks: u32) -> String {
    s.advance_to(7.0 * f64::from(weeks)).expect("solved");
    let (awake, asleep) = (s.work().awake, s.work().sleeping_steps);
    let sites = s.local().len() as f64;
    let mean_awake = awake.block_derivatives as f64 / awake.derivatives as f64;
    format!(
        "{name:28} steps a week {:3.0}  rejected {:2.0} %  derivatives a step {:3.1}  awake {:3.0} %  steps of a \
         sleeping site a week {:4.2}\n",
        awake.steps as f64 / f64::from(weeks),
        100.0 * awake.rejected as f64 / awake.steps as f64,
        awake.derivatives as f64 / awake.steps as f64,
        100.0 * mean_awake / sites,
        asleep as f64 / f64::from(weeks) / sites,
    )
}

#[test]
fn work_of_fixed_children() {
    let p = Parameters::default();
    let usual = Settings::default();
    let of = |population: &str, exposures: &[_], settings| {
        simulation(child(population, 2, &p), exposures, p, settings)
    };
    let mut text = line("healthy", of("healthy", &[], usual), 104);
    text += &line("broken tolerance", broken(2), 104);
    let awake = Settings { sleeping: false, ..usual };
    text += &line("all sites awake", of("broken_tolerance", &[], awake), 4);
    let mut treated = of("healthy", &[infection()], usual);
    treated.advance_to(10.0).expect("solved");
    treated.prescribe(Drug::Cefazolin.standard_regimen(), 28.0);
    text += &line("infection, treated", treated, 8);
    insta::assert_snapshot!(text);
}
