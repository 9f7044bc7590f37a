//! One site of bone: self and foreign recognition, cells, cytokines, bacteria, bone.
//!
//! Every rate is written as production minus loss × state, `x' = P − L·x`, with `P ≥ 0` and `L ≥ 0`: states cannot
//! become negative, and both explicit and production-loss integrators use the same text.

use crate::parameters::Parameters;
use crate::scalar::{Scalar, positive_part, smooth_step};
use crate::state::{ANTIGENS, LOCAL_STATES, Local};

/// Constants of one site in one patient, and its remodelling activity at the moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Site<S> {
    /// Susceptibility κ, 1.
    pub kappa: S,
    /// Share of each antigen class among the self-antigens of the site, 1.
    pub antigens: [S; ANTIGENS],
    /// Relative longitudinal growth of the adjoining plate, 1 = distal femur.
    pub growth: S,
    /// Remodelling activity at the present age, 0.45 (closed) to about 1.05.
    pub remodelling: S,
    /// Volume relative to the proximal tibial metaphysis, 1.
    pub volume: S,
}

impl<S: Scalar> Site<S> {
    /// The same as scalars of another kind.
    #[inline(always)]
    pub fn map<T: Scalar>(&self, f: impl Fn(S) -> T) -> Site<T> {
        Site {
            kappa: f(self.kappa),
            antigens: each(&self.antigens, &f),
            growth: f(self.growth),
            remodelling: f(self.remodelling),
            volume: f(self.volume),
        }
    }
}

/// Traits of the patient that the kinetics use.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Host<S> {
    /// Myeloid IL-10 competence c₁₀, 1 = healthy.
    pub il10_competence: S,
    /// Regulatory competence, 1.
    pub regulatory_competence: S,
    /// Self-reactivity A of the repertoire per antigen class, 1.
    pub self_reactivity: [S; ANTIGENS],
    /// Foreign reactivity A_F of the repertoire, 1.
    pub foreign_reactivity: S,
    /// Factor on the killing of bacteria by antibiotics in this patient's bone (penetration), 1.
    pub antibiotic_penetration: S,
}

impl<S: Scalar> Host<S> {
    /// The same as scalars of another kind.
    #[inline(always)]
    pub fn map<T: Scalar>(&self, f: impl Fn(S) -> T) -> Host<T> {
        Host {
            il10_competence: f(self.il10_competence),
            regulatory_competence: f(self.regulatory_competence),
            self_reactivity: each(&self.self_reactivity, &f),
            foreign_reactivity: f(self.foreign_reactivity),
            antibiotic_penetration: f(self.antibiotic_penetration),
        }
    }
}

/// Effects of drugs, each from 0 (none) to 1 (complete).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effects<S> {
    /// Inhibition of cyclo-oxygenase.
    pub cox: S,
    /// Glucocorticoid receptor effect.
    pub gc: S,
    /// Neutralisation of TNF.
    pub tnf: S,
    /// Blockade of IL-1.
    pub il1: S,
    /// Neutralisation of IL-17.
    pub il17: S,
    /// Inhibition of JAK.
    pub jak: S,
    /// Methotrexate-like effect on priming and recall.
    pub mtx: S,
    /// Bisphosphonate effect on osteoclasts.
    pub bp: S,
    /// Killing of bacteria by antibiotics.
    pub abx: S,
}

impl<S: Scalar> Effects<S> {
    /// No drug.
    pub fn none() -> Self {
        let zero = S::constant(0.0);
        Effects {
            cox: zero,
            gc: zero,
            tnf: zero,
            il1: zero,
            il17: zero,
            jak: zero,
            mtx: zero,
            bp: zero,
            abx: zero,
        }
    }

    /// The same effects as scalars of another kind.
    #[inline(always)]
    pub fn map<T: Scalar>(&self, f: impl Fn(S) -> T) -> Effects<T> {
        Effects {
            cox: f(self.cox),
            gc: f(self.gc),
            tnf: f(self.tnf),
            il1: f(self.il1),
            il17: f(self.il17),
            jak: f(self.jak),
            mtx: f(self.mtx),
            bp: f(self.bp),
            abx: f(self.abx),
        }
    }
}

/// What a site sees of the circulation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Circulation<S> {
    /// Circulating self-reactive clonotype pools.
    pub effectors: [S; ANTIGENS],
    /// Circulating regulatory pool.
    pub regulators: S,
    /// Foreign-specific response.
    pub foreign: S,
    /// Systemic priming.
    pub priming: S,
    /// IL-6 in blood: sum of the spill-over of all sites.
    pub il6: S,
}

impl<S: Scalar> Circulation<S> {
    /// The same as scalars of another kind.
    #[inline(always)]
    pub fn map<T: Scalar>(&self, f: impl Fn(S) -> T) -> Circulation<T> {
        Circulation {
            effectors: each(&self.effectors, &f),
            regulators: f(self.regulators),
            foreign: f(self.foreign),
            priming: f(self.priming),
            il6: f(self.il6),
        }
    }
}

/// Production and loss of every local state.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LocalRates<S> {
    /// Production P, state units per day.
    pub production: [S; LOCAL_STATES],
    /// Loss coefficient L, 1/day.
    pub loss: [S; LOCAL_STATES],
}

/// What a site gives to the circulation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Export<S> {
    /// Antigen presentation, volume-weighted (to be multiplied by the antigen shares).
    pub presentation: S,
    /// IL-6 spill-over, volume-weighted.
    pub il6: S,
    /// Bacterial load as innate sensors see it: sensing saturates, so a small bone alarms as much as a large one.
    pub pamp: S,
}

/// `f` of each element, by a plain loop: what `array::map` makes of vectors may fall out of vector code.
#[inline(always)]
fn each<S: Scalar, T: Scalar, const N: usize>(of: &[S; N], f: impl Fn(S) -> T) -> [T; N] {
    let mut out = [T::constant(0.0); N];
    for i in 0..N {
        out[i] = f(of[i]);
    }
    out
}

/// Share of innate sensors that bacteria occupy, 0 to 1.
#[inline(always)]
fn pamp_signal<S: Scalar>(y: &[S; LOCAL_STATES], p: &Parameters<S>) -> S {
    let visible = y[Local::B as usize] + p.fBF * y[Local::Bf as usize];
    (visible / (visible + p.KB1)).called("germ_signal")
}

/// IL-6 that leaves one site for the blood. Uptake and soluble receptors in the tissue saturate, so that a septic
/// focus spills far more than its share and many sterile foci little.
#[inline(always)]
pub fn il6_spill<S: Scalar>(il6: S, volume: S, p: &Parameters<S>) -> S {
    volume * il6 * il6 / (il6 + p.Kspill)
}

/// What the site gives to the circulation.
#[inline(always)]
pub fn export<S: Scalar>(y: &[S; LOCAL_STATES], site: &Site<S>, p: &Parameters<S>) -> Export<S> {
    let d = y[Local::D as usize];
    export_of(y, d / (S::constant(1.0) + d), pamp_signal(y, p), site, p)
}

#[inline(always)]
fn export_of<S: Scalar>(
    y: &[S; LOCAL_STATES],
    debris_share: S,
    pamp: S,
    site: &Site<S>,
    p: &Parameters<S>,
) -> Export<S> {
    Export {
        presentation: site.volume * y[Local::M as usize] * debris_share,
        il6: il6_spill(y[Local::I6 as usize], site.volume, p),
        pamp,
    }
}

/// Self and foreign signal, and the brake it must overcome: activation is `x³/(1 + x³)` of their ratio `x`.
#[inline(always)]
fn signal_and_brake<S: Scalar>(
    y: &[S; LOCAL_STATES],
    pamp: S,
    site: &Site<S>,
    blood: &Circulation<S>,
    drug: &Effects<S>,
    p: &Parameters<S>,
) -> (S, S) {
    let one = S::constant(1.0);
    let self_signal = site.kappa
        * y[Local::D as usize]
        * (p.sD + p.sE * y[Local::E as usize] * (one - p.jakSig * drug.jak));
    let brake = one
        + p.b10 * y[Local::I10 as usize]
        + p.bG * y[Local::G as usize]
        + p.bgc * drug.gc
        + p.bmtx * drug.mtx;
    let readiness = one + p.bZ * y[Local::Z as usize] + p.bU * blood.priming;
    ((self_signal + p.sB * pamp) * readiness, brake)
}

/// Production and loss of all local states.
#[inline(always)]
pub fn rates<S: Scalar>(
    y: &[S; LOCAL_STATES],
    site: &Site<S>,
    blood: &Circulation<S>,
    drug: &Effects<S>,
    host: &Host<S>,
    p: &Parameters<S>,
) -> LocalRates<S> {
    rates_and_export::<S, true>(y, site, blood, drug, host, p).0
}

/// Production and loss of all local states of a site without germs: [`rates`] where both kinds of bacteria are zero,
/// in fewer operations.
#[inline(always)]
pub fn rates_without_germs<S: Scalar>(
    y: &[S; LOCAL_STATES],
    site: &Site<S>,
    blood: &Circulation<S>,
    drug: &Effects<S>,
    host: &Host<S>,
    p: &Parameters<S>,
) -> LocalRates<S> {
    rates_and_export::<S, false>(y, site, blood, drug, host, p).0
}

/// Production and loss of all local states, and what the site gives to the circulation.
///
/// `GERMS` is `false` for sites without germs only; their two states of bacteria then have neither production nor
/// loss. Quotients are formed together ([`Scalar::quotients`]), because vectors divide slowly.
#[inline(always)]
#[allow(clippy::too_many_lines, reason = "one system of equations, read from top to bottom")]
pub fn rates_and_export<S: Scalar, const GERMS: bool>(
    y: &[S; LOCAL_STATES],
    site: &Site<S>,
    blood: &Circulation<S>,
    drug: &Effects<S>,
    host: &Host<S>,
    p: &Parameters<S>,
) -> (LocalRates<S>, Export<S>) {
    let one = S::constant(1.0);
    let zero = S::constant(0.0);
    let [b, bf, d, n, m, r, e, g, i1, t, i6, i17, i10, pg, c, op, o, v, _x, w, z, er, _ps, _h] = *y;
    let mut production = [zero; LOCAL_STATES];
    let mut loss = [zero; LOCAL_STATES];
    let mut set = |state: Local, gain: S, lost: S| {
        production[state as usize] = gain;
        loss[state as usize] = lost;
    };

    // What drugs leave of each cytokine.
    let i1 = (i1 * (one - drug.il1)).called("free_I_1");
    let t = (t * (one - drug.tnf)).called("free_T");
    let i6 = (i6 * (one - p.jakI6 * drug.jak)).called("free_I_6");
    let i17 = (i17 * (one - drug.il17)).called("free_I_17");
    // Saturating responses, equal to 1 at 1.
    let [s1, st, s6, s17] =
        S::quotients([(i1 + i1, one + i1), (t + t, one + t), (i6 + i6, one + i6), (i17 + i17, one + i17)]);
    let (s1, st) = (s1.called("sat_I_1"), st.called("sat_T"));
    let (s6, s17) = (s6.called("sat_I_6"), s17.called("sat_I_17"));
    let [sp, debris_share, restraint, harmful] = S::quotients([
        (pg + pg, one + pg),
        (d, one + d),
        (one - p.gcCyt * drug.gc, one + p.k10 * i10),
        (n, one + p.satN * n),
    ]);
    let (sp, debris_share) = (sp.called("sat_P_g"), debris_share.called("debris_share"));
    let (restraint, harmful) = (restraint.called("restraint"), harmful.called("harmful_neutrophils"));

    let pamp = if GERMS { pamp_signal(y, p) } else { zero };
    let (signal, brake) = signal_and_brake(y, pamp, site, blood, drug, p);
    let cubed = signal * signal * signal;
    let [act, osteoblasts] = S::quotients([
        (cubed, brake * brake * brake + cubed),
        (p.dO * op, one + S::constant(0.5) * p.kOi * (i1 + t)),
    ]);
    let act = act.called("activation");
    let leukocytes = (one + p.anc * blood.il6 / (blood.il6 + p.Kanc)).called("leukocytes");
    let necrosis = positive_part(one - v).called("necrosis");

    // Bacteria: growth, shelter by debris and dead bone, killing by resident cells, neutrophils and antibiotics.
    if GERMS {
        let opsonic = (n * (one - p.gcKill * drug.gc) * (one + p.bF * blood.foreign)).called("opsonic");
        let antibiotic = (drug.abx * host.antibiotic_penetration).called("antibiotic");
        let room = positive_part(one - (b + bf) / p.KB).called("room");
        let niche = positive_part(one - bf / p.KBF).called("niche");
        let shelter = (one + p.nu * d * d + p.nuq * necrosis).called("shelter");
        let to_shelter = (p.kf * debris_share * niche).called("to_shelter");
        set(
            Local::B,
            p.rB * b * room + p.kr * bf,
            p.kres / (shelter * (one + b / p.Bres))
                + p.kNB * opsonic / (one + b / p.BN)
                + p.abx * antibiotic
                + to_shelter,
        );
        set(
            Local::Bf,
            to_shelter * b,
            p.kr + p.dBF
                + (p.kfh * opsonic / (one + (b + bf) / p.BN) + p.abxf * antibiotic)
                    / (one + p.ksq * necrosis),
        );
    }

    // Debris: remodelling, collateral damage, excess resorption, toxins; cleared by phagocytes.
    set(
        Local::D,
        p.kT * site.remodelling
            + p.kDN * harmful
            + p.kDM * m * (p.kDM0 + p.kDMt * st + p.kDM1 * s1)
            + p.kDC * site.remodelling * positive_part(c - one) * v
            + p.kDB * pamp,
        p.cD * (one + p.cDR * r),
    );

    // Innate cells.
    let entry = (p.psi0 + p.psi1 * s1 + p.psit * st + p.psip * sp).called("entry");
    set(
        Local::M,
        p.dM * entry * leukocytes * (one + p.bP * pamp) * act,
        p.dM * (one + p.lossI10 * i10 + p.lossG * g + p.lossGC * drug.gc),
    );
    set(Local::R, p.dR * m * (p.rR0 + (one - p.rR0) * host.il10_competence), p.dR);
    set(
        Local::N,
        p.dN * leukocytes * (p.n1 * i1 + p.n17 * i17 + p.nB * pamp) * (one - p.gcN * drug.gc),
        p.dN,
    );

    // Adaptive cells: homing from blood, recall of resident memory; local regulation.
    let mut source = zero;
    for (share, pool) in site.antigens.iter().zip(&blood.effectors) {
        source = source + *share * *pool;
    }
    let source = source.called("matching_clones");
    let crowd = (e * (one / p.EER)).called("crowd");
    let [homing, recall, destabilised, encounter] = S::quotients([
        (m, m + p.Khome),
        (er * er * d, (er + p.KQ) * (d + p.KER) * (one + crowd * crowd)),
        (p.MG, m + p.MG),
        (e * d * m, (d + p.K17D) * (m + p.K17M)),
    ]);
    set(
        Local::E,
        p.dE * source * (one + p.chi * homing) * (one - p.gcHome * drug.gc) * (one - p.jakHome * drug.jak)
            + p.pE * recall.called("recall") * (one - p.mtxRecall * drug.mtx),
        p.dE * (one + p.GE * g + p.gcE * drug.gc),
    );
    set(
        Local::G,
        p.kG * host.regulatory_competence * (m + p.hPat * blood.regulators),
        p.dG * (one + p.xiG * destabilised),
    );

    // Cytokines: fast, slaved to the cells.
    let output = (p.mu * (one - p.gcCyt * drug.gc)).called("output");
    set(
        Local::I1,
        p.mu * (p.a1
            * m
            * (p.a1D0 + p.a1D * debris_share)
            * restraint
            * (one + p.a1U * blood.priming)
            * (one + p.a1Z * z))
            + output * p.a1N * n,
        p.mu,
    );
    set(Local::T, p.mu * p.at * m * restraint + output * p.atE * e * m, p.mu);
    set(Local::I6, output * m * (p.a6 * (p.a60 + p.a61 * s1 + p.a6t * st) + p.a6B * pamp), p.mu);
    set(
        Local::I17,
        output * (p.a17 * encounter * (p.a170 + p.a171 * s1 + p.a176 * s6) + p.a17F * blood.foreign * pamp),
        p.mu,
    );
    set(Local::I10, p.mu * (host.il10_competence * (p.a10M * m + p.a10R * r) + p.a10G * g), p.mu);
    set(
        Local::Pg,
        p.mu * (p.apM * m + p.ap1 * s1 + p.apt * st) * (one - drug.cox) * (one - p.gcPG * drug.gc),
        p.mu,
    );

    // Bone: RANKL/OPG, osteoclasts, osteoblasts, mineral, new bone.
    let rankl = (one + p.l1 * s1 + p.lt * st + p.l6 * s6 + p.l17 * s17 + p.lp * sp + p.lM * m + p.lB * pamp)
        .called("rankl");
    set(Local::C, p.dC * rankl, p.dC * (one + p.kBP * drug.bp));
    set(Local::Op, p.dOP * c, p.dOP);
    set(Local::O, osteoblasts, p.dO);
    set(Local::V, p.kV * site.remodelling * o, p.kV * site.remodelling * c + p.kVB * pamp);
    set(Local::X, p.kX * site.remodelling * w * (p.x0 + p.xp * sp + p.x17 * s17), p.dX);

    // Oedema rises fast and clears slowly.
    let oedema = (p.o1 * s1 + p.ot * st + p.op * sp + p.oN * n).called("oedema_drive");
    let pace = (p.wD + (p.wU - p.wD) * smooth_step(oedema - w, 0.02)).called("oedema_pace");
    set(Local::W, pace * oedema, pace);

    // Memory, sensitisation, structural damage.
    set(Local::Z, p.kZ * m, p.kZ * m + p.dZ);
    set(Local::Er, p.kER * e * m, p.kER * e * m + p.dER);
    set(Local::Ps, p.kPs * oedema, p.kPs * (oedema + p.KPs));
    set(Local::H, p.kH * positive_part(p.VH - v) * (p.H0 + site.growth), zero);

    (LocalRates { production, loss }, export_of(y, debris_share, pamp, site, p))
}

/// Derivatives of all local states, state units per day.
#[inline(always)]
pub fn derivatives<S: Scalar>(
    y: &[S; LOCAL_STATES],
    site: &Site<S>,
    blood: &Circulation<S>,
    drug: &Effects<S>,
    host: &Host<S>,
    p: &Parameters<S>,
) -> [S; LOCAL_STATES] {
    let r = rates(y, site, blood, drug, host, p);
    std::array::from_fn(|i| r.production[i] - r.loss[i] * y[i])
}
