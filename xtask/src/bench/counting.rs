//! A number that counts its operations.

use std::cell::Cell;
use std::ops::{Add, Div, Mul, Neg, Sub};

use osteoflare_kinetics::local::{Circulation, Effects, Host, Site, derivatives, export};
use osteoflare_kinetics::parameters::Parameters;
use osteoflare_kinetics::scalar::Scalar;
use osteoflare_kinetics::state::{ANTIGENS, LOCAL_STATES};

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

#[derive(Clone, Copy)]
struct Counted(f64);

macro_rules! counted {
    ($trait:ident, $method:ident, $op:tt, $field:ident) => {
        impl $trait for Counted {
            type Output = Self;
            #[allow(clippy::suspicious_arithmetic_impl, reason = "counting is what this number does")]
            fn $method(self, other: Self) -> Self {
                count(|c| c.$field += 1);
                Counted(self.0 $op other.0)
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
        Counted(-self.0)
    }
}

impl Scalar for Counted {
    fn constant(value: f64) -> Self {
        Counted(value)
    }
    fn sqrt(self) -> Self {
        count(|c| c.roots += 1);
        Counted(self.0.sqrt())
    }
    fn powf(self, exponent: f64) -> Self {
        count(|c| c.powers += 1);
        Counted(self.0.powf(exponent))
    }
}

/// Operations of one right-hand side of one site, with its export and its share of the sums.
pub fn per_site() -> Operations {
    let k = Counted(0.5);
    let site = Site { kappa: k, antigens: [k; ANTIGENS], growth: k, remodelling: k, volume: k };
    let host = Host {
        il10_competence: k,
        regulatory_competence: k,
        self_reactivity: [k; ANTIGENS],
        foreign_reactivity: k,
        antibiotic_penetration: k,
    };
    let blood = Circulation { effectors: [k; ANTIGENS], regulators: k, foreign: k, priming: k, il6: k };
    let drug = Effects::<f64>::none().map(|_| k);
    let p = Parameters::default().map(Counted);
    let y = [k; LOCAL_STATES];
    COUNT.set(Operations::default());
    let _ = derivatives(&y, &site, &blood, &drug, &host, &p);
    let given = export(&y, &site, &p);
    let mut sums = [Counted(0.0); ANTIGENS];
    for (sum, share) in sums.iter_mut().zip(site.antigens) {
        *sum = *sum + share * given.presentation;
    }
    let _ = given.il6 + given.pamp + sums[0];
    COUNT.get()
}
