//! Units of quantities in the equations: products of powers of four base quantities.

use std::fmt;

/// Number of base quantities.
pub const BASES: usize = 4;

/// Twice the exponent of each base quantity (roots of units occur): day, 10⁶ CFU/mL, mg/L, mm/h.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Unit(pub [i8; BASES]);

impl Unit {
    /// A pure number. Relative units (1 = level in an established lesion) are pure numbers.
    pub const ONE: Unit = Unit([0; BASES]);
    /// 1/d.
    pub const PER_DAY: Unit = Unit([-2, 0, 0, 0]);
    /// d.
    pub const DAY: Unit = Unit([2, 0, 0, 0]);

    /// The unit that a table of the model writes as `text`, as far as the equations use it.
    ///
    /// Years and degrees Celsius stand in no differential equation; they count as pure numbers here.
    pub fn parse(text: &str) -> Option<Unit> {
        Some(match text {
            "1" | "r.u." | "unit" | "yr" | "1/yr" | "degC" => Unit::ONE,
            "d" => Unit::DAY,
            "1/d" => Unit::PER_DAY,
            "1e6 CFU/mL" => Unit([0, 2, 0, 0]),
            "mg/L" => Unit([0, 0, 2, 0]),
            "mm/h" => Unit([0, 0, 0, 2]),
            "mm/h/sqrt(mg/L)" => Unit([0, 0, -1, 2]),
            _ => return None,
        })
    }

    /// Identifier in SBML, e.g. `dimensionless`, `day_m1`.
    pub fn identifier(self) -> String {
        if self == Unit::ONE {
            return "dimensionless".to_owned();
        }
        // Bacteria are densities in the equations, amounts in SBML: a site there has size 1, which stands for a millilitre.
        let names = ["day", "million_cfu", "mg_per_l", "mm_per_h"];
        let parts = self.0.iter().zip(names).filter(|(power, _)| **power != 0).map(|(power, name)| {
            let sign = if *power < 0 { "m" } else { "" };
            match power.abs() {
                2 if *power > 0 => name.to_owned(),
                p if p % 2 == 0 => format!("{name}_{sign}{}", p / 2),
                p => format!("{name}_{sign}{p}half"),
            }
        });
        parts.collect::<Vec<_>>().join("_")
    }
}

/// In words, as [`Unit::identifier`].
impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Unit::ONE {
            return f.write_str("1");
        }
        let names = ["d", "(1e6 CFU)", "(mg/L)", "(mm/h)"];
        let parts = self.0.iter().zip(names).filter(|(power, _)| **power != 0).map(|(power, name)| {
            if *power == 2 { name.to_owned() } else { format!("{name}^{}", f64::from(*power) / 2.0) }
        });
        f.write_str(&parts.collect::<Vec<_>>().join(" "))
    }
}
