//! Every key of a study file: its kind, its limits and its meaning.
//!
//! The reader and the JSON Schema are both made from these tables, so they cannot disagree.

use std::sync::OnceLock;

use osteoflare_kinetics::switches;
use osteoflare_patient::population::HostPopulation;

/// One key of a table of the file.
pub(crate) struct Key {
    /// As typed.
    pub name: &'static str,
    /// What stands behind the equals sign.
    pub kind: Kind,
    /// Whether it must be there.
    pub required: bool,
    /// One sentence.
    pub meaning: &'static str,
}

/// What a key holds.
pub(crate) enum Kind {
    /// A short name: letters, digits, `-` and `_`.
    Name,
    /// Free text of one line.
    Text,
    /// `true` or `false`.
    Flag,
    /// A whole number with limits.
    Count { low: u64, high: u64 },
    /// A number with limits, both allowed.
    Number { low: f64, high: f64 },
    /// A time with a unit, limits in days, both allowed.
    Time { low: f64, high: f64 },
    /// `"always"` or a time.
    Duration,
    /// A list of times, limits as for a time.
    Times { high: f64 },
    /// A dose with a unit.
    Dose,
    /// A drug of the model.
    Drug,
    /// A list of names of earlier steps.
    Steps,
    /// A site of the skeleton or `"random_metaphysis"`.
    Site,
    /// One of a few words.
    OneOf(&'static [&'static str]),
    /// Values by parameter symbol.
    Parameters,
    /// Flags by name of a switch.
    Switches,
    /// A preset, or a table that changes one.
    Population(&'static [Key]),
    /// When a treatment starts.
    Start(&'static [Key]),
    /// A table.
    Table(&'static [Key]),
    /// A list of tables.
    Tables(&'static [Key]),
    /// Tables under names of the reader's choice.
    NamedTables(&'static [Key]),
}

const fn key(name: &'static str, kind: Kind, meaning: &'static str) -> Key {
    Key { name, kind, required: false, meaning }
}

const fn required(name: &'static str, kind: Kind, meaning: &'static str) -> Key {
    Key { name, kind, required: true, meaning }
}

/// Longest follow-up, days.
pub(crate) const LONGEST_HORIZON: f64 = 20.0 * 365.25;
/// Most patients of one group.
pub(crate) const MOST_PATIENTS: u64 = 10_000_000;
/// The word for a site drawn per patient.
pub(crate) const RANDOM_METAPHYSIS: &str = "random_metaphysis";

/// The whole file.
pub(crate) const FILE: &[Key] = &[
    required("study", Kind::Table(STUDY), "What the study is."),
    key("solver", Kind::Table(SOLVER), "How finely time is integrated."),
    key("visits", Kind::Table(VISITS), "When the clinic looks, and with what."),
    key("parameters", Kind::Parameters, "Kinetic parameters of every group, by symbol."),
    key("switches", Kind::Switches, "Rival hypotheses: mechanisms of every group turned on or off."),
    required("groups", Kind::NamedTables(GROUP), "Groups of patients, by name."),
];

/// `[study]`
pub(crate) const STUDY: &[Key] = &[
    required("name", Kind::Name, "Short name; also the results folder."),
    key("title", Kind::Text, "One line for people."),
    required("seed", Kind::Count { low: 0, high: i64::MAX as u64 }, "Seed of every random stream."),
    key(
        "patients",
        Kind::Count { low: 1, high: MOST_PATIENTS },
        "Patients of each group that says nothing else.",
    ),
    required("horizon", Kind::Time { low: 1.0, high: LONGEST_HORIZON }, "How long each patient is followed."),
];

/// `[solver]`
pub(crate) const SOLVER: &[Key] = &[
    key(
        "relative_tolerance",
        Kind::Number { low: 1e-10, high: 0.1 },
        "Relative tolerance of the local error.",
    ),
    key(
        "absolute_tolerance",
        Kind::Number { low: 1e-14, high: 0.01 },
        "Absolute tolerance of the local error.",
    ),
    key("sleeping", Kind::Flag, "Whether quiet sites may sleep."),
    key(
        "intrinsic_noise",
        Kind::Number { low: 0.0, high: 1.0 },
        "Noise on effector cells, log-standard deviation per root day.",
    ),
];

/// `[visits]`
pub(crate) const VISITS: &[Key] = &[
    key("examination", Kind::Times { high: LONGEST_HORIZON }, "Examinations, times after presentation."),
    key("mri", Kind::Times { high: LONGEST_HORIZON }, "Whole-body MRI, times after presentation."),
    key(
        "radiographs",
        Kind::Times { high: LONGEST_HORIZON },
        "Radiographs of painful sites, times after presentation.",
    ),
    key("laboratory", Kind::Times { high: LONGEST_HORIZON }, "Blood tests, times after presentation."),
    key(
        "control_day",
        Kind::Time { low: 0.0, high: LONGEST_HORIZON },
        "Time from day 0 at which children who never present are seen first.",
    ),
];

/// `[switches]`: one flag per switch of the kinetics.
pub(crate) fn switches() -> &'static [Key] {
    static KEYS: OnceLock<Vec<Key>> = OnceLock::new();
    KEYS.get_or_init(|| {
        switches::ALL.iter().map(|switch| key(switch.name, Kind::Flag, switch.meaning)).collect()
    })
}

/// `[groups.NAME]`
pub(crate) const GROUP: &[Key] = &[
    key("label", Kind::Text, "One line for people."),
    key("patients", Kind::Count { low: 1, high: MOST_PATIENTS }, "Number of patients."),
    key(
        "population",
        Kind::Population(POPULATION),
        "Where hosts are drawn from: a preset, or a table that changes one.",
    ),
    key("twins_of", Kind::Name, "Group whose very same children live again here under another plan."),
    key("exposures", Kind::Tables(EXPOSURE), "Injuries and bacteria."),
    key("treatments", Kind::Tables(TREATMENT), "The treatment plan."),
    key("parameters", Kind::Parameters, "Kinetic parameters of this group, by symbol."),
    key("switches", Kind::Switches, "Mechanisms of this group turned on or off."),
];

/// Inline table of a population.
pub(crate) const POPULATION: &[Key] = &[
    required("base", Kind::OneOf(&HostPopulation::PRESETS), "Preset that the other keys change."),
    key("theta_mean", Kind::Number { low: 0.35, high: 1.0 }, "Mean of the negative-selection threshold."),
    key("theta_sd", Kind::Number { low: 0.0, high: 0.3 }, "Standard deviation of the threshold."),
    key(
        "il10_median",
        Kind::Number { low: 0.05, high: 2.0 },
        "Median myeloid IL-10 competence (1 = healthy).",
    ),
    key("il10_log_sd", Kind::Number { low: 0.0, high: 1.5 }, "Log-standard deviation of that competence."),
    key(
        "regulation_log_sd",
        Kind::Number { low: 0.0, high: 1.5 },
        "Log-standard deviation of regulatory competence.",
    ),
    key(
        "presentation_log_sd",
        Kind::Number { low: 0.0, high: 1.5 },
        "Log-standard deviation of the presentation of each bone antigen class.",
    ),
    key("age_low", Kind::Time { low: 0.0, high: 18.0 * 365.25 }, "Youngest age at day 0."),
    key("age_high", Kind::Time { low: 0.0, high: 18.0 * 365.25 }, "Oldest age at day 0."),
    key("female_share", Kind::Number { low: 0.0, high: 1.0 }, "Share of girls."),
];

/// `[[groups.NAME.exposures]]`
pub(crate) const EXPOSURE: &[Key] = &[
    required("kind", Kind::OneOf(&["injury", "bacteraemia"]), "What happens."),
    required("at", Kind::Time { low: 0.0, high: LONGEST_HORIZON }, "When, after day 0."),
    key("site", Kind::Site, "Where an injury strikes; with bacteraemia: a place injured one day before."),
    key(
        "debris",
        Kind::Number { low: 0.0, high: 10.0 },
        "Size of the injury (1 = level in an established lesion).",
    ),
    key("cfu", Kind::Number { low: 1.0, high: 1e9 }, "Colony-forming units that reach bone."),
];

/// `[[groups.NAME.treatments]]`
pub(crate) const TREATMENT: &[Key] = &[
    required("drug", Kind::Drug, "Generic name."),
    key("name", Kind::Name, "Name of this step, for `after` and `replaces`; the drug's name when left out."),
    key("dose", Kind::Dose, "Size of one dose; the standard regimen when left out."),
    key(
        "every",
        Kind::Time { low: 1.0 / 24.0, high: 366.0 },
        "Time between doses; the standard regimen when left out.",
    ),
    key(
        "doses_per_cycle",
        Kind::Count { low: 1, high: 31 },
        "Doses on consecutive days, repeated every `every`.",
    ),
    key("start", Kind::Start(START), "\"presentation\", a time after day 0, or a table."),
    required("for", Kind::Duration, "How long it is given: a time, or \"always\"."),
    key(
        "taper",
        Kind::Time { low: 0.0, high: 366.0 },
        "Linear reduction to zero over the last part of the course.",
    ),
    key("replaces", Kind::Steps, "Earlier steps that stop when this one starts."),
];

/// Inline table of a start.
pub(crate) const START: &[Key] = &[
    key("after_presentation", Kind::Time { low: 0.0, high: LONGEST_HORIZON }, "Time after the presentation."),
    key("after", Kind::Name, "An earlier step."),
    key("delay", Kind::Time { low: 0.0, high: LONGEST_HORIZON }, "Time after the start of that step."),
    key("if", Kind::OneOf(&["active", "inactive", "always"]), "What the clinic must see at that moment."),
];
