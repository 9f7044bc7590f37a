//! Searches for germs: what was searched, and what was found there.

use osteoflare_clinic::record::{Culture, CultureResult};
use osteoflare_clinic::vocabulary;
use serde_json::Value;

use super::laboratory::analyte_of;
use super::{Case, Fields, is_unknown, plain, presence, words::Phrase};

/// Beginnings of names of germs, and of what a stain shows of them.
const GERMS: [&str; 60] = [
    "staph",
    "strep",
    "mrsa",
    "mssa",
    "aureus",
    "epidermidis",
    "kingella",
    "salmonell",
    "pseudomon",
    "escherich",
    "coli",
    "klebsiell",
    "haemophil",
    "hemophil",
    "bartonell",
    "brucell",
    "mycobact",
    "tubercul",
    "mtb",
    "tb",
    "bcg",
    "bovis",
    "acnes",
    "cutibact",
    "propionibact",
    "corynebact",
    "candid",
    "aspergill",
    "blastomyc",
    "coccidioid",
    "cryptococc",
    "histoplasm",
    "proteus",
    "pneumococc",
    "meningococc",
    "gonococc",
    "neisseri",
    "actinomyc",
    "nocardi",
    "fusobact",
    "bacteroid",
    "clostrid",
    "bacill",
    "cocci",
    "rods",
    "anaerob",
    "borreli",
    "treponem",
    "coxiell",
    "listeri",
    "yersini",
    "pasteurell",
    "eikenell",
    "fungi",
    "fungus",
    "fungal",
    "yeast",
    "afb",
    "cons",
    "polymicrob",
];

/// Ends of names of genera.
const GENERA: [&str; 8] = ["coccus", "cocci", "bacter", "bacterium", "bacillus", "ella", "monas", "myces"];

/// Any germ, whichever it is, and its growth.
const ANY: [&str; 13] = [
    "growth",
    "grow",
    "organism",
    "microorganism",
    "pathogen",
    "bacteri",
    "germ",
    "microb",
    "isolat",
    "cultur",
    "agent",
    "yield",
    "flora",
];

/// What words say of a search for germs.
#[derive(Debug, PartialEq, Eq)]
enum Found {
    /// None, where some would have been found.
    Nothing,
    /// Some, under a name if one is told.
    Germ,
    /// One that was taken for a contaminant.
    Contaminant,
    /// Not one that was sought; others were not.
    NotThis,
    /// The words do not say it.
    Unclear,
}

/// Reads what a search found. What is no germ by its name is none: an unknown word proves no infection.
fn found(text: &str) -> Found {
    let phrase = Phrase::new(text);
    let said = || phrase.words().iter().map(String::as_str).zip(phrase.denied.iter().copied());
    let begins = |word: &str, stems: &[&str]| stems.iter().any(|stem| word.starts_with(stem));
    // Short names are whole words: `tb` is no beginning.
    let known = |word: &str, name: &str| if name.len() < 5 { word == name } else { word.starts_with(name) };
    let germ = |word: &str| {
        GERMS.iter().any(|name| known(word, name)) || GENERA.iter().any(|end| word.ends_with(end))
    };
    let named = is_species(text) || said().any(|(word, denied)| !denied && germ(word));
    let contaminant = said().any(|(word, denied)| !denied && begins(word, &["contamina", "commensal"]));
    let any = |no: bool| said().any(|(word, denied)| denied == no && begins(word, &ANY));
    let fails = phrase.has("failed") || phrase.has("zero") || phrase.has("nil");
    let sterile = said().any(|(word, denied)| !denied && begins(word, &["steril", "asept"]))
        || phrase.begins(&["negative"]) && !named
        || phrase.words() == ["normal"];
    // `sterile_including_mycobacteria` names what was sought; `sterile_but_pcr_positive_kingella` what was found.
    let denied_first =
        phrase.words().first().is_some_and(|word| begins(word, &["steril", "asept"]) || word == "negative");
    let found_after =
        ["but", "except", "pcr", "positive", "grew", "then", "later"].iter().any(|word| phrase.has(word));
    let listed = text.contains('(') && !text.starts_with('(');
    let sought =
        listed || ["incl", "including", "included", "also", "even"].iter().any(|word| phrase.has(word));
    if denied_first && named && !found_after {
        return if sought { Found::Nothing } else { Found::Unclear };
    }
    // `tb_negative`, `negative_for_mycobacteria`, `no_S_aureus` tell of one germ; `no_bacteria` of all.
    let denied_germ = said().any(|(word, denied)| denied && germ(word));
    const ALL: [&str; 10] = [
        "aerob",
        "anaerob",
        "organism",
        "microorganism",
        "pathogen",
        "bacteri",
        "germ",
        "microb",
        "agent",
        "flora",
    ];
    let all = said().any(|(word, denied)| denied && begins(word, &ALL));
    let called_sterile = said().any(|(word, denied)| !denied && begins(word, &["steril", "asept"]));
    if !named && denied_germ && !all && !called_sterile && !sought && !contaminant {
        return Found::NotThis;
    }
    if contaminant {
        Found::Contaminant
    } else if phrase.is_tentative() || phrase.begins(&["pending"]) {
        Found::Unclear
    } else if named {
        Found::Germ
    } else if sterile || any(true) || fails && any(false) {
        Found::Nothing
    } else if phrase.begins(&["positive", "grew", "grown", "isolated"]) && !phrase.denies() {
        Found::Germ
    } else {
        Found::Unclear
    }
}

/// Whether a text names a species as biologists write it: `K. kingae`, `A_baumannii`.
fn is_species(text: &str) -> bool {
    let words: Vec<&str> = text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).collect();
    words.windows(2).any(|pair| {
        let initial = pair[0].len() == 1 && pair[0].chars().all(char::is_uppercase);
        initial && pair[1].len() > 3 && pair[1].chars().all(char::is_lowercase)
    }) && !Phrase::new(text).denies()
}

impl Case {
    pub(super) fn microbiology(&mut self, value: &Value) {
        match value {
            Value::Object(fields) => self.cultures_of(fields, str::to_owned),
            value => self.culture("culture", value),
        }
    }

    /// Searches of one section, and whether antibiotics had been given before them.
    fn cultures_of(&mut self, fields: &Fields, name: impl Fn(&str) -> String) {
        let first = self.record.cultures.len();
        let (told, searches): (Vec<_>, Vec<_>) = fields
            .iter()
            .filter(|(_, value)| !value.is_null())
            .partition(|(key, _)| Phrase::new(key).begins(&["antibiotic"]));
        for (key, value) in searches {
            self.culture(&name(key), value);
        }
        for (key, value) in told {
            if !self.antibiotics_before(first, key, value) {
                self.ask(key, value);
            }
        }
    }

    /// A search for germs; what is searched is what the key or the value says, and unspecified if they do not.
    pub(super) fn culture(&mut self, key: &str, value: &Value) {
        match value {
            _ if is_unknown(value) => return self.remark(key, value),
            Value::Array(list) => return list.iter().for_each(|value| self.culture(key, value)),
            Value::Object(fields) => {
                return self.cultures_of(fields, |kind| format!("{key}_{kind}"));
            }
            _ => {}
        }
        // Tests of the blood for an infection at any time are no search for germs.
        let named = Phrase::new(key);
        let (analyte, _, others) = analyte_of(key);
        if vocabulary::analyte(&analyte).is_some() && others.is_none() && !is_stain(&named) {
            return self.result(key, value);
        }
        let text = plain(value);
        let phrase = Phrase::new(&text);
        let specimen = specimen(&named).or_else(|| specimen(&phrase));
        if !is_search(&named) && specimen.is_none() {
            return self.ask(key, value);
        }
        let words = || Some(text.replace('_', " "));
        let (result, organism) = match presence(value).map_or_else(
            || found(&text),
            |found| match found {
                true => Found::Germ,
                false => Found::Nothing,
            },
        ) {
            // What seeks one kind of germ finds no other: nothing found is not sterile. Nor is a PCR without germs a culture.
            Found::Nothing if mycobacteria(&named).is_some() || is_stain(&named) || named.has("pcr") => {
                return self.remark(key, value);
            }
            Found::NotThis => return self.remark(key, value),
            // No culture, or no germ in it: which, is not said.
            Found::Nothing
                if named.has("culture")
                    && matches!(text.as_str(), "none" | "false" | "no" | "never" | "-") =>
            {
                return self.ask(key, value);
            }
            Found::Nothing => (CultureResult::Sterile, None),
            Found::Germ if presence(value).is_some() => (CultureResult::Positive, mycobacteria(&named)),
            // A test for nothing but mycobacteria that finds something found them: `genexpert: MTB_detected`.
            Found::Germ => (CultureResult::Positive, mycobacteria(&named).or_else(words)),
            Found::Contaminant => (CultureResult::Contaminant, None),
            Found::Unclear if phrase.begins(&["pending"]) => return self.remark(key, value),
            Found::Unclear => return self.ask(key, value),
        };
        let off_antibiotics = (phrase.has("off") && phrase.has("antibiotics")
            || phrase.has("before") && phrase.has("antibiotics"))
        .then_some(true);
        self.record.cultures.push(Culture {
            specimen: specimen.unwrap_or("unspecified").into(),
            result,
            organism,
            off_antibiotics,
            place: None,
            when: self.when,
            note: words().filter(|_| result == CultureResult::Contaminant),
        });
    }
}

/// What was searched, as the words say.
fn specimen(phrase: &Phrase) -> Option<&'static str> {
    const WORDS: [&str; 16] = [
        "blood", "marrow", "bone", "pus", "abscess", "joint", "synovial", "skin", "node", "sputum", "urine",
        "throat", "stool", "tissue", "biopsy", "aspirate",
    ];
    let word = WORDS.into_iter().find(|word| phrase.has(word))?;
    Some(match word {
        "joint" | "synovial" => "joint_fluid",
        "marrow" => "bone_marrow",
        "node" => "lymph_node",
        // The biopsy of such a child is of bone unless it is said otherwise.
        "biopsy" | "aspirate" => "bone",
        word => word,
    })
}

/// Whether a key names a search for germs.
pub(super) fn is_search(phrase: &Phrase) -> bool {
    phrase.begins(&[
        "cultur",
        "pcr",
        "germ",
        "organism",
        "pathogen",
        "bacteri",
        "growth",
        "genexpert",
        "xpert",
        "afb",
        "cons",
        "smear",
        "stain",
        "mycobact",
        "fung",
        "ziehl",
        "acid",
        "auramine",
    ])
}

/// Whether a key can only name a search for germs, wherever it stands.
pub(super) fn is_test(phrase: &Phrase) -> bool {
    phrase.begins(&["pcr", "genexpert", "xpert", "afb", "ziehl", "auramine"])
}

/// Whether a key names a look at a stained sample, in which too few germs are not seen.
fn is_stain(key: &Phrase) -> bool {
    key.begins(&["stain", "smear"]) && !key.begins(&["cultur"])
}

/// What a search for nothing but mycobacteria finds.
fn mycobacteria(key: &Phrase) -> Option<String> {
    let named = key.begins(&["genexpert", "xpert", "mycobact", "afb", "tubercul", "ziehl", "auramine"])
        || key.has("acid") && key.has("fast")
        || key.has("tb")
        || key.has("mtb");
    named.then(|| "Mycobacterium tuberculosis".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_name_no_germ_are_no_germ() {
        for (text, expected) in [
            ("no_pathogen_isolated", Found::Nothing),
            ("no_organism", Found::Nothing),
            ("no_bacteria", Found::Nothing),
            ("no_germs", Found::Nothing),
            ("no_microorganisms", Found::Nothing),
            ("no_organisms_seen", Found::Nothing),
            ("aseptic", Found::Nothing),
            ("failed_to_grow", Found::Nothing),
            ("zero_growth", Found::Nothing),
            ("no_growth_after_14_days", Found::Nothing),
            ("not_grown", Found::Nothing),
            ("sterile_off_antibiotics", Found::Nothing),
            ("negative", Found::Nothing),
            ("negative_for_mycobacteria", Found::NotThis),
            ("tb_negative", Found::NotThis),
            ("fungal_negative", Found::NotThis),
            ("S. aureus negative", Found::NotThis),
            ("no bacteria or fungi", Found::Nothing),
            ("no S. aureus", Found::NotThis),
            ("no growth of S. aureus", Found::NotThis),
            ("no growth", Found::Nothing),
            ("gram_negative_rods", Found::Germ),
            ("gram_negative_bacilli_pseudomonas", Found::Germ),
            ("coagulase_negative_staphylococcus", Found::Germ),
            ("catalase_negative_cocci", Found::Germ),
            ("sterile_but_pcr_positive_kingella", Found::Germ),
            ("sterile_incl_mycobacteria_fungi", Found::Nothing),
            ("negative including fungi", Found::Nothing),
            ("sterile S_aureus", Found::Unclear),
            ("S_aureus", Found::Germ),
            ("A. baumannii", Found::Germ),
            ("MRSA", Found::Germ),
            ("grew E. coli", Found::Germ),
            ("positive", Found::Germ),
            ("S_aureus_contaminant", Found::Contaminant),
            ("coagulase_negative_staphylococcus_considered_contaminant", Found::Contaminant),
            ("contaminated", Found::Contaminant),
            ("no_S_aureus", Found::NotThis),
            ("unheard_of", Found::Unclear),
            ("colitis", Found::Unclear),
            ("pending", Found::Unclear),
            ("not_sterile", Found::Unclear),
            ("possible_S_aureus", Found::Unclear),
            ("purulent", Found::Unclear),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }
}
