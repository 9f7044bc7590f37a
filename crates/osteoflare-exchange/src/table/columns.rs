//! Sections of a record and their columns.

use super::cell::Kind;

/// A field of a section and the column it stands in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    /// Name of the column.
    pub name: &'static str,
    /// Names of the fields that lead to it from the entry.
    pub field: &'static [&'static str],
    /// Kind of its values.
    pub kind: Kind,
}

/// A kind of row.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Section {
    /// What the column `section` says.
    pub name: &'static str,
    /// Where its entries are.
    pub home: Home,
    /// Its columns.
    pub columns: &'static [Column],
}

/// Where entries are in a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Home {
    /// The record itself: one row at most.
    Record,
    /// A list of the record, by its name.
    List(&'static str),
    /// A list of texts within an object of the record or of the record itself.
    Texts(&'static [&'static str]),
    /// A list within the entries of a section of the record: the column `entry` says in which (from 1).
    Within {
        /// The section.
        section: &'static str,
        /// The list within an entry of it.
        list: &'static str,
    },
    /// A map within the entries of a section of the record.
    Map {
        /// The section.
        section: &'static str,
        /// Fields that lead to the map.
        map: &'static [&'static str],
    },
}

const fn c(name: &'static str, field: &'static [&'static str], kind: Kind) -> Column {
    Column { name, field, kind }
}

macro_rules! columns {
    ($($name:ident $kind:ident $(= $($field:literal).+)?),* $(,)?) => {
        &[$(columns!(@ $name $kind $($($field).+)?)),*]
    };
    (@ $name:ident $kind:ident) => { c(stringify!($name), &[stringify!($name)], Kind::$kind) };
    (@ $name:ident $kind:ident $($field:literal).+) => { c(stringify!($name), &[$($field),+], Kind::$kind) };
}

/// Every section, in the order in which rows are written.
pub(crate) const SECTIONS: &[Section] = &[
    Section {
        name: "patient",
        home: Home::Record,
        columns: columns![
            sex Word = "patient"."sex",
            age_years Range = "patient"."age_years",
            age_at_onset_years Range = "patient"."age_at_onset_years",
            birth_date Date = "patient"."birth_date",
            reference_date Date,
            followed_until When,
            symptom_onset When = "history"."symptom_onset",
            symptom_duration_days Range = "history"."symptom_duration_days",
            course Word = "history"."course",
            citation Text = "origin"."citation",
            doi Text = "origin"."doi",
            pmid Text = "origin"."pmid",
            url Text = "origin"."url",
            system Text = "origin"."system",
            group Text = "origin"."virtual"."group",
            index Count = "origin"."virtual"."index",
        ],
    },
    Section {
        name: "background",
        home: Home::Texts(&["patient", "background"]),
        columns: columns![text Text],
    },
    Section {
        name: "condition",
        home: Home::List("conditions"),
        columns: columns![name Word = "condition", status Word, of Word, when When, note Text],
    },
    Section {
        name: "visit",
        home: Home::List("visits"),
        columns: columns![when When, kind Word, whole_body_examined Flag],
    },
    Section {
        name: "finding",
        home: Home::List("findings"),
        columns: columns![
            name Word = "finding", present Flag,
            bone Word = "place"."bone", part Word = "place"."part", side Word = "place"."side",
            at_least Count = "place"."at_least",
            severity_0_10 Number, degree Word, pattern Word, duration_days Range, method Word, when When, note Text,
        ],
    },
    Section { name: "vital_sign", home: Home::List("vital_signs"), columns: LAB },
    Section { name: "laboratory", home: Home::List("laboratory"), columns: LAB },
    Section {
        name: "imaging",
        home: Home::List("imaging"),
        columns: columns![
            name Word = "modality", coverage Word, abnormal Flag, all_lesions_listed Flag, focality Word,
            symmetric Flag, descriptors Words, absent Words, when When, note Text,
        ],
    },
    Section {
        name: "lesion",
        home: Home::Within { section: "imaging", list: "lesions" },
        columns: columns![
            bone Word = "place"."bone", part Word = "place"."part", side Word = "place"."side",
            at_least Count = "place"."at_least",
            active Flag, descriptors Words, absent Words, extent_grade Count, size_mm Number, volume_ml Number,
            signal Number, muscle_signal Number, note Text,
        ],
    },
    Section { name: "shown", home: Home::Within { section: "imaging", list: "shown" }, columns: PLACE },
    Section {
        name: "bright_marrow",
        home: Home::Within { section: "imaging", list: "bright_marrow" },
        columns: PLACE,
    },
    Section {
        name: "biopsy",
        home: Home::List("biopsies"),
        columns: columns![
            name Word = "tissue", done Flag,
            bone Word = "place"."bone", part Word = "place"."part", side Word = "place"."side",
            at_least Count = "place"."at_least",
            method Word, descriptors Words = "findings", absent Words, when When, note Text,
        ],
    },
    Section {
        name: "culture",
        home: Home::List("cultures"),
        columns: columns![
            name Word = "specimen", result Word, organism Text, off_antibiotics Flag,
            bone Word = "place"."bone", part Word = "place"."part", side Word = "place"."side",
            at_least Count = "place"."at_least",
            when When, note Text,
        ],
    },
    Section {
        name: "genetics",
        home: Home::List("genetics"),
        columns: columns![name Word = "gene", variant Text, zygosity Word, significance Word, when When],
    },
    Section {
        name: "treatment",
        home: Home::List("treatments"),
        columns: columns![
            name Word = "drug", start When, stop When, duration_days Range, dose Text, alone Flag, response Word,
            note Text,
        ],
    },
    Section {
        name: "assessment",
        home: Home::List("assessments"),
        columns: columns![
            when When, pain_0_10 Number, patient_global_0_10 Number, physician_global_0_10 Number,
            clinically_active_lesions Count, disability_index Number = "chaq"."disability_index",
            aid_or_help Words = "chaq"."aid_or_help",
        ],
    },
    Section {
        name: "chaq",
        home: Home::Map { section: "assessment", map: &["chaq", "items"] },
        columns: columns![name Word, result Word],
    },
    Section {
        name: "diagnosis",
        home: Home::List("diagnoses"),
        columns: columns![name Word = "disease", kind Word, by Text, when When],
    },
    Section {
        name: "outcome",
        home: Home::List("outcomes"),
        columns: columns![text Text = "outcome", when When],
    },
    Section { name: "note", home: Home::Texts(&["notes"]), columns: columns![text Text] },
];

const LAB: &[Column] = columns![
    name Word = "analyte", value Number, comparator Word, unit Word,
    reference_low Number = "reference"."low", reference_high Number = "reference"."high",
    qualitative Word, when When, note Text,
];

const PLACE: &[Column] = columns![bone Word, part Word, side Word, at_least Count];

/// The section of a name.
pub(crate) fn section(name: &str) -> Option<&'static Section> {
    SECTIONS.iter().find(|section| section.name == name)
}

/// Names of all columns: those that every row has, then the others in the order of the sections.
pub(crate) fn column_names() -> Vec<&'static str> {
    let mut names = vec!["patient", "section", "entry", "name", "when", "value", "unit"];
    for column in SECTIONS.iter().flat_map(|section| section.columns) {
        if !names.contains(&column.name) {
            names.push(column.name);
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use osteoflare_clinic::record::Record;
    use serde_json::Value;

    use super::*;

    /// Every field that the JSON Schema of the record has, as `section.field.field`.
    fn fields(schema: &Value, node: &Value, path: String, found: &mut BTreeSet<String>) {
        if let Some(name) = node["$ref"].as_str() {
            let name = name.trim_start_matches("#/$defs/");
            return match name {
                "When" | "Range" | "Date" | "Term" => {
                    found.insert(path);
                }
                _ => fields(schema, &schema["$defs"][name], path, found),
            };
        }
        if let Some(choice) = node["anyOf"].as_array() {
            for choice in choice.iter().filter(|choice| choice["type"] != "null") {
                fields(schema, choice, path.clone(), found);
            }
            return;
        }
        if let Some(properties) = node["properties"].as_object() {
            for (name, property) in properties {
                fields(schema, property, format!("{path}.{name}"), found);
            }
            return;
        }
        if node["items"].is_object() {
            return fields(schema, &node["items"], path, found);
        }
        found.insert(path);
    }

    #[test]
    fn every_field_of_a_record_has_a_column() {
        let schema = Record::json_schema();
        let mut expected = BTreeSet::new();
        fields(&schema, &schema, String::new(), &mut expected);
        expected.remove(".osteoflare_record");
        expected.remove(".id");
        let mut known = BTreeSet::new();
        for section in SECTIONS {
            let list_of = |name: &str| match super::section(name).map(|section| section.home) {
                Some(Home::List(list)) => list,
                _ => panic!("{name} is no list"),
            };
            let home = match section.home {
                Home::Record => String::new(),
                Home::List(list) => format!(".{list}"),
                Home::Texts(path) => {
                    known.insert(format!(".{}", path.join(".")));
                    continue;
                }
                Home::Within { section, list } => format!(".{}.{list}", list_of(section)),
                Home::Map { section, map } => {
                    known.insert(format!(".{}.{}", list_of(section), map.join(".")));
                    continue;
                }
            };
            for column in section.columns {
                assert!(known.insert(format!("{home}.{}", column.field.join("."))), "{column:?} twice");
            }
        }
        assert_eq!(known, expected);
    }

    #[test]
    fn a_column_has_one_kind_wherever_it_stands() {
        for name in column_names() {
            let kinds: Vec<Kind> = SECTIONS
                .iter()
                .flat_map(|section| section.columns)
                .filter(|column| column.name == name)
                .map(|column| column.kind)
                .collect();
            assert!(kinds.windows(2).all(|pair| pair[0] == pair[1]), "{name}: {kinds:?}");
        }
    }
}
