//! One exported model in diffsol. Usage: `osteoflare-diffsol MODEL.so bdf|tr_bdf2|tsit45 RTOL ATOL DAY...`
//!
//! Prints, on one line, version, CPU seconds, steps, peak MiB and CPU seconds of loading, then the states of every day, a
//! number a line.

mod model;

use std::error::Error;
use std::path::Path;

use diffsol::{FaerSparseLU, KLU, OdeBuilder, OdeSolverMethod, OdeSolverStopReason, Vector, VectorCommon};

use model::{M, Model};

/// CPU seconds of this process.
fn cpu_s() -> f64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the pointer is to a whole `timespec`.
    unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &raw mut time) };
    time.tv_sec as f64 + 1e-9 * time.tv_nsec as f64
}

/// Peak memory of this process, MiB.
fn peak_mib() -> Result<f64, Box<dyn Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no peak")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<f64>()? / 1024.0)
}

/// Version of diffsol.
fn version() -> &'static str {
    let after = include_str!("../Cargo.lock").split("name = \"diffsol\"\nversion = \"").nth(1);
    after.and_then(|rest| rest.split('"').next()).unwrap_or("?")
}

/// Runs to every day in turn, each jump at its day; states of all days, one after another, and steps.
fn course<'a, S: OdeSolverMethod<'a, Model>>(
    mut solver: S,
    model: &Model,
    days: &[f64],
) -> Result<(Vec<f64>, usize), Box<dyn Error>> {
    let mut states = Vec::new();
    let mut strikes = model.strikes.iter().peekable();
    for &wanted in days {
        while solver.state().t < wanted || strikes.peek().is_some_and(|strike| strike.day <= wanted) {
            let end = strikes.peek().map_or(wanted, |strike| strike.day.min(wanted));
            solver.set_stop_time(end)?;
            while !matches!(solver.step()?, OdeSolverStopReason::TstopReached) {}
            while let Some(strike) = strikes.next_if(|strike| strike.day <= end) {
                let state = solver.state_mut();
                let y = state.y.inner_mut().col_as_slice_mut(0);
                y[strike.at as usize] += strike.amount;
                // Steps start from the state and its slope: both must be of after the jump.
                model.rates(y, state.dy.inner_mut().col_as_slice_mut(0));
            }
        }
        states.extend_from_slice(solver.state().y.inner().col_as_slice(0));
    }
    Ok((states, solver.get_statistics().number_of_steps))
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [path, method, relative, absolute, days @ ..] = arguments.as_slice() else {
        return Err("MODEL.so bdf|tr_bdf2|tsit45 RTOL ATOL DAY...".into());
    };
    let days: Vec<f64> = days.iter().map(|day| day.parse()).collect::<Result<_, _>>()?;
    let start = cpu_s();
    let model = Model::load(Path::new(path))?;
    let loading = cpu_s() - start;
    let mut problem =
        OdeBuilder::<M>::new().rtol(relative.parse()?).atol([absolute.parse()?]).build_from_eqn(model)?;
    // The default ends a run after fifty failures of Newton's iteration in all: a flaring child has more.
    problem.ode_options.max_nonlinear_solver_failures = usize::MAX;
    problem.ode_options.max_error_test_failures = usize::MAX;
    let model = problem.eqn();
    let start = cpu_s();
    let (states, steps) = match method.as_str() {
        "bdf" => course(problem.bdf::<FaerSparseLU<f64>>()?, model, &days)?,
        "tr_bdf2" => course(problem.tr_bdf2::<KLU<M>>()?, model, &days)?,
        "tsit45" => course(problem.tsit45()?, model, &days)?,
        other => return Err(format!("method {other}: bdf, tr_bdf2 and tsit45 exist").into()),
    };
    println!("{} {:.6} {steps} {:.2} {loading:.6}", version(), cpu_s() - start, peak_mib()?);
    for value in states {
        println!("{value:?}");
    }
    Ok(())
}
