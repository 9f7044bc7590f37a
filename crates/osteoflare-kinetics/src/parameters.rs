//! The parameters of the equations: one documented table, read from `data/parameters.csv`.
//!
//! Field names of [`Parameters`] are the symbols of the equations, so that the kinetics read like their
//! specification.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::scalar::Scalar;

/// One row of the parameter table.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct ParameterInfo {
    /// Symbol used in equations, tables and study files.
    pub symbol: String,
    /// Part of the model that uses it: `local`, `systemic`, `observable`, `host`, `trigger` or `observation`.
    pub group: String,
    /// What it means.
    pub meaning: String,
    /// Unit (`1` for pure numbers).
    pub unit: String,
    /// Default value.
    pub default: f64,
    /// Smallest plausible value; a study file may not go below, except to 0 to switch a mechanism off.
    pub low: f64,
    /// Largest plausible value.
    pub high: f64,
    /// Citation, or `assumed`.
    pub source: String,
}

static TABLE: LazyLock<Vec<ParameterInfo>> = LazyLock::new(|| {
    csv::Reader::from_reader(include_str!("../data/parameters.csv").as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()
        .expect("the embedded parameter table is well-formed")
});

/// The whole table, in the order of the file.
pub fn all() -> &'static [ParameterInfo] {
    &TABLE
}

/// The row of a symbol.
pub fn find(symbol: &str) -> Option<&'static ParameterInfo> {
    TABLE.iter().find(|p| p.symbol == symbol)
}

/// The symbols nearest to a mistyped one, best first, at most three.
pub fn suggest(symbol: &str) -> Vec<&'static str> {
    let mut near: Vec<(usize, &str)> = TABLE
        .iter()
        .map(|p| {
            (strsim::damerau_levenshtein(&p.symbol.to_lowercase(), &symbol.to_lowercase()), p.symbol.as_str())
        })
        .filter(|(distance, _)| *distance <= 2)
        .collect();
    near.sort();
    near.into_iter().take(3).map(|(_, s)| s).collect()
}

/// Why an override was refused.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ParameterError {
    /// No such symbol.
    #[error("no parameter is called '{symbol}'{}", suggestion(.near))]
    Unknown {
        /// What was asked for.
        symbol: String,
        /// Nearest symbols.
        near: Vec<&'static str>,
    },
    /// Outside the plausible range.
    #[error("parameter '{symbol}' = {value} is outside its range {low} to {high} {unit} (0 switches it off)")]
    OutOfRange {
        /// Symbol.
        symbol: String,
        /// Offered value.
        value: f64,
        /// Lower limit.
        low: f64,
        /// Upper limit.
        high: f64,
        /// Unit.
        unit: String,
    },
}

fn suggestion(near: &[&str]) -> String {
    if near.is_empty() { String::new() } else { format!("; did you mean '{}'?", near.join("' or '")) }
}

/// Checks one override without applying it.
///
/// # Errors
/// [`ParameterError::Unknown`] or [`ParameterError::OutOfRange`].
pub fn check(symbol: &str, value: f64) -> Result<(), ParameterError> {
    let info = find(symbol)
        .ok_or_else(|| ParameterError::Unknown { symbol: symbol.to_owned(), near: suggest(symbol) })?;
    if value == 0.0 || (info.low..=info.high).contains(&value) {
        Ok(())
    } else {
        Err(ParameterError::OutOfRange {
            symbol: symbol.to_owned(),
            value,
            low: info.low,
            high: info.high,
            unit: info.unit.clone(),
        })
    }
}

macro_rules! parameters {
    ($($symbol:ident),+ $(,)?) => {
        /// Values of all parameters of the equations, as scalars of any kind.
        #[allow(non_snake_case, missing_docs, reason = "fields are the symbols of the table, documented there")]
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub struct Parameters<S> {
            $(pub $symbol: S,)+
        }

        impl<S: Scalar> Parameters<S> {
            /// Builds the set by asking for each symbol.
            pub fn from_fn(mut value_of: impl FnMut(&str) -> S) -> Self {
                Parameters { $($symbol: value_of(stringify!($symbol)),)+ }
            }

            /// The same numbers as scalars of another kind.
            pub fn map<T: Scalar>(&self, f: impl Fn(S) -> T) -> Parameters<T> {
                Parameters { $($symbol: f(self.$symbol),)+ }
            }
        }

        impl Parameters<f64> {
            /// Symbols in the order of the fields.
            pub const SYMBOLS: &'static [&'static str] = &[$(stringify!($symbol)),+];

            /// Sets one parameter by its symbol.
            ///
            /// # Errors
            /// [`ParameterError`] if the symbol is unknown or the value outside its range.
            pub fn set(&mut self, symbol: &str, value: f64) -> Result<(), ParameterError> {
                check(symbol, value)?;
                match symbol {
                    $(stringify!($symbol) => self.$symbol = value,)+
                    _ => unreachable!("every symbol of the table is a field"),
                }
                Ok(())
            }
        }
    };
}

parameters!(
    sD,
    sE,
    sB,
    b10,
    bG,
    bgc,
    bmtx,
    bZ,
    bU,
    psi0,
    psi1,
    psit,
    psip,
    anc,
    dM,
    bP,
    dR,
    dN,
    n1,
    n17,
    nB,
    dE,
    chi,
    pE,
    KER,
    EER,
    KQ,
    kG,
    dG,
    xiG,
    nu0,
    nu1,
    Kp,
    hG,
    dEs,
    ksink,
    kGs,
    dGs,
    kF,
    dF,
    kT,
    kDN,
    kDM,
    kDC,
    kDB,
    cD,
    mu,
    a1,
    at,
    a6,
    a6B,
    a6S,
    k10,
    l1,
    lt,
    l6,
    l17,
    lp,
    lM,
    lB,
    dC,
    kBP,
    dO,
    dOP,
    kOi,
    kX,
    dX,
    kV,
    kVB,
    wU,
    wD,
    kZ,
    dZ,
    kER,
    dER,
    rB,
    KB,
    KBF,
    KB1,
    kres,
    Bres,
    nu,
    nuq,
    ksq,
    kNB,
    BN,
    bF,
    kf,
    kr,
    kfh,
    abx,
    abxf,
    fBF,
    lossI10,
    lossG,
    lossGC,
    rR0,
    gcN,
    gcCyt,
    gcPG,
    gcHome,
    gcE,
    gcKill,
    gcEs,
    jakSig,
    jakHome,
    jakI6,
    jakPrime,
    jakCRP,
    mtxPrime,
    mtxRecall,
    Khome,
    GE,
    MG,
    hPat,
    satN,
    kDM0,
    kDMt,
    kDM1,
    cDR,
    a1D0,
    a1D,
    a1U,
    a1Z,
    a1N,
    atE,
    a60,
    a61,
    a6t,
    a17,
    K17D,
    K17M,
    a170,
    a171,
    a176,
    a17F,
    a10M,
    a10R,
    a10G,
    apM,
    ap1,
    apt,
    o1,
    ot,
    op,
    oN,
    x0,
    xp,
    x17,
    kPs,
    KPs,
    kH,
    VH,
    H0,
    dBF,
    Kspill,
    kU,
    KCRP,
    Kpyr,
    CRP_max,
    k_CRP,
    k_ESR_up,
    k_ESR_dn,
    T_max_rise,
    Kanc,
    KGs,
    KF,
    CRP0,
    ESR0,
    ESR1,
    T0,
    coxT,
    painP,
    pain1,
    paint,
    painW,
    painN,
    painB,
    KpainB,
    painS,
    coxPain,
    a_act,
    edge,
    reg_window,
    p_show,
    level_lo,
    sigma_ss,
    q_own,
    q_growth,
    q_common,
    kappa0,
    kappa1,
    sd_site,
    sd_pair,
    noci_mu,
    noci_sd,
    iiv_IC50,
    iiv_CL,
    iiv_abx,
    adherence,
    rem_closed,
    rem_growth,
    spurt_base,
    spurt_height,
    spurt_width,
    age_spurt,
    w_close,
    lambda0,
    trauma_rest,
    trauma_med,
    trauma_sd,
    trauma_max,
    rho_pair,
    lambda_U,
    dU,
    trap,
    W_MRI,
    V_lytic,
    VX_scler,
    care_pain,
    care_fever,
    care_referral,
    care_flare,
);

impl Default for Parameters<f64> {
    /// The defaults of the table.
    fn default() -> Self {
        Parameters::from_fn(|symbol| find(symbol).expect("every field is a row of the table").default)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_and_table_agree() {
        let table: Vec<&str> = all().iter().map(|p| p.symbol.as_str()).collect();
        assert_eq!(table, Parameters::SYMBOLS);
    }

    #[test]
    fn every_row_is_complete_and_in_range() {
        for p in all() {
            assert!(p.low <= p.default && p.default <= p.high, "{} default outside its range", p.symbol);
            assert!(!p.meaning.is_empty() && !p.unit.is_empty() && !p.source.is_empty(), "{}", p.symbol);
        }
    }

    #[test]
    fn overrides_are_checked() {
        let mut p = Parameters::default();
        p.set("kG", 0.012).expect("within range");
        assert_eq!(p.kG, 0.012);
        p.set("kDC", 0.0).expect("zero switches off");
        assert!(matches!(p.set("kG", 5.0), Err(ParameterError::OutOfRange { .. })));
        let Err(ParameterError::Unknown { near, .. }) = p.set("kg", 0.01) else { panic!("must be unknown") };
        assert!(near.contains(&"kG"));
    }
}
