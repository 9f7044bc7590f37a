//! The population a host is drawn from: the only place where groups of patients differ in their immune system.

/// Distribution of host traits. Every value is a distribution parameter, never an outcome.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HostPopulation {
    /// Mean of the negative-selection threshold θ (the dial of central tolerance), 1.
    pub theta_mean: f64,
    /// Standard deviation of θ, 1.
    pub theta_sd: f64,
    /// Median of the myeloid IL-10 competence c₁₀ (1 = healthy), 1.
    pub il10_median: f64,
    /// Log-standard deviation of c₁₀, 1.
    pub il10_log_sd: f64,
    /// Log-standard deviation of the regulatory competence (median 1), 1.
    pub regulation_log_sd: f64,
    /// Log-standard deviation of HLA-like presentation of each bone antigen class (median 1), 1.
    pub presentation_log_sd: f64,
    /// Youngest age at day 0, years.
    pub age_low_years: f64,
    /// Oldest age at day 0, years.
    pub age_high_years: f64,
    /// Share of girls, 1.
    pub female_share: f64,
}

impl HostPopulation {
    /// Names of the shipped populations.
    pub const PRESETS: [&'static str; 2] = ["healthy", "broken_tolerance"];

    /// A shipped population by name.
    pub fn preset(name: &str) -> Option<HostPopulation> {
        match name {
            "healthy" => Some(HostPopulation {
                theta_mean: 0.52,
                theta_sd: 0.025,
                il10_median: 1.0,
                il10_log_sd: 0.15,
                regulation_log_sd: 0.25,
                presentation_log_sd: 0.50,
                age_low_years: 6.0,
                age_high_years: 11.0,
                female_share: 0.5,
            }),
            "broken_tolerance" => Some(HostPopulation {
                theta_mean: 0.95,
                theta_sd: 0.035,
                il10_median: 0.32,
                il10_log_sd: 0.18,
                regulation_log_sd: 0.25,
                presentation_log_sd: 0.50,
                age_low_years: 6.0,
                age_high_years: 11.0,
                female_share: 0.65,
            }),
            _ => None,
        }
    }
}
