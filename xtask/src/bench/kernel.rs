//! The right-hand side against the machine's own floor.

use std::hint::black_box;

use osteoflare_kinetics::parameters::Parameters;
use osteoflare_patient::awake::AwakeTask;
use osteoflare_solver::rosenbrock::Differentiable;
use osteoflare_vector::InstructionSet;

use super::counting;
use crate::{clock, document, flare};

/// Independent chains, enough to hide the latency of every operation.
const CHAINS: usize = 12;
const ROUNDS: usize = 20_000;

/// Runs `ROUNDS` of an operation on `CHAINS` independent vectors and returns their sum, so that nothing is dropped.
type Loop = fn() -> f64;

/// One loop, written with the vector operations themselves: what the compiler makes of plain arrays varies.
#[cfg(target_arch = "x86_64")]
macro_rules! chains {
    ($name:ident, $features:literal, $vector:ty, $set:ident, $lanes:literal, |$x:ident, $by:ident| $step:expr) => {
        #[target_feature(enable = $features)]
        fn $name() -> f64 {
            let $by = $set(black_box(0.7));
            let mut chains: [$vector; CHAINS] = [$set(black_box(1.1)); CHAINS];
            for _ in 0..ROUNDS {
                for chain in &mut chains {
                    let $x = *chain;
                    *chain = $step;
                }
            }
            // SAFETY: a vector is as many plain numbers.
            chains.iter().map(|c| unsafe { std::mem::transmute::<$vector, [f64; $lanes]>(*c) }[0]).sum()
        }
    };
}

#[cfg(target_arch = "x86_64")]
mod loops {
    use std::arch::x86_64::*;
    use std::hint::black_box;

    use super::{CHAINS, Loop, ROUNDS};
    use osteoflare_vector::InstructionSet;

    chains!(add128, "sse2", __m128d, _mm_set1_pd, 2, |x, by| _mm_add_pd(_mm_mul_pd(x, by), by));
    chains!(div128, "sse2", __m128d, _mm_set1_pd, 2, |x, by| _mm_div_pd(by, x));
    chains!(root128, "sse2", __m128d, _mm_set1_pd, 2, |x, _by| _mm_sqrt_pd(x));
    chains!(add256, "avx2", __m256d, _mm256_set1_pd, 4, |x, by| _mm256_add_pd(_mm256_mul_pd(x, by), by));
    chains!(div256, "avx2", __m256d, _mm256_set1_pd, 4, |x, by| _mm256_div_pd(by, x));
    chains!(root256, "avx2", __m256d, _mm256_set1_pd, 4, |x, _by| _mm256_sqrt_pd(x));
    chains!(add512, "avx512f", __m512d, _mm512_set1_pd, 8, |x, by| _mm512_add_pd(_mm512_mul_pd(x, by), by));
    chains!(div512, "avx512f", __m512d, _mm512_set1_pd, 8, |x, by| _mm512_div_pd(by, x));
    chains!(root512, "avx512f", __m512d, _mm512_set1_pd, 8, |x, _by| _mm512_sqrt_pd(x));

    /// Numbers in one vector, and the loops: multiply and add, divide, root.
    pub fn of(set: InstructionSet) -> (usize, [Loop; 3]) {
        // SAFETY (all nine): only called for a set that is available.
        match set {
            InstructionSet::Portable => {
                (2, [|| unsafe { add128() }, || unsafe { div128() }, || unsafe { root128() }])
            }
            InstructionSet::Avx2 => {
                (4, [|| unsafe { add256() }, || unsafe { div256() }, || unsafe { root256() }])
            }
            InstructionSet::Avx512 => {
                (8, [|| unsafe { add512() }, || unsafe { div512() }, || unsafe { root512() }])
            }
        }
    }
}

#[cfg(not(target_arch = "x86_64"))]
mod loops {
    use std::hint::black_box;

    use super::{CHAINS, Loop, ROUNDS};
    use osteoflare_vector::InstructionSet;

    fn chains(step: impl Fn([f64; 2], f64) -> [f64; 2]) -> f64 {
        let by = black_box(0.7);
        let mut chains = [[black_box(1.1); 2]; CHAINS];
        for _ in 0..ROUNDS {
            for chain in &mut chains {
                *chain = step(*chain, by);
            }
        }
        chains.iter().map(|c| c[0]).sum()
    }

    /// Numbers in one vector, and the loops: multiply and add, divide, root.
    pub fn of(_set: InstructionSet) -> (usize, [Loop; 3]) {
        let add: Loop = || chains(|x, by| x.map(|x| x * by + by));
        (2, [add, || chains(|x, by| x.map(|x| by / x)), || chains(|x, _| x.map(f64::sqrt))])
    }
}

/// Seconds per operation on one number.
struct Peak {
    arithmetic: f64,
    division: f64,
    root: f64,
}

impl Peak {
    fn measure(set: InstructionSet) -> Peak {
        let (lanes, [arithmetic, division, root]) = loops::of(set);
        let per = |f: Loop, operations: f64| {
            let seconds = clock::best(0.2, || {
                black_box(f());
            });
            seconds / (ROUNDS * CHAINS * lanes) as f64 / operations
        };
        Peak { arithmetic: per(arithmetic, 2.0), division: per(division, 1.0), root: per(root, 1.0) }
    }
}

/// Right-hand sides, one after another.
struct Repeat<'a> {
    y: &'a [f64],
    dy: &'a mut [f64],
    times: usize,
}

impl AwakeTask for Repeat<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Differentiable>(self, system: &mut S) {
        for _ in 0..self.times {
            system.derivative(black_box(self.y), black_box(self.dy));
        }
    }
}

/// CPU seconds of one right-hand side of one site, in systems of `n` sites without germs.
pub fn seconds_per_site(n: usize, set: InstructionSet) -> f64 {
    let mut problem = flare::awake(n, &Parameters::default());
    assert!(problem.system.use_instruction_set(set), "{set:?} was listed as available");
    let mut dy = vec![0.0; problem.y.len()];
    let times = 200_000 / n;
    let mut once = || problem.system.run(false, Repeat { y: &problem.y, dy: &mut dy, times });
    clock::best(0.3, &mut once) / (times * n) as f64
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
        "## Right-hand side\n\nOne site without germs costs {} additions, {} multiplications, {} divisions and {} square \
         roots (counted by running the equations over a counting number; what is the same for all sites is computed \
         once and not counted). The peak rates are measured in the same run with independent chains of the same \
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
