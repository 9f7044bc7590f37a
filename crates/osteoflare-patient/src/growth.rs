//! Size of a growing child, and the growth activity of its bones.

use std::sync::LazyLock;

use osteoflare_kinetics::parameters::Parameters;
use osteoflare_skeleton::{Sex, Site, Skeleton};

/// Days in a year.
pub const DAYS_PER_YEAR: f64 = 365.25;

/// Median weight and height by age; rounded medians of the CDC 2000 growth charts, recalled. Columns: age (years),
/// weight of girls and boys (kg), height of girls and boys (cm).
static TABLE: LazyLock<Vec<[f64; 5]>> = LazyLock::new(|| {
    csv::Reader::from_reader(include_str!("../data/growth.csv").as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()
        .expect("the embedded growth table is well-formed")
});

fn interpolate(age_years: f64, column: usize) -> f64 {
    let table = &*TABLE;
    let last = table.len() - 1;
    let i = table.partition_point(|row| row[0] <= age_years).clamp(1, last);
    let (a, b) = (&table[i - 1], &table[i]);
    let share = ((age_years - a[0]) / (b[0] - a[0])).clamp(0.0, 1.0);
    a[column] + share * (b[column] - a[column])
}

/// Body weight, kg, of a child `size_z` standard deviations from the median (log-sd 0.14, assumed).
pub fn weight_kg(age_years: f64, sex: Sex, size_z: f64) -> f64 {
    interpolate(age_years, if sex == Sex::Female { 1 } else { 2 }) * libm::exp(0.14 * size_z)
}

/// Height, cm, of a child `size_z` standard deviations from the median (log-sd 0.04, assumed).
pub fn height_cm(age_years: f64, sex: Sex, size_z: f64) -> f64 {
    interpolate(age_years, if sex == Sex::Female { 3 } else { 4 }) * libm::exp(0.04 * size_z)
}

/// Body surface, m² (Mosteller 1987).
pub fn body_surface_m2(age_years: f64, sex: Sex, size_z: f64) -> f64 {
    (weight_kg(age_years, sex, size_z) * height_cm(age_years, sex, size_z) / 3600.0).sqrt()
}

/// Openness of the growth plate of a site, 1 open to 0 closed; 0 where there is none.
pub fn plate_openness(site: &Site, age_years: f64, sex: Sex, p: &Parameters<f64>) -> f64 {
    site.plate_openness(age_years, sex, p.w_close)
}

/// Growth activity γ of a site, 0 to about 1.1: open plates, faster in the spurt.
pub fn growth_activity(site: &Site, age_years: f64, sex: Sex, p: &Parameters<f64>) -> f64 {
    plate_openness(site, age_years, sex, p) * pace_of_growth(age_years, sex, p)
}

/// Pace of growth of an open plate: the part of [`growth_activity`] that all sites share.
fn pace_of_growth(age_years: f64, sex: Sex, p: &Parameters<f64>) -> f64 {
    let peak = p.age_spurt + if sex == Sex::Female { -1.0 } else { 1.0 };
    let u = (age_years - peak) / p.spurt_width;
    p.spurt_base + p.spurt_height * libm::exp(-u * u)
}

/// Remodelling activity of every site of the skeleton, in its order.
pub fn remodelling_everywhere(age_years: f64, sex: Sex, p: &Parameters<f64>) -> impl Iterator<Item = f64> {
    let pace = pace_of_growth(age_years, sex, p);
    // Neighbours in the list are often mirror images, whose plates close together.
    let mut last = (None, remodelling(0.0, p));
    Skeleton::get().sites().iter().map(move |site| {
        if site.closure_age_years != last.0 {
            last = (site.closure_age_years, remodelling(plate_openness(site, age_years, sex, p) * pace, p));
        }
        last.1
    })
}

/// Remodelling activity of a site, relative: what closed bone has, and more where it grows.
pub fn remodelling(growth_activity: f64, p: &Parameters<f64>) -> f64 {
    p.rem_closed + p.rem_growth * growth_activity
}
