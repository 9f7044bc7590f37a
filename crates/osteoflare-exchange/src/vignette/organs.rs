//! Organs: what they do not show if they are normal, and complaints of theirs that are none of bone.

use std::sync::LazyLock;

use osteoflare_clinic::record::Finding;
use osteoflare_clinic::vocabulary::{self, Kind, normalised};
use serde::Deserialize;
use serde_json::Value;

use super::{Case, elements, plain, words::Phrase};

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
pub(super) fn is_elsewhere(term: &str, left: &str, said: &str) -> bool {
    const OF_ABSCESS: [&str; 6] =
        ["skin", "cutaneous", "subcutaneous", "perianal", "axillary", "peritonsillar"];
    if term == "abscess" && left.split([' ', '_', ';', ',']).any(|word| OF_ABSCESS.contains(&word)) {
        return true;
    }
    // `bone pain, abdominal pain` is pain of both.
    let bone = ["bone", "bones", "bony", "limb", "limbs", "leg", "legs", "arm", "arms"];
    if said.split([' ', '_', ';', ',', '-']).any(|word| bone.contains(&word)) {
        return false;
    }
    LOCAL.contains(&term) && left.split([' ', '_', ';', ',']).any(|word| ELSEWHERE.contains(&word))
}

impl Case {
    /// A study of what is no bone, kept in words: that nothing is seen in the brain says nothing of bone. The chest has
    /// bones: its study counts if it says anything of them.
    pub(super) fn of_inner_organ(&mut self, study: &Phrase, value: &Value) -> bool {
        const ORGANS: [&str; 19] = [
            "abdomen",
            "abdominal",
            "brain",
            "cerebral",
            "cardiac",
            "heart",
            "liver",
            "hepatic",
            "spleen",
            "renal",
            "kidney",
            "kidneys",
            "bowel",
            "lung",
            "lungs",
            "pulmonary",
            "thyroid",
            "lymph",
            "enterography",
        ];
        let inner = ORGANS.iter().any(|organ| study.has(organ));
        // Beside the spine lies what is next to bone.
        let beside = |said: &Phrase| said.begins(&["psoas", "paraspin", "paravertebr", "prevertebr"]);
        let names_bone = |text: String| {
            let mut said = Phrase::new(&text);
            beside(&said) || !said.places().is_empty()
        };
        let describes = |text: String| !Phrase::new(&text).things(Kind::Descriptor).is_empty();
        let said: Vec<String> = elements(value).iter().map(plain).collect();
        let chest = ["chest", "thorax", "thoracic"].iter().any(|word| study.has(word)) && !study.has("spine");
        let of_bone = value.is_object() && !inner
            || said.iter().cloned().any(names_bone)
            || !inner && said.iter().cloned().any(describes);
        if !(inner || chest) || of_bone {
            return false;
        }
        self.remark(&study.words().join("_"), value);
        // Large organs and nodes are findings, whatever shows them.
        for text in elements(value).iter().map(plain) {
            let large =
                |term: &str| vocabulary::word(Kind::Finding, term).is_some_and(|word| word.class == "organ");
            for (term, denied) in
                Phrase::new(&text).stated(Kind::Finding).into_iter().filter(|(term, _)| large(term))
            {
                self.record.findings.push(Finding {
                    present: !denied,
                    when: self.when,
                    ..Finding::present(term)
                });
            }
        }
        true
    }

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
