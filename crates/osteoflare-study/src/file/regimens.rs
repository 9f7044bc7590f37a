//! Standard regimens of the drugs.

use osteoflare_patient::prescription::{Dose, Drug, Regimen};

/// The standard regimen of a drug.
pub(crate) fn standard(drug: Drug) -> Regimen {
    let (dose, interval_days, doses_per_cycle) = match drug {
        Drug::Naproxen => (Dose::MgPerKg(6.0, Some(500.0)), 0.5, 1),
        Drug::Prednisolone => (Dose::MgPerKg(2.0, Some(60.0)), 1.0, 1),
        Drug::Methotrexate => (Dose::MgPerM2(15.0, Some(25.0)), 7.0, 1),
        Drug::Sulfasalazine => (Dose::MgPerKg(25.0, Some(1_000.0)), 0.5, 1),
        Drug::Adalimumab => (Dose::MgPerM2(24.0, Some(40.0)), 14.0, 1),
        Drug::Etanercept => (Dose::MgPerKg(0.4, Some(25.0)), 3.5, 1),
        Drug::Infliximab => (Dose::MgPerKg(8.0, None), 42.0, 1),
        Drug::Anakinra => (Dose::MgPerKg(2.0, Some(100.0)), 1.0, 1),
        Drug::Canakinumab => (Dose::MgPerKg(4.0, Some(300.0)), 28.0, 1),
        Drug::Secukinumab => (Dose::Mg(75.0), 28.0, 1),
        Drug::Tofacitinib => (Dose::Mg(5.0), 0.5, 1),
        Drug::Baricitinib => (Dose::Mg(4.0), 1.0, 1),
        Drug::Pamidronate => (Dose::MgPerKg(1.0, Some(60.0)), 90.0, 3),
        Drug::Zoledronate => (Dose::MgPerKg(0.05, Some(4.0)), 180.0, 1),
        Drug::Cefazolin => (Dose::MgPerKg(50.0, Some(2_000.0)), 1.0 / 3.0, 1),
        Drug::Flucloxacillin => (Dose::MgPerKg(50.0, Some(2_000.0)), 0.25, 1),
        Drug::Clindamycin => (Dose::MgPerKg(10.0, Some(600.0)), 1.0 / 3.0, 1),
    };
    Regimen { drug, dose, interval_days, doses_per_cycle, taper_days: 0.0 }
}
