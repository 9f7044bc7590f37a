//! Organs: what they do not show if they are normal, and complaints of theirs that are none of bone.

use std::sync::LazyLock;

use osteoflare_clinic::record::Finding;
use osteoflare_clinic::vocabulary::normalised;
use serde::Deserialize;

use super::Case;

/// An organ with the findings that it does not show if it is normal.
#[derive(Deserialize)]
struct Organ {
    organ: String,
    absent: String,
}

#[allow(clippy::expect_used, reason = "an embedded table")]
static ORGANS: LazyLock<Vec<Organ>> = LazyLock::new(|| {
    csv::Reader::from_reader(include_str!("../../data/normal_organs.csv").as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()
        .expect("the embedded table is checked by the tests of this module")
});

/// Words of organs whose complaints are none of bone.
const ELSEWHERE: [&str; 38] = [
    "abdomen",
    "abdominal",
    "belly",
    "stomach",
    "epigastric",
    "bowel",
    "rectal",
    "anal",
    "muscle",
    "muscles",
    "muscular",
    "ear",
    "ears",
    "ocular",
    "eye",
    "eyes",
    "eyelid",
    "eyelids",
    "throat",
    "pharyngeal",
    "tonsillar",
    "tooth",
    "teeth",
    "dental",
    "gum",
    "gums",
    "tongue",
    "lip",
    "lips",
    "swallowing",
    "urination",
    "menstrual",
    "testicular",
    "parotid",
    "chest",
    "flank",
    "renal",
    "loin",
];

/// Findings that mean bone or its surroundings unless another organ is named.
const LOCAL: [&str; 6] = ["pain", "tenderness", "swelling", "redness", "warmth", "abscess"];

/// Whether a finding is of an organ that is no bone, by words that name nothing else: `abdominal_pain`, `dental_abscess`.
pub(super) fn is_elsewhere(term: &str, left: &str) -> bool {
    const OF_ABSCESS: [&str; 6] =
        ["skin", "cutaneous", "subcutaneous", "perianal", "axillary", "peritonsillar"];
    if term == "abscess" && left.split([' ', '_', ';', ',']).any(|word| OF_ABSCESS.contains(&word)) {
        return true;
    }
    LOCAL.contains(&term) && left.split([' ', '_', ';', ',']).any(|word| ELSEWHERE.contains(&word))
}

impl Case {
    /// An organ that was found normal: `skin: normal`. `false` if nobody knows what that denies.
    pub(super) fn normal_organ(&mut self, key: &str) -> bool {
        let key = normalised(key);
        let Some(organ) = ORGANS.iter().find(|row| row.organ == key) else { return false };
        for term in organ.absent.split('|') {
            let note = Some(format!("{} normal", organ.organ));
            self.record.findings.push(Finding { when: self.when, note, ..Finding::absent(term) });
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use osteoflare_clinic::vocabulary::{Kind, word};

    use super::*;

    #[test]
    fn what_an_organ_does_not_show_is_known() {
        for term in ORGANS.iter().flat_map(|row| row.absent.split('|')) {
            assert!(word(Kind::Finding, term).is_some_and(|known| known.term == term), "{term}");
        }
    }
}
