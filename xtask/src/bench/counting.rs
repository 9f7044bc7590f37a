//! A number that counts its operations.

use std::cell::Cell;
use std::ops::{Add, Div, Mul, Neg, Sub};

use osteoflare_kinetics::local::{Circulation, Effects, Host, Site, rates_and_export};
use osteoflare_kinetics::parameters::Parameters;
use osteoflare_kinetics::state::{ANTIGENS, LOCAL_STATES, Local};
use osteoflare_vector::{Scalar, with_one_division};

/// Operations of one kind of computation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Operations {
    /// Additions, subtractions.
    pub additions: u64,
    /// Multiplications.
    pub multiplications: u64,
    /// Divisions.
    pub divisions: u64,
    /// Square roots.
    pub roots: u64,
    /// Powers.
    pub powers: u64,
}

thread_local! {
    static COUNT: Cell<Operations> = Cell::default();
}

fn count(step: impl FnOnce(&mut Operations)) {
    let mut now = COUNT.get();
    step(&mut now);
    COUNT.set(now);
}

/// Only what differs from site to site counts: the rest is computed once for all sites.
#[derive(Clone, Copy)]
struct Counted {
    value: f64,
    varies: bool,
}

fn varying(value: f64) -> Counted {
    Counted { value, varies: true }
}

fn shared(value: f64) -> Counted {
    Counted { value, varies: false }
}

macro_rules! counted {
    ($trait:ident, $method:ident, $op:tt, $field:ident) => {
        impl $trait for Counted {
            type Output = Self;
            #[allow(clippy::suspicious_arithmetic_impl, reason = "counting is what this number does")]
            fn $method(self, other: Self) -> Self {
                let varies = self.varies || other.varies;
                if varies {
                    count(|c| c.$field += 1);
                }
                Counted { value: self.value $op other.value, varies }
            }
        }
    };
}

counted!(Add, add, +, additions);
counted!(Sub, sub, -, additions);
counted!(Mul, mul, *, multiplications);
counted!(Div, div, /, divisions);

impl Neg for Counted {
    type Output = Self;
    fn neg(self) -> Self {
        // A change of sign folds into the next addition.
        Counted { value: -self.value, ..self }
    }
}

impl Scalar for Counted {
    fn constant(value: f64) -> Self {
        shared(value)
    }
    fn sqrt(self) -> Self {
        if self.varies {
            count(|c| c.roots += 1);
        }
        Counted { value: self.value.sqrt(), ..self }
    }
    fn powf(self, exponent: f64) -> Self {
        if self.varies {
            count(|c| c.powers += 1);
        }
        Counted { value: self.value.powf(exponent), ..self }
    }
    fn quotients<const N: usize>(pairs: [(Self, Self); N]) -> [Self; N] {
        with_one_division(pairs)
    }
}

/// Operations of one right-hand side of one site without germs, with what it gives to the circulation.
pub fn per_site() -> Operations {
    let (k, v) = (shared(0.5), varying(0.5));
    let site = Site { kappa: v, antigens: [v; ANTIGENS], growth: v, remodelling: v, volume: v };
    let host = Host {
        il10_competence: k,
        regulatory_competence: k,
        self_reactivity: [k; ANTIGENS],
        foreign_reactivity: k,
        antibiotic_penetration: k,
    };
    let blood = Circulation { effectors: [k; ANTIGENS], regulators: k, foreign: k, priming: k, il6: k };
    let drug = Effects::<f64>::none().map(|_| k);
    let p = Parameters::default().map(shared);
    let mut y = [v; LOCAL_STATES];
    (y[Local::B as usize], y[Local::Bf as usize]) = (k, k);
    COUNT.set(Operations::default());
    // The equations compute the spill-over of IL-6 once for the sum and once, unused, with what the site gives.
    let (rates, given) = rates_and_export::<_, false>(&y, &site, &blood, &drug, &host, &p);
    for s in 0..LOCAL_STATES {
        let _ = rates.production[s] - rates.loss[s] * y[s];
    }
    let mut sums = [varying(0.0); ANTIGENS];
    for (sum, share) in sums.iter_mut().zip(site.antigens) {
        *sum = *sum + share * given.presentation;
    }
    let _ = given.il6 + sums[0];
    COUNT.get()
}
