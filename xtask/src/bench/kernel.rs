//! The right-hand side against the machine's own floor.

use std::hint::black_box;

use osteoflare_kinetics::parameters::Parameters;
use osteoflare_patient::awake::{AwakeSystem, InstructionSet};
use osteoflare_solver::system::{BlockSystem, LANES};

use super::counting;
use crate::{clock, document, flare};

/// Independent chains, enough to hide the latency of every operation.
const CHAINS: usize = 12;
const ROUNDS: usize = 20_000;

type Lane = [f64; LANES];

#[inline(always)]
fn arithmetic_body(x: &mut [Lane; CHAINS], by: Lane) {
    // A copy, so that the chains live in registers.
    let mut y = *x;
    for _ in 0..ROUNDS {
        for chain in &mut y {
            for i in 0..LANES {
                chain[i] = chain[i] * by[i] + by[i];
            }
        }
    }
    *x = y;
}

#[inline(always)]
fn division_body(x: &mut [Lane; CHAINS], by: Lane) {
    // A copy, so that the chains live in registers.
    let mut y = *x;
    for _ in 0..ROUNDS {
        for chain in &mut y {
            for i in 0..LANES {
                chain[i] = by[i] / chain[i];
            }
        }
    }
    *x = y;
}

#[inline(always)]
fn root_body(x: &mut [Lane; CHAINS], _by: Lane) {
    // A copy, so that the chains live in registers.
    let mut y = *x;
    for _ in 0..ROUNDS {
        for chain in &mut y {
            for i in 0..LANES {
                chain[i] = chain[i].sqrt();
            }
        }
    }
    *x = y;
}

macro_rules! compiled_for {
    ($module:ident, $(#[$attribute:meta])*) => {
        mod $module {
            use super::{CHAINS, Lane};

            $(#[$attribute])*
            pub(super) fn arithmetic(x: &mut [Lane; CHAINS], by: Lane) {
                super::arithmetic_body(x, by);
            }
            $(#[$attribute])*
            pub(super) fn division(x: &mut [Lane; CHAINS], by: Lane) {
                super::division_body(x, by);
            }
            $(#[$attribute])*
            pub(super) fn root(x: &mut [Lane; CHAINS], by: Lane) {
                super::root_body(x, by);
            }
        }
    };
}

compiled_for!(portable,);
#[cfg(target_arch = "x86_64")]
compiled_for!(avx2, #[target_feature(enable = "avx2")]);
#[cfg(target_arch = "x86_64")]
compiled_for!(avx512, #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw")]);

/// Seconds per operation on one number.
struct Peak {
    arithmetic: f64,
    division: f64,
    root: f64,
}

type Loop = fn(&mut [Lane; CHAINS], Lane);

fn loops(set: InstructionSet) -> [Loop; 3] {
    match set {
        // SAFETY (all six): only called for a set that is available.
        #[cfg(target_arch = "x86_64")]
        InstructionSet::Avx512 => [
            |x, by| unsafe { avx512::arithmetic(x, by) },
            |x, by| unsafe { avx512::division(x, by) },
            |x, by| unsafe { avx512::root(x, by) },
        ],
        #[cfg(target_arch = "x86_64")]
        InstructionSet::Avx2 => [
            |x, by| unsafe { avx2::arithmetic(x, by) },
            |x, by| unsafe { avx2::division(x, by) },
            |x, by| unsafe { avx2::root(x, by) },
        ],
        _ => [portable::arithmetic, portable::division, portable::root],
    }
}

impl Peak {
    fn measure(set: InstructionSet) -> Peak {
        let per = |f: Loop, operations: f64| {
            let mut x = [[1.1; LANES]; CHAINS];
            let seconds = clock::best(0.2, || f(black_box(&mut x), black_box([0.7; LANES])));
            seconds / (ROUNDS * CHAINS * LANES) as f64 / operations
        };
        let [arithmetic, division, root] = loops(set);
        Peak { arithmetic: per(arithmetic, 2.0), division: per(division, 1.0), root: per(root, 1.0) }
    }
}

/// CPU seconds of one right-hand side of one site, in systems of `n` sites.
pub fn seconds_per_site(n: usize, set: InstructionSet) -> f64 {
    let mut problem = flare::awake(n, &Parameters::default());
    assert!(problem.system.use_instruction_set(set), "only available sets are measured");
    let mut dy = vec![0.0; problem.y.len()];
    let repeat = 20_000 / n.max(1);
    let run = |system: &mut AwakeSystem, dy: &mut [f64]| {
        for _ in 0..repeat {
            system.derivative(black_box(&problem.y), black_box(dy));
        }
    };
    clock::best(0.3, || run(&mut problem.system, &mut dy)) / (repeat * n) as f64
}

/// The section of the page.
pub fn measure() -> String {
    eprintln!("bench: kernel");
    let operations = counting::per_site();
    let mut rows = Vec::new();
    for set in InstructionSet::available() {
        let peak = Peak::measure(set);
        let arithmetic = (operations.additions + operations.multiplications) as f64 * peak.arithmetic;
        let slow = operations.divisions as f64 * peak.division + operations.roots as f64 * peak.root;
        let seconds = seconds_per_site(64, set);
        let floor = arithmetic.max(slow);
        rows.push(vec![
            format!("{set:?}"),
            format!("{:.2}", 1e-9 / peak.arithmetic),
            format!("{:.2}", 1e-9 / peak.division),
            format!("{:.2}", 1e-9 / peak.root),
            format!("{:.1}", 1e9 * floor),
            format!("{:.1}", 1e9 * (arithmetic + slow)),
            format!("{:.1}", 1e9 * seconds),
            format!("{:.2}", 1e-6 / seconds),
            format!("{:.0} %", 100.0 * floor / seconds),
            format!("{:.0} %", 100.0 * (arithmetic + slow) / seconds),
        ]);
    }
    let mut out = format!(
        "## Right-hand side\n\nOne site costs {} additions, {} multiplications, {} divisions and {} square roots \
         (counted by running the equations over a counting number; constant subexpressions are counted although the \
         compiler lifts some out). The peak rates are measured in the same run with independent chains of the same \
         width. Arithmetic and division use different units of the processor: the floor is the longer of the two, \
         and their sum is what a machine without that overlap would need. 64 sites.\n\n",
        operations.additions, operations.multiplications, operations.divisions, operations.roots
    );
    assert_eq!(operations.powers, 0, "powers would need a rate of their own");
    out += &document::table(
        &[
            "instructions",
            "add or multiply, 10⁹/s",
            "divide, 10⁹/s",
            "root, 10⁹/s",
            "floor, ns/site",
            "without overlap, ns/site",
            "measured, ns/site",
            "10⁶ sites/s",
            "floor / measured",
            "without overlap / measured",
        ],
        &rows,
    );
    out
}
