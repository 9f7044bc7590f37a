//! Rival hypotheses as switches: each removes one mechanism by setting its parameters to zero.

/// One hypothesis switch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Switch {
    /// Name in study files.
    pub name: &'static str,
    /// What is removed when it is `false`.
    pub meaning: &'static str,
    /// Parameters set when it is `false`.
    pub off: &'static [(&'static str, f64)],
}

/// All switches.
pub const ALL: &[Switch] = &[
    Switch {
        name: "adaptive_arm",
        meaning: "self-reactive T cells do not drive activation and leave no resident memory (autoinflammatory hypothesis)",
        off: &[("sE", 0.0), ("kER", 0.0)],
    },
    Switch {
        name: "innate_arm",
        meaning: "debris alone does not drive activation; only recognition by self-reactive T cells does (autoimmune hypothesis)",
        off: &[("sD", 0.0)],
    },
    Switch {
        name: "memory",
        meaning: "tissue keeps neither resident T cells nor trained innate memory",
        off: &[("kER", 0.0), ("bZ", 0.0), ("a1Z", 0.0)],
    },
    Switch { name: "spread", meaning: "lesions do not prime circulating clones", off: &[("nu1", 0.0)] },
    Switch {
        name: "local_regulation",
        meaning: "no local regulation builds up in lesions",
        off: &[("kG", 0.0)],
    },
    Switch { name: "debris_loop", meaning: "excess resorption releases no debris", off: &[("kDC", 0.0)] },
    Switch {
        name: "neutrophil_damage",
        meaning: "neutrophils do no collateral damage",
        off: &[("kDN", 0.0)],
    },
];

/// The switch of that name.
pub fn find(name: &str) -> Option<&'static Switch> {
    ALL.iter().find(|s| s.name == name)
}
