//! The words of a record and what they mean: findings, descriptors, tissue, diseases, analytes and drugs.
//!
//! Tables in `data/` give each canonical word its class and its synonyms. Spelling is forgiving: case, spaces, hyphens
//! and underscores do not matter. A word that is in no table means nothing here, never something similar; what is
//! similar is only suggested to people.

use std::{collections::HashMap, sync::LazyLock};

use osteoflare_skeleton::Sex;
use serde::{Deserialize, de::DeserializeOwned};

/// Which table a word belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Symptoms and signs.
    Finding,
    /// What a lesion looks like on a picture.
    Descriptor,
    /// What a pathologist sees.
    Tissue,
    /// Diseases.
    Disease,
}

impl Kind {
    /// What such a word is called in a message.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Finding => "finding",
            Self::Descriptor => "imaging descriptor",
            Self::Tissue => "tissue finding",
            Self::Disease => "disease",
        }
    }
}

/// A canonical word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The word.
    pub term: String,
    /// Class within its table, e.g. `malignancy`, `aggressive`, `infection`.
    pub class: String,
}

/// A drug.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drug {
    /// Generic name, or the class itself.
    pub name: String,
    /// Class, e.g. `nsaid`, `antibiotic`.
    pub class: String,
}

/// An analyte with its canonical unit and its customary limits.
#[derive(Clone, Debug, PartialEq)]
pub struct Analyte {
    /// Name.
    pub name: String,
    /// Canonical unit; empty for panels and for what has none.
    pub unit: String,
    /// Dimension, by which units are converted.
    pub dimension: String,
    /// Customary lower limit of normal where the laboratory gave none, canonical unit.
    pub normal_low: Option<f64>,
    /// Customary upper limit of normal where the laboratory gave none, canonical unit.
    pub normal_high: Option<f64>,
    /// Values outside these bounds are questioned, canonical unit.
    pub plausible: [Option<f64>; 2],
}

/// Lower-case letters and digits with single underscores between words.
pub fn normalised(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.trim().chars() {
        if c.is_alphanumeric() || matches!(c, '%' | '/' | '^' | '.') {
            out.extend(c.to_lowercase());
        } else if !out.ends_with('_') && !out.is_empty() {
            out.push('_');
        }
    }
    out.truncate(out.trim_end_matches('_').len());
    out
}

/// Finds a word by its canonical form or a synonym.
pub fn word(kind: Kind, text: &str) -> Option<&'static Word> {
    WORDS.find(kind as usize, text)
}

/// Finds an analyte.
pub fn analyte(text: &str) -> Option<&'static Analyte> {
    ANALYTES.find(0, text)
}

/// Finds a drug or a class of drugs.
pub fn drug(text: &str) -> Option<&'static Drug> {
    DRUGS.find(0, text)
}

/// Words of a table that look like the text, nearest first, at most three.
pub fn suggest_word(kind: Kind, text: &str) -> Vec<&'static str> {
    WORDS.suggest(kind as usize, text)
}

/// Analytes that look like the text.
pub fn suggest_analyte(text: &str) -> Vec<&'static str> {
    ANALYTES.suggest(0, text)
}

/// Drugs that look like the text.
pub fn suggest_drug(text: &str) -> Vec<&'static str> {
    DRUGS.suggest(0, text)
}

/// Canonical words of a table, in its order.
pub fn words(kind: Kind) -> impl Iterator<Item = &'static Word> {
    WORDS.entries.iter().zip(&WORDS.spaces).filter(move |(_, space)| **space == kind as usize).map(|(w, _)| w)
}

/// Customary limits of a blood value by age and sex.
#[derive(Clone, Debug, Deserialize)]
struct BloodLimit {
    analyte: String,
    from_age_years: f64,
    to_age_years: f64,
    sex: Option<Sex>,
    low: Option<f64>,
    high: Option<f64>,
    #[allow(dead_code, reason = "columns for people")]
    unit: String,
    #[allow(dead_code, reason = "columns for people")]
    certainty: String,
    #[allow(dead_code, reason = "columns for people")]
    source: String,
}

/// Customary limits of normal of a blood value, canonical unit, as `[lowest, highest]` of the lower limit and of the
/// upper limit over every age and sex that is possible. `None` where no table row applies.
pub fn blood_limits(analyte: &str, age_years: [f64; 2], sex: Option<Sex>) -> Option<[[f64; 2]; 2]> {
    let mut limits: Option<[[f64; 2]; 2]> = None;
    for row in BLOOD_LIMITS.iter().filter(|row| row.analyte == analyte) {
        let possible = row.from_age_years <= age_years[1]
            && age_years[0] < row.to_age_years
            && (row.sex.is_none() || sex.is_none() || row.sex == sex);
        if !possible {
            continue;
        }
        let low = row.low.unwrap_or(f64::NEG_INFINITY);
        let high = row.high.unwrap_or(f64::INFINITY);
        limits = Some(match limits {
            None => [[low, low], [high, high]],
            Some([l, h]) => [[l[0].min(low), l[1].max(low)], [h[0].min(high), h[1].max(high)]],
        });
    }
    limits
}

/// Pieces of words that are spelt alike and mean something else: the one is never suggested for the other.
const OTHERS: [(&str, &str); 2] = [("langhans", "langerhans"), ("langerhans", "langhans")];

struct Table<T: 'static> {
    entries: Vec<T>,
    spaces: Vec<usize>,
    names: Vec<(usize, String, usize)>,
    /// By space, so that a canonical word is found without copying it.
    index: [HashMap<String, usize>; 4],
}

impl<T> Table<T> {
    fn new(rows: impl IntoIterator<Item = (usize, String, String, T)>) -> Self {
        let mut table = Self { entries: vec![], spaces: vec![], names: vec![], index: Default::default() };
        for (space, name, synonyms, entry) in rows {
            let place = table.entries.len();
            table.entries.push(entry);
            table.spaces.push(space);
            for word in std::iter::once(name.as_str()).chain(synonyms.split('|')).filter(|w| !w.is_empty()) {
                let key = normalised(word);
                table.names.push((space, key.clone(), place));
                // The first row that claims a word keeps it; `tables_are_unambiguous` tests that none is claimed twice.
                table.index[space].entry(key).or_insert(place);
            }
        }
        table
    }

    fn find(&self, space: usize, text: &str) -> Option<&T> {
        let canonical = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        let index = self.index.get(space)?;
        let place = if canonical { index.get(text) } else { index.get(normalised(text).as_str()) };
        place.map(|&place| &self.entries[place])
    }
}

/// Share of letters in place that makes a word like another.
const ALIKE: f64 = 0.7;

impl<T: Named> Table<T> {
    fn suggest(&self, space: usize, text: &str) -> Vec<&str> {
        let text = normalised(text);
        let length = text.chars().count();
        let mut near: Vec<(f64, &str)> = self
            .names
            .iter()
            .filter(|(s, ..)| *s == space)
            // The cheap questions first: a record may hold thousands of unknown words.
            .filter(|(_, name, _)| {
                let other = name.chars().count();
                length.min(other) as f64 >= ALIKE * length.max(other) as f64
            })
            .map(|(_, name, place)| (strsim::jaro_winkler(name, &text), name, self.entries[*place].name()))
            .filter(|(score, ..)| *score >= 0.85)
            // A beginning in common is not enough: Langhans giant cells are no Langerhans cells.
            .filter(|(_, name, _)| strsim::normalized_damerau_levenshtein(name, &text) >= ALIKE)
            .filter(|(_, name, _)| !OTHERS.iter().any(|(a, b)| text.contains(a) && name.contains(b)))
            .map(|(score, _, known)| (score, known))
            .collect();
        near.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
        let mut names: Vec<&str> = Vec::new();
        for (_, name) in near {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names.truncate(3);
        names
    }
}

trait Named {
    fn name(&self) -> &str;
}

impl Named for Word {
    fn name(&self) -> &str {
        &self.term
    }
}

impl Named for Analyte {
    fn name(&self) -> &str {
        &self.name
    }
}

impl Named for Drug {
    fn name(&self) -> &str {
        &self.name
    }
}

/// Rows of an embedded table.
pub(crate) fn rows<T: DeserializeOwned>(name: &str, text: &'static str) -> Vec<T> {
    csv::Reader::from_reader(text.as_bytes())
        .into_deserialize()
        .map(|row| row.unwrap_or_else(|error| panic!("embedded table {name}: {error}")))
        .collect()
}

#[derive(Deserialize)]
struct WordRow {
    kind: Kind,
    term: String,
    class: String,
    synonyms: String,
}

#[derive(Deserialize)]
struct AnalyteRow {
    analyte: String,
    synonyms: String,
    unit: String,
    dimension: String,
    normal_low: Option<f64>,
    normal_high: Option<f64>,
    plausible_low: Option<f64>,
    plausible_high: Option<f64>,
}

#[derive(Deserialize)]
struct DrugRow {
    drug: String,
    class: String,
    synonyms: String,
}

static WORDS: LazyLock<Table<Word>> = LazyLock::new(|| {
    let rows: Vec<WordRow> = rows("terms.csv", include_str!("../data/terms.csv"));
    Table::new(rows.into_iter().map(|row| {
        (row.kind as usize, row.term.clone(), row.synonyms, Word { term: row.term, class: row.class })
    }))
});

static ANALYTES: LazyLock<Table<Analyte>> = LazyLock::new(|| {
    let rows: Vec<AnalyteRow> = rows("analytes.csv", include_str!("../data/analytes.csv"));
    Table::new(rows.into_iter().map(|row| {
        let entry = Analyte {
            name: row.analyte.clone(),
            unit: row.unit,
            dimension: row.dimension,
            normal_low: row.normal_low,
            normal_high: row.normal_high,
            plausible: [row.plausible_low, row.plausible_high],
        };
        (0, row.analyte, row.synonyms, entry)
    }))
});

static DRUGS: LazyLock<Table<Drug>> = LazyLock::new(|| {
    let rows: Vec<DrugRow> = rows("drugs.csv", include_str!("../data/drugs.csv"));
    Table::new(
        rows.into_iter()
            .map(|row| (0, row.drug.clone(), row.synonyms, Drug { name: row.drug, class: row.class })),
    )
});

static BLOOD_LIMITS: LazyLock<Vec<BloodLimit>> =
    LazyLock::new(|| rows("blood_limits.csv", include_str!("../data/blood_limits.csv")));

#[cfg(test)]
mod tests {
    use super::*;

    fn ambiguous<T>(table: &Table<T>) -> Vec<&str> {
        table
            .names
            .iter()
            .filter(|(space, name, place)| table.index[*space][name] != *place)
            .map(|(_, name, _)| name.as_str())
            .collect()
    }

    #[test]
    fn tables_are_unambiguous() {
        assert_eq!(ambiguous(&WORDS), Vec::<&str>::new());
        assert_eq!(ambiguous(&ANALYTES), Vec::<&str>::new());
        assert_eq!(ambiguous(&DRUGS), Vec::<&str>::new());
    }

    #[test]
    fn spelling_is_forgiven_and_nonsense_is_not() {
        assert_eq!(word(Kind::Finding, "Antalgic gait").map(|w| w.term.as_str()), Some("limp"));
        assert_eq!(
            word(Kind::Descriptor, "bone-marrow edema").map(|w| w.term.as_str()),
            Some("marrow_oedema")
        );
        assert_eq!(drug("MTX").map(|d| d.class.as_str()), Some("dmard"));
        assert_eq!(analyte("Hb").map(|a| a.name.as_str()), Some("haemoglobin"));
        assert_eq!(word(Kind::Finding, "fevr"), None);
        assert_eq!(suggest_word(Kind::Finding, "fevr"), ["fever"]);
        assert!(suggest_word(Kind::Tissue, "langhans_cells_of_a_granuloma").is_empty());
        assert_eq!(suggest_word(Kind::Tissue, "langhans_cells"), ["langhans_giant_cells"]);
        assert!(!suggest_word(Kind::Tissue, "langhans_giant_cell_x").contains(&"langerhans_cells"));
    }

    #[test]
    fn limits_of_haemoglobin_widen_with_what_is_not_known() {
        let toddler = blood_limits("haemoglobin", [3.0, 3.0], None).expect("a row");
        assert_eq!(toddler[0], [110.0, 110.0]);
        let anyone = blood_limits("haemoglobin", [0.0, 18.0], None).expect("rows");
        assert_eq!(anyone[0], [95.0, 130.0]);
    }
}
