//! One patient of a group lives through the study: the disease runs, the clinic looks, the plan treats.

use osteoflare_clinic::visits::VisitLog;
use osteoflare_skeleton::SiteId;

/// Everything one patient leaves behind.
#[derive(Clone, Debug, PartialEq)]
pub struct Life {
    /// What the clinic saw.
    pub record: VisitLog,
    /// What was true and stays hidden from the clinic.
    pub truth: Truth,
    /// Samples of the local course; only sites that are not at rest.
    pub local_course: Vec<LocalSample>,
    /// Samples of the circulation.
    pub systemic_course: Vec<SystemicSample>,
    /// What it cost to compute.
    pub work: Work,
}

/// Hidden traits and the true course in numbers.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Truth {
    /// Negative-selection threshold θ, 1.
    pub theta: f64,
    /// Myeloid IL-10 competence c₁₀, 1.
    pub il10_competence: f64,
    /// Regulatory competence, 1.
    pub regulatory_competence: f64,
    /// Self-reactivity A per bone antigen class, 1.
    pub self_reactivity: [f64; 5],
    /// Foreign reactivity, 1.
    pub foreign_reactivity: f64,
    /// Largest regeneration number 𝓡ₛ over sites at day 0, 1.
    pub rs_max_at_start: f64,
    /// True spells: marrow oedema above the MRI threshold for at least six weeks, gaps under 60 days merged.
    pub spells: Vec<Spell>,
    /// Site of an established infection, if any (planktonic bacteria above 10⁵ CFU/mL).
    pub infected_sites: Vec<SiteId>,
    /// Whether any bacteria were left at the end.
    pub sterile_at_end: bool,
}

/// One true spell of inflammation at one site.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spell {
    /// Where.
    pub site: SiteId,
    /// First day above the threshold.
    pub start_day: f64,
    /// Last day above the threshold.
    pub end_day: f64,
}

/// State of one site at one time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LocalSample {
    /// Days since the start.
    pub day: f64,
    /// Where.
    pub site: SiteId,
    /// Inflammatory macrophages, relative units.
    pub macrophages: f64,
    /// Marrow oedema, relative units; above 0.35 MRI sees it.
    pub oedema: f64,
    /// Mineralised bone relative to normal, 1.
    pub bone: f64,
    /// New periosteal and endosteal bone, relative units.
    pub new_bone: f64,
    /// Bacteria, planktonic and sheltered, 10⁶ CFU/mL.
    pub bacteria: f64,
    /// Pain, 0–10.
    pub pain: f64,
    /// Regeneration number 𝓡ₛ of the site at that moment, 1.
    pub rs: f64,
}

/// State of the circulation at one time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SystemicSample {
    /// Days since the start.
    pub day: f64,
    /// True C-reactive protein, mg/L.
    pub crp_mg_l: f64,
    /// True erythrocyte sedimentation rate, mm/h.
    pub esr_mm_h: f64,
    /// True body temperature, °C.
    pub temperature_c: f64,
    /// Circulating self-reactive effectors, sum over clonotypes, relative units.
    pub effectors: f64,
    /// Circulating regulatory pool, relative units.
    pub regulators: f64,
    /// Sites with oedema above the MRI threshold.
    pub inflamed_sites: u32,
}

/// Cost of one patient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Work {
    /// Accepted steps.
    pub steps: u64,
    /// Rejected steps.
    pub rejected: u64,
    /// Right-hand sides of one site (sleeping updates included).
    pub site_rhs: u64,
}
