//! How pictures were made, and how many lesions they show.

use osteoflare_clinic::record::{Focality, ImagingStudy, Modality};

use super::words::Phrase;

/// How pictures were made, in words.
pub(super) fn modalities(phrase: &Phrase) -> Vec<Modality> {
    let mut found = Vec::new();
    for word in phrase.words() {
        let modality = match word.as_str() {
            "radiograph" | "radiographs" | "radiography" | "xray" | "x-ray" | "plain" | "film" | "opg"
            | "orthopantomogram" | "panoramic" | "survey" => Modality::Radiograph,
            "mri" | "mr" | "wbmri" => Modality::Mri,
            "ct" | "cbct" => Modality::Ct,
            "scintigraphy" | "scan" | "scintigram" => Modality::BoneScan,
            "pet" => Modality::Pet,
            "ultrasound" | "us" | "sonography" => Modality::Ultrasound,
            _ => continue,
        };
        if !found.contains(&modality) {
            found.push(modality);
        }
    }
    // A CT scan is no bone scan.
    if phrase.has("scan") && !phrase.has("bone") && found.len() > 1 {
        found.retain(|modality| *modality != Modality::BoneScan);
    }
    found
}

/// One or several, symmetric or not, as far as the words say so.
pub(super) fn read_extent(phrase: &Phrase, study: &mut ImagingStudy) {
    let (one, several) = (
        ["unifocal", "monofocal", "solitary", "single", "monostotic", "isolated"],
        ["multifocal", "bifocal", "oligofocal", "polyostotic", "disseminated"],
    );
    let many = phrase.says(&["multiple", "several", "numerous"])
        && phrase.begins(&["foci", "focus", "lesion", "site", "area", "uptake", "spots", "bones"]);
    let unifocal = phrase.says(&one) || phrase.denies_that(&several);
    let multifocal = many || phrase.says(&several) || phrase.denies_that(&one);
    // What became of it counts: `unifocal_then_multifocal`.
    let last =
        |stems: &[&str]| phrase.words().iter().rposition(|w| stems.iter().any(|stem| w.starts_with(stem)));
    study.focality = match (unifocal, multifocal) {
        (true, false) => Some(Focality::Unifocal),
        (false, true) => Some(Focality::Multifocal),
        (true, true) if phrase.has("then") || phrase.has("later") => {
            Some(if last(&one) > last(&several) { Focality::Unifocal } else { Focality::Multifocal })
        }
        _ => study.focality,
    };
    if phrase.says(&["symmetric"]) {
        study.symmetric = Some(true);
    } else if phrase.says(&["asymmetric"]) || phrase.denies_that(&["symmetric"]) {
        study.symmetric = Some(false);
    }
}

/// The number of lesions that a phrase is, and nothing else: `6_lesions`, `n_lesions_14`.
pub(super) fn count_of(phrase: &Phrase) -> Option<u32> {
    let words: Vec<&str> = phrase.words().iter().map(String::as_str).collect();
    match words.as_slice() {
        [count, "lesions" | "lesion" | "sites" | "foci" | "focus" | "bones"]
        | ["n" | "number" | "count", "lesions" | "sites" | "foci", count]
        | ["number", "of", "lesions" | "sites" | "foci", count]
        | ["lesions" | "sites" | "foci", count] => number(count),
        _ => None,
    }
}

/// A number in digits or as a word.
fn number(word: &str) -> Option<u32> {
    const WORDS: [&str; 12] =
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    let spelled = (1..).zip(WORDS).find(|(_, name)| *name == word).map(|(n, _)| n);
    spelled.or_else(|| word.parse().ok()).filter(|count| *count > 0)
}

/// The number of lesions that a phrase tells beside other words: `5_lesions_all_asymmetric`.
pub(super) fn count_within(phrase: &Phrase) -> Option<u32> {
    let told = phrase.words().windows(2).zip(&phrase.denied).find(|(pair, denied)| {
        !**denied && matches!(pair[1].as_str(), "lesions" | "lesion" | "sites" | "foci")
    });
    told.and_then(|(pair, _)| number(&pair[0]))
}

/// `no_other_lesions`, `no_further_foci`: beside the one that is known.
pub(super) fn says_no_other(phrase: &Phrase) -> bool {
    let words = phrase.words();
    let other = |word: &str| matches!(word, "other" | "further" | "additional" | "more");
    phrase.denies()
        && words.iter().zip(&phrase.denied).any(|(word, denied)| *denied && other(word))
        && phrase.begins(&["lesion", "foci", "focus", "sites", "bone"])
}

pub(super) fn extent_only(phrase: &Phrase) -> bool {
    phrase.words().iter().all(|word| {
        [
            "unifocal",
            "monofocal",
            "solitary",
            "multifocal",
            "bifocal",
            "oligofocal",
            "monostotic",
            "polyostotic",
            "isolated",
            "disseminated",
            "symmetric",
            "asymmetric",
            "lesion",
            "lesions",
            "multiple",
            "several",
            "numerous",
            "foci",
            "focus",
            "sites",
            "areas",
        ]
        .contains(&word.as_str())
    })
}
