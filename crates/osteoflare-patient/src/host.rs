//! One virtual child: everything that is inherited or fixed for life.

use osteoflare_kinetics::local::Host as KineticHost;
use osteoflare_kinetics::parameters::Parameters;
use osteoflare_kinetics::state::ANTIGENS;
use osteoflare_random::Stream;
use osteoflare_skeleton::{Sex, Skeleton, TissueClass};

use crate::growth;
use crate::population::HostPopulation;
use crate::prescription::Drug;
use crate::purpose;
use crate::repertoire;

/// Constants of one site in one child.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SiteTraits {
    /// Susceptibility κ, 1.
    pub kappa: f64,
    /// Nociceptive gain, 1.
    pub nociception: f64,
    /// Antigen shares, 1.
    pub antigens: [f64; ANTIGENS],
}

/// A virtual child.
#[derive(Clone, Debug, PartialEq)]
pub struct Host {
    /// Sex.
    pub sex: Sex,
    /// Age at day 0, years.
    pub age_at_start_years: f64,
    /// Size for age and sex, standard deviations from the median.
    pub size_z: f64,
    /// Negative-selection threshold θ, 1.
    pub theta: f64,
    /// Traits that the equations use.
    pub kinetic: KineticHost<f64>,
    /// Per site, in the order of the skeleton.
    pub sites: Vec<SiteTraits>,
    /// Factor on the IC50 of each drug in this child.
    pub drug_ic50: [f64; Drug::ALL.len()],
    /// Factor on the clearance of each drug in this child.
    pub drug_clearance: [f64; Drug::ALL.len()],
    /// Probability that a dose at home is taken.
    pub adherence: f64,
}

impl Host {
    /// Draws child number `index` of a population.
    pub fn draw(population: &HostPopulation, seed: u64, index: u32, p: &Parameters<f64>) -> Host {
        let skeleton = Skeleton::get();
        let traits = Stream::new(seed, index, purpose::HOST);
        let sex = if traits.uniform(0) < population.female_share { Sex::Female } else { Sex::Male };
        let span = population.age_high_years - population.age_low_years;
        let age_at_start_years = population.age_low_years + span * traits.uniform(1);
        let theta = population.theta_mean + population.theta_sd * traits.normal(2);
        let il10 = population.il10_median * libm::exp(population.il10_log_sd * traits.normal(3));
        let regulation = libm::exp(population.regulation_log_sd * traits.normal(4));
        let size_z = traits.normal(5);
        let adherence = draw_adherence(p.adherence, traits.uniform(6));
        let antibiotic_penetration = libm::exp(p.iiv_abx * traits.normal(7));

        let reactivity = repertoire::select(theta, seed, index, purpose::REPERTOIRE, p);
        // HLA-like presentation: which bone antigens this child's molecules show well.
        let presentation: [f64; ANTIGENS] = std::array::from_fn(|k| {
            let sd = population.presentation_log_sd;
            libm::exp(sd * traits.normal(20 + k as u64) - 0.5 * sd * sd)
        });
        let self_reactivity = std::array::from_fn(|k| reactivity.to_self[k] * presentation[k]);

        let site_stream = Stream::new(seed, index, purpose::SITES);
        let sites = skeleton
            .sites()
            .iter()
            .enumerate()
            .map(|(i, site)| {
                // The mirror pair shares the draw of its first member.
                let pair = site.mirror.map_or(i, |m| m.index().min(i)) as u64;
                let compliance = (site.load * (0.35 + 0.65 * site.growth)).sqrt();
                let spread = p.sd_site * site_stream.normal(4 * i as u64)
                    + p.sd_pair * site_stream.normal(4 * pair + 1);
                let nociception = libm::exp(p.noci_mu + p.noci_sd * site_stream.normal(4 * i as u64 + 2));
                SiteTraits {
                    kappa: (p.kappa0 + p.kappa1 * compliance) * libm::exp(spread),
                    nociception,
                    antigens: antigen_shares(site.tissue, site.growth, p),
                }
            })
            .collect();

        let sensitivity = Stream::new(seed, index, purpose::DRUGS);
        Host {
            sex,
            age_at_start_years,
            size_z,
            theta,
            kinetic: KineticHost {
                il10_competence: il10,
                regulatory_competence: regulation,
                self_reactivity,
                foreign_reactivity: reactivity.to_foreign,
                antibiotic_penetration,
            },
            sites,
            drug_ic50: std::array::from_fn(|d| libm::exp(p.iiv_IC50 * sensitivity.normal(2 * d as u64))),
            drug_clearance: std::array::from_fn(|d| {
                libm::exp(p.iiv_CL * sensitivity.normal(2 * d as u64 + 1))
            }),
            adherence,
        }
    }

    /// Weight at an age, kg.
    pub fn weight_kg(&self, age_years: f64) -> f64 {
        growth::weight_kg(age_years, self.sex, self.size_z)
    }

    /// Body surface at an age, m².
    pub fn body_surface_m2(&self, age_years: f64) -> f64 {
        growth::body_surface_m2(age_years, self.sex, self.size_z)
    }
}

/// Adherence between 0 and 1 with the given mean: a power of a uniform number, most children near 1.
fn draw_adherence(mean: f64, u: f64) -> f64 {
    // E[u^a] = 1/(1+a)
    libm::pow(u, 1.0 / mean - 1.0)
}

/// Antigen shares of a site: its own class, and growth cartilage where it grows.
fn antigen_shares(tissue: TissueClass, growth: f64, p: &Parameters<f64>) -> [f64; ANTIGENS] {
    let own = match tissue {
        TissueClass::UpperLongBone => 0,
        TissueClass::LowerLongBone => 1,
        TissueClass::AxialChest => 2,
        TissueClass::PelvisEnthesis => 3,
        TissueClass::ShortBone => 4,
    };
    let mut shares = [p.q_common; ANTIGENS];
    shares[own] += p.q_own;
    shares[0] += p.q_growth * (growth / 0.6).clamp(0.3, 1.0);
    shares
}
