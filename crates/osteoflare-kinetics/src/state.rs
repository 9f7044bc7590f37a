//! Names, meanings and resting values of the state variables.

/// Number of local states of one site.
pub const LOCAL_STATES: usize = 24;
/// Number of antigen classes of bone, and of circulating self-reactive clonotype pools.
pub const ANTIGENS: usize = 5;
/// Number of systemic states.
pub const SYSTEMIC_STATES: usize = 10;
/// Planktonic and sheltered bacteria of a site together below this level are extinct: 0.2 CFU/mL, less than one
/// organism in the reference site of 1 mL; 10⁶ CFU/mL.
pub const ONE_ORGANISM: f64 = 2e-7;

macro_rules! states {
    ($(#[$enum_doc:meta])* $name:ident, $count:expr, $info:ident;
     $($variant:ident = $index:expr, $symbol:expr, $unit:expr, $rest:expr, $tolerance:expr, $meaning:expr;)+) => {
        $(#[$enum_doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(usize)]
        pub enum $name {
            $(#[doc = $meaning] $variant = $index,)+
        }

        /// Description of every state, in the order of the state vector.
        pub const $info: [StateInfo; $count] = [
            $(StateInfo { symbol: $symbol, unit: $unit, at_rest: $rest, tolerance_scale: $tolerance, meaning: $meaning },)+
        ];
    };
}

/// What is known of a state variable.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StateInfo {
    /// Symbol in the equations.
    pub symbol: &'static str,
    /// Unit; `r.u.` are relative units, 1 = level in an established lesion of the reference site.
    pub unit: &'static str,
    /// Value in a healthy resting site, before remodelling debris settles.
    pub at_rest: f64,
    /// Factor on the absolute tolerance of the solver.
    pub tolerance_scale: f64,
    /// Meaning.
    pub meaning: &'static str,
}

states! {
    /// The states of one site.
    Local, LOCAL_STATES, LOCAL;
    B = 0, "B", "1e6 CFU/mL", 0.0, 1e-3, "planktonic bacteria";
    Bf = 1, "B_f", "1e6 CFU/mL", 0.0, 1e-3, "sheltered bacteria: persisters, biofilm, intracellular";
    D = 2, "D", "r.u.", 0.0, 1.0, "debris: danger signal and exposed bone self-antigen";
    N = 3, "N", "r.u.", 0.0, 1.0, "neutrophils";
    M = 4, "M", "r.u.", 0.0, 1.0, "inflammatory macrophages, mast cells lumped in";
    R = 5, "R", "r.u.", 0.0, 1.0, "resolving macrophages";
    E = 6, "E", "r.u.", 0.0, 1.0, "self-reactive effector T cells (Th1, Th17, γδ lumped)";
    G = 7, "G", "r.u.", 0.0, 1.0, "local regulation: regulatory T cells and resolution programme";
    I1 = 8, "I_1", "r.u.", 0.0, 1.0, "interleukin 1";
    T = 9, "T", "r.u.", 0.0, 1.0, "tumour necrosis factor";
    I6 = 10, "I_6", "r.u.", 0.0, 1.0, "interleukin 6";
    I17 = 11, "I_17", "r.u.", 0.0, 1.0, "interleukin 17";
    I10 = 12, "I_10", "r.u.", 0.0, 1.0, "interleukin 10";
    Pg = 13, "P_g", "r.u.", 0.0, 1.0, "prostaglandin E2";
    C = 14, "C", "1", 1.0, 1.0, "osteoclast activity relative to normal (RANKL over OPG)";
    Op = 15, "O_p", "1", 1.0, 1.0, "osteoblast precursors relative to normal";
    O = 16, "O", "1", 1.0, 1.0, "osteoblasts relative to normal";
    V = 17, "V", "1", 1.0, 1.0, "mineralised bone volume relative to normal";
    X = 18, "X", "r.u.", 0.0, 1.0, "new periosteal and endosteal bone";
    W = 19, "W", "r.u.", 0.0, 1.0, "marrow oedema (STIR signal)";
    Z = 20, "Z", "1", 0.0, 1.0, "trained innate memory of the tissue";
    Er = 21, "E_r", "1", 0.0, 1.0, "tissue-resident self-reactive memory";
    Ps = 22, "P_s", "1", 0.0, 1.0, "pain sensitisation";
    H = 23, "H", "1", 0.0, 1.0, "irreversible structural damage";
}

states! {
    /// The states of the circulation. The first five are the clonotype pools.
    Systemic, SYSTEMIC_STATES, SYSTEMIC;
    E1 = 0, "E_s1", "r.u.", 0.0, 1.0, "circulating self-reactive clonotypes, growth cartilage";
    E2 = 1, "E_s2", "r.u.", 0.0, 1.0, "circulating self-reactive clonotypes, loaded lower limb";
    E3 = 2, "E_s3", "r.u.", 0.0, 1.0, "circulating self-reactive clonotypes, axial skeleton and chest wall";
    E4 = 3, "E_s4", "r.u.", 0.0, 1.0, "circulating self-reactive clonotypes, pelvis and entheses";
    E5 = 4, "E_s5", "r.u.", 0.0, 1.0, "circulating self-reactive clonotypes, short bones";
    Gs = 5, "G_s", "r.u.", 0.0, 1.0, "circulating regulatory pool";
    F = 6, "F", "r.u.", 0.0, 1.0, "foreign-specific response";
    U = 7, "U", "r.u.", 0.0, 1.0, "systemic priming by infections elsewhere";
    Crp = 8, "CRP", "mg/L", 0.8, 10.0, "C-reactive protein";
    Esr = 9, "ESR", "mm/h", 5.0, 10.0, "erythrocyte sedimentation rate";
}
