//! Sites at rest: no germs, next to no inflammation, every state in slow, nearly linear motion.
//!
//! A sleeping site moves in steps of up to a week by a second-order production-loss step on the same production and loss
//! terms that awake sites integrate. It wakes when something strikes it or when inflammation stirs.

use osteoflare_kinetics::local::{
    Circulation, Effects, Host as KineticHost, LocalRates, Site, rates_without_germs,
};
use osteoflare_kinetics::parameters::Parameters;
use osteoflare_kinetics::scalar::Scalar;
use osteoflare_kinetics::state::{LOCAL_STATES, Local};

/// Macrophage level above which a sleeping site wakes in any case, r.u.
pub const WAKE_MACROPHAGES: f64 = 0.02;
/// Macrophage level below which an awake site may fall asleep, r.u.
const SLEEP_MACROPHAGES: f64 = 0.01;
/// Macrophage level up to which a site counts as resting whatever its trend, r.u.; the resting level is below it.
const RESTING_MACROPHAGES: f64 = 0.002;
/// Ratio of the level that macrophages tend to over the level they have, above which inflammation stirs.
const STIRRING: f64 = 1.05;
/// Distance of osteoclast activity from rest below which a site may fall asleep.
const SLEEP_OSTEOCLASTS: f64 = 0.03;
/// Factor on resting debris below which a site may fall asleep.
const SLEEP_DEBRIS: f64 = 1.5;

/// Inputs of a step.
#[derive(Clone, Copy, Debug)]
pub struct Surroundings<'a, S> {
    /// Constants of the site.
    pub site: &'a Site<S>,
    /// The circulation.
    pub blood: &'a Circulation<S>,
    /// Drug effects.
    pub drug: &'a Effects<S>,
    /// Traits of the child.
    pub host: &'a KineticHost<S>,
    /// Parameters.
    pub parameters: &'a Parameters<S>,
}

/// Moves a sleeping site (or several, side by side) by `days`.
#[inline(always)]
pub fn step<S: Scalar>(y: &mut [S; LOCAL_STATES], around: &Surroundings<S>, days: S) {
    let Surroundings { site, blood, drug, host, parameters } = *around;
    let one = S::constant(1.0);
    let start = rates_without_germs(y, site, blood, drug, host, parameters);
    let guess = relax(y, &start, days);
    let end = rates_without_germs(&guess, site, blood, drug, host, parameters);
    let mut mean = start;
    for group in 0..LOCAL_STATES / TOGETHER {
        let at = group * TOGETHER;
        let mut pairs = [(one, one); TOGETHER];
        for i in 0..TOGETHER {
            let z = start.loss[at + i] * days;
            pairs[i] = (one + z, one + one + z);
        }
        // The slow states see the mean of both ends; the fast ones settle to the end.
        let weights = S::quotients(pairs);
        for i in 0..TOGETHER {
            let s = at + i;
            mean.production[s] = start.production[s] + weights[i] * (end.production[s] - start.production[s]);
            mean.loss[s] = start.loss[s] + weights[i] * (end.loss[s] - start.loss[s]);
        }
    }
    *y = relax(y, &mean, days);
}

/// States whose quotients are formed together.
const TOGETHER: usize = 4;

/// Solution of `x' = P − L·x` with constant P and L after `days`, with `exp(−z)` as `1/(1 + z + z²/2 + z³/6)`: third
/// order for slow states, complete decay for fast ones, never negative.
#[inline(always)]
fn relax<S: Scalar>(x: &[S; LOCAL_STATES], rates: &LocalRates<S>, days: S) -> [S; LOCAL_STATES] {
    let (one, half, sixth) = (S::constant(1.0), S::constant(0.5), S::constant(1.0 / 6.0));
    let mut out = *x;
    for group in 0..LOCAL_STATES / TOGETHER {
        let at = group * TOGETHER;
        let mut pairs = [(one, one); TOGETHER];
        for i in 0..TOGETHER {
            let z = rates.loss[at + i] * days;
            let gain = one + z * (half + z * sixth);
            pairs[i] = (x[at + i] + rates.production[at + i] * days * gain, one + z * gain);
        }
        let settled = S::quotients(pairs);
        for (out, settled) in out[at..at + TOGETHER].iter_mut().zip(settled) {
            *out = settled;
        }
    }
    out
}

/// Whether an awake site may fall asleep.
pub fn may_sleep(y: &[f64; LOCAL_STATES], around: &Surroundings<f64>) -> bool {
    let value = |s: Local| y[s as usize];
    if value(Local::B) > 0.0
        || value(Local::Bf) > 0.0
        || value(Local::M) > SLEEP_MACROPHAGES
        || value(Local::N) > SLEEP_MACROPHAGES
        || (value(Local::C) - 1.0).abs() > SLEEP_OSTEOCLASTS && around.drug.bp == 0.0
    {
        return false;
    }
    let resting_debris = around.parameters.kT * around.site.remodelling / around.parameters.cD;
    value(Local::D) < SLEEP_DEBRIS * resting_debris && !stirs(y, around)
}

/// Whether a sleeping site must wake: it is infected, inflamed, or inflammation grows.
pub fn must_wake(y: &[f64; LOCAL_STATES], around: &Surroundings<f64>) -> bool {
    y[Local::M as usize] > WAKE_MACROPHAGES
        || y[Local::B as usize] > 0.0
        || y[Local::Bf as usize] > 0.0
        || stirs(y, around)
}

/// Whether macrophages are above rest and tend to more than they are. However few they are, a site at which they
/// double would be a flare tomorrow; it must not be stepped over in its sleep.
fn stirs(y: &[f64; LOCAL_STATES], around: &Surroundings<f64>) -> bool {
    let m = y[Local::M as usize];
    if m < RESTING_MACROPHAGES {
        return false;
    }
    let r = rates_without_germs(y, around.site, around.blood, around.drug, around.host, around.parameters);
    r.production[Local::M as usize] / r.loss[Local::M as usize] > STIRRING * m
}
