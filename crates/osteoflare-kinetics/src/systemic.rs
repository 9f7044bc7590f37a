//! The circulation: clonotypes, regulation, foreign-specific response, priming, acute phase.

use crate::local::{Circulation, Effects, Host};
use crate::parameters::Parameters;
use crate::scalar::{Scalar, positive_part, smooth_step};
use crate::state::{ANTIGENS, SYSTEMIC_STATES, Systemic};

/// Sums over all sites.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Imports<S> {
    /// Antigen presentation by class.
    pub presentation: [S; ANTIGENS],
    /// IL-6 in blood.
    pub il6: S,
    /// Bacterial load as innate sensors see it.
    pub pamp: S,
}

/// What sites see of the circulation.
#[inline(always)]
pub fn circulation<S: Scalar>(z: &[S; SYSTEMIC_STATES], il6: S) -> Circulation<S> {
    Circulation {
        effectors: [z[0], z[1], z[2], z[3], z[4]],
        regulators: z[Systemic::Gs as usize],
        foreign: z[Systemic::F as usize],
        priming: z[Systemic::U as usize],
        il6,
    }
}

/// Derivatives of all systemic states, state units per day.
#[inline(always)]
pub fn derivatives<S: Scalar>(
    z: &[S; SYSTEMIC_STATES],
    imports: &Imports<S>,
    drug: &Effects<S>,
    host: &Host<S>,
    p: &Parameters<S>,
) -> [S; SYSTEMIC_STATES] {
    let one = S::constant(1.0);
    let mut dz = [S::constant(0.0); SYSTEMIC_STATES];
    let mut total = S::constant(0.0);
    let brake = (one + p.hG * z[Systemic::Gs as usize]).called("priming_brake");
    let drugs = ((one - p.mtxPrime * drug.mtx) * (one - p.jakPrime * drug.jak)).called("priming_left");
    for k in 0..ANTIGENS {
        let seen = imports.presentation[k];
        total = total + seen;
        let primed = p.nu0 + p.nu1 * seen / ((seen + p.Kp) * brake);
        let lost = p.dEs * (one + p.gcEs * drug.gc + p.ksink * seen);
        dz[k] = host.self_reactivity[k] * primed * drugs - lost * z[k];
    }
    dz[Systemic::Gs as usize] =
        p.kGs * host.regulatory_competence * total / (total + p.KGs) - p.dGs * z[Systemic::Gs as usize];
    dz[Systemic::F as usize] = host.foreign_reactivity * p.kF * imports.pamp / (imports.pamp + p.KF)
        - p.dF * z[Systemic::F as usize];
    dz[Systemic::U as usize] = -(p.kU * z[Systemic::U as usize]);

    let acute = acute_signal(imports.il6, imports.pamp, p).called("acute");
    let crp_target = (p.CRP0 + crp_rise(acute, p) * (one - p.jakCRP * drug.jak)).called("CRP_target");
    dz[Systemic::Crp as usize] = p.k_CRP * (crp_target - z[Systemic::Crp as usize]);
    let esr_target = esr_at(z[Systemic::Crp as usize], p).called("ESR_target");
    let gap = esr_target - z[Systemic::Esr as usize];
    let pace = (p.k_ESR_dn + (p.k_ESR_up - p.k_ESR_dn) * smooth_step(gap, 1.0)).called("ESR_pace");
    dz[Systemic::Esr as usize] = pace * gap;
    dz
}

/// What liver and hypothalamus answer to: IL-6 that lesions spill, and bacterial products in blood, which
/// macrophages of liver and spleen turn into cytokines whatever the size of the bone they come from.
#[inline(always)]
pub fn acute_signal<S: Scalar>(il6: S, pamp: S, p: &Parameters<S>) -> S {
    il6 + p.a6S * pamp
}

/// CRP production above rest at a given acute signal, as a steady level, mg/L.
#[inline(always)]
fn crp_rise<S: Scalar>(acute: S, p: &Parameters<S>) -> S {
    p.CRP_max * acute / (acute + p.KCRP)
}

/// Steady ESR at a given CRP, mm/h.
#[inline(always)]
fn esr_at<S: Scalar>(crp: S, p: &Parameters<S>) -> S {
    // Square root of the smooth positive part: defined and smooth where CRP is at rest.
    p.ESR0 + p.ESR1 * positive_part(crp - p.CRP0).sqrt()
}

/// Body temperature, °C, at a given [`acute_signal`].
#[inline(always)]
pub fn temperature<S: Scalar>(acute: S, drug: &Effects<S>, p: &Parameters<S>) -> S {
    let one = S::constant(1.0);
    let y = acute / p.Kpyr;
    let pyrogen = y * y * (one - p.coxT * drug.cox);
    p.T0 + p.T_max_rise * pyrogen / (one + pyrogen)
}
