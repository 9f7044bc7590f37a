//! Red flags and screens.

use super::{Flag, FlagRow, Question, ScreenRow, clearing};
use crate::{
    germs::{self, Source},
    instruments::facts,
    record::{Modality, Qualitative, Range, Response},
    view::{Answer, Level, Path, State, View, all, any, each, not},
    vocabulary::{self, Kind},
};

/// Neutrophils below this speak for leukaemia, 10⁹/l (Louvigné 2020).
const NEUTROPHILS_LOW: f64 = 2.0;
/// Fall of haemoglobin that is a flag, g/l (assumed).
const HAEMOGLOBIN_FALL_G_L: f64 = 20.0;
/// Fall of platelets that is a flag, share (assumed).
const PLATELET_FALL: f64 = 0.5;
/// LDH above so many times the upper limit of normal is a flag (assumed).
const LDH_HIGH_TIMES: f64 = 2.0;
/// CRP above which NBODS gives no points, mg/l.
const CRP_HIGH_MG_L: f64 = 55.0;

/// Flags that fired, open ones first.
pub(super) fn of(view: &View<'_>, rows: &'static [FlagRow]) -> Vec<Flag> {
    let mut flags: Vec<Flag> = rows
        .iter()
        .filter_map(|row| {
            let (fired, cleared) = judge(view, &row.id);
            (fired.state == State::Met).then(|| Flag {
                id: &row.id,
                text: &row.text,
                concerns: row.concerns.iter().map(String::as_str).collect(),
                action: &row.action,
                cleared: cleared.state == State::Met,
                cleared_by: row.cleared_by.as_deref(),
                used: if cleared.state == State::Met {
                    [fired.used, cleared.used].concat()
                } else {
                    fired.used
                },
                source: &row.source,
                certainty: row.certainty,
            })
        })
        .collect();
    flags.sort_by_key(|flag| flag.cleared);
    flags
}

/// Whether a disease is malignant, by its class.
fn malignant(_: &str, class: &str) -> bool {
    class == "malignancy"
}

/// Whether a flag fired, and whether something clears it.
fn judge(view: &View<'_>, id: &str) -> (Answer, Answer) {
    let never = Answer::unknown(&[]);
    let ever = |words: &[&'static str]| each(words.iter().map(|word| view.ever(word)));
    let by_tissue = |fired: Answer| {
        let cleared = clearing::by_tissue(view, &fired.used);
        (fired, cleared)
    };
    match id {
        "age_below_3" => (young(view, 3.0), never),
        // Surely under four and not surely under three: the other flag has fired then.
        "age_at_youngest_edge" if young(view, 3.0).state == State::Met => (never.clone(), never),
        "age_at_youngest_edge" => (young(view, 4.0), never),
        "blasts" => (each([view.was_ever("blasts", Level::High), leukaemic_marrow(view)]), never),
        "cytopenia" => {
            let low =
                view.was_ever_measured("neutrophils", |range| range.at_least(NEUTROPHILS_LOW).map(|v| !v));
            let counts = ["platelets", "leukocytes", "neutrophils"].map(|a| view.was_ever(a, Level::Low));
            (each([low].into_iter().chain(counts)), never)
        }
        "anaemia" => (view.was_ever("haemoglobin", Level::Low), never),
        "high_ldh" => {
            let words = view.ever_in_words("ldh", Qualitative::StronglyElevated);
            (each([words, view.was_ever_above_times("ldh", LDH_HIGH_TIMES)]), never)
        }
        "low_vitamin_c" => (facts::low_vitamin_c(view), never),
        "falling_haemoglobin" => {
            (fall(view, "haemoglobin", |from, to| from - to >= HAEMOGLOBIN_FALL_G_L), never)
        }
        "falling_platelets" => {
            (fall(view, "platelets", |from, to| to <= from * (1.0 - PLATELET_FALL)), never)
        }
        "organ_enlargement" => {
            (ever(&["organomegaly", "hepatomegaly", "splenomegaly", "lymphadenopathy"]), never)
        }
        "constitutional" => (ever(&["weight_loss", "night_sweats", "pallor"]), never),
        "malignancy" => {
            let named = view.has_condition(malignant, false);
            (each([facts::malignancy_in_tissue(view), named]), never)
        }
        // What is there now is another flag.
        "past_malignancy" if view.has_condition(malignant, false).state == State::Met => {
            (never.clone(), never)
        }
        "past_malignancy" => (view.has_condition(malignant, true), never),
        "aggressive_imaging" => by_tissue(view.described(|_, class| class == "aggressive", &[])),
        "palpable_mass" => by_tissue(view.ever("mass")),
        "osteopenia_with_fractures" => {
            let seen = |wanted: &'static str| {
                view.described(
                    move |term, _| term == wanted,
                    &[Modality::Radiograph, Modality::Ct, Modality::Mri, Modality::Unspecified],
                )
            };
            (all([seen("osteopenia"), seen("vertebral_collapse")]), never)
        }
        "uninformative_biopsy" => {
            let vague = clearing::uninformative(view);
            let cleared = clearing::by_definite_tissue(view, &vague.used);
            (vague, cleared)
        }
        "transient_antibiotic_effect" => by_tissue(antibiotics(view)),
        "pus_or_germs" => (pus_or_germs(view), never),
        "high_crp" => (view.was_ever_measured("crp", |range| range.above(CRP_HIGH_MG_L)), never),
        "short_and_febrile" => {
            let short =
                view.symptom_duration_days().decide(|range| range.at_least(42.0).map(|v| !v), "duration");
            (all([facts::fever(view), short]), never)
        }
        "low_alkaline_phosphatase" => {
            let low = view.was_ever("alkaline_phosphatase", Level::Low);
            (any([low, view.ever("early_tooth_loss")]), view.is_normal("alkaline_phosphatase"))
        }
        "scurvy_signs" => {
            let signs = ever(&[
                "restricted_diet",
                "purpura",
                "ecchymosis",
                "bleeding",
                "haemarthrosis",
                "perifollicular_hyperkeratosis",
                "gingival_change",
            ]);
            let eating = view.has_condition(|term, _| matches!(term, "autism" | "anorexia_nervosa"), true);
            (any([signs, eating]), not(facts::low_vitamin_c(view)))
        }
        "monogenic_pattern" => (monogenic(view), never),
        _ => (never.clone(), never),
    }
}

/// Leukaemic cells in marrow.
fn leukaemic_marrow(view: &View<'_>) -> Answer {
    let marrow = view.record.biopsies.iter().enumerate().filter(|(_, b)| {
        b.done
            && view.visible(b.when)
            && b.tissue.as_ref().is_some_and(|t| vocabulary::normalised(t.as_str()).contains("marrow"))
            && b.findings.iter().any(|t| {
                vocabulary::word(Kind::Tissue, t.as_str()).is_some_and(|word| word.term == "leukaemia")
            })
    });
    each(marrow.map(|(i, _)| Answer::yes(Path::new("biopsies", i))))
}

/// Whether what a flag asks for was done already: its disease is proven, or the value was measured.
pub(super) fn is_answered(view: &View<'_>, flag: &Flag, proven: &[&str]) -> bool {
    flag.concerns.iter().all(|disease| proven.contains(disease))
        || flag.id == "scurvy_signs" && view.is_reported("vitamin_c")
}

/// Younger than a limit at onset, or at day 0 where only that is known.
fn young(view: &View<'_>, limit: f64) -> Answer {
    let below = |number: crate::view::Number| number.decide(|range| range.at_least(limit).map(|v| !v), "age");
    any([below(view.age_at_onset_years()), below(view.age_years())])
}

/// Whether a value that was measured at two times fell.
fn fall(view: &View<'_>, analyte: &'static str, fell: impl Fn(f64, f64) -> bool) -> Answer {
    let mut values: Vec<(f64, Range, Path)> =
        view.values(analyte).filter_map(|(day, range, path)| Some((day?, range, path))).collect();
    values.sort_by(|a, b| a.0.total_cmp(&b.0));
    // What a bound leaves open may have fallen less: the least fall that the bounds allow counts.
    for (k, later) in values.iter().enumerate() {
        if let Some(earlier) =
            values[..k].iter().find(|earlier| earlier.0 < later.0 && fell(earlier.1.low, later.1.high))
        {
            let mut answer = Answer::yes(earlier.2);
            answer.used.push(later.2);
            return answer;
        }
    }
    Answer::unknown(&[])
}

fn antibiotics(view: &View<'_>) -> Answer {
    any(view.record.treatments.iter().enumerate().filter_map(|(i, t)| {
        let antibiotic = vocabulary::drug(t.drug.as_str()).is_some_and(|drug| drug.class == "antibiotic");
        (antibiotic && t.response == Some(Response::Transient) && view.visible(t.start))
            .then(|| Answer::yes(Path::new("treatments", i)))
    }))
}

fn pus_or_germs(view: &View<'_>) -> Answer {
    // A germ from an unnamed sample or a joint holds CNO back as well: where it came from is asked elsewhere.
    let grown = view.record.cultures.iter().enumerate().filter_map(|(i, c)| {
        let counts = match germs::source(c) {
            Source::Bone | Source::Joint | Source::Unspecified => germs::grew(c),
            Source::Blood => germs::grew(c) && !c.organism.as_deref().is_some_and(germs::is_contaminant),
            Source::Elsewhere => false,
        };
        (counts && view.visible(c.when)).then(|| Answer::yes(Path::new("cultures", i)))
    });
    any([
        view.ever("abscess"),
        view.ever("draining_sinus"),
        view.described(|_, class| class == "infection", &[]),
    ]
    .into_iter()
    .chain(grown))
}

/// Patterns of the syndromes of one gene: the early anaemia or pustules, the contrast of two blockades, the anaemia of Majeed
/// syndrome, and skin, joints and acne of PAPA.
fn monogenic(view: &View<'_>) -> Answer {
    let early =
        all([young(view, 3.0), any([view.was_ever("haemoglobin", Level::Low), view.ever("pustules")])]);
    let marrow = view.record.biopsies.iter().enumerate().find(|(_, biopsy)| {
        let shows = |t: &crate::record::Term| {
            vocabulary::word(Kind::Tissue, t.as_str()).is_some_and(|w| w.term == "dyserythropoiesis")
        };
        biopsy.done && view.visible(biopsy.when) && biopsy.findings.iter().any(shows)
    });
    let marrow = marrow.map_or(Answer::unknown(&[]), |(i, _)| Answer::yes(Path::new("biopsies", i)));
    let majeed = any([view.ever("dyserythropoietic_anaemia"), marrow]);
    let pyoderma = any([
        view.ever("pyoderma_gangrenosum"),
        view.has_condition(|term, _| term == "pyoderma_gangrenosum", true),
    ]);
    let acne = any([view.ever("severe_acne"), view.has_condition(|term, _| term == "severe_acne", true)]);
    let papa = all([pyoderma, any([view.ever("arthritis"), acne])]);
    each([early, blockades(view), majeed, papa])
}

/// IL-1 blockade works where TNF blockade or steroids do not.
fn blockades(view: &View<'_>) -> Answer {
    let class_response = |class: &str, responses: &[Response]| {
        view.record.treatments.iter().enumerate().find_map(|(i, t)| {
            let fits = vocabulary::drug(t.drug.as_str()).is_some_and(|drug| drug.class == class)
                && t.response.is_some_and(|response| responses.contains(&response))
                && view.visible(t.start);
            fits.then(|| Path::new("treatments", i))
        })
    };
    let works =
        class_response("il1_blockade", &[Response::Complete, Response::CompleteSustained, Response::Good]);
    let fails = ["tnf_inhibitor", "glucocorticoid"]
        .iter()
        .find_map(|class| class_response(class, &[Response::None, Response::Worse]));
    match (works, fails) {
        (Some(a), Some(b)) => Answer { used: vec![a, b], ..Answer::yes(a) },
        _ => Answer::unknown(&[]),
    }
}

/// Diseases that only tissue tells from CNO.
const TOLD_BY_TISSUE: [&str; 4] =
    ["leukaemia", "ewing_sarcoma", "osteosarcoma", "langerhans_cell_histiocytosis"];

/// When to take tissue, as long as none was taken: a biopsy that was judged unnecessary is none.
pub(super) fn tissue(view: &View<'_>, rows: &'static [ScreenRow], flags: &[Flag]) -> Vec<Question> {
    let done = view.record.biopsies.iter().any(|biopsy| biopsy.done && view.visible(biopsy.when));
    let asked = |id: &str| match id {
        "open_flag" => {
            flags.iter().any(|flag| !flag.cleared && flag.concerns.iter().any(|d| TOLD_BY_TISSUE.contains(d)))
        }
        _ => {
            let single = facts::multifocal(view).state == State::NotMet
                || view.ever("unifocal").state == State::Met && facts::multifocal(view).state != State::Met;
            single && facts::clavicle(view).state != State::Met
        }
    };
    rows.iter()
        .filter(|row| !done && asked(&row.id) && !row.source.is_empty())
        .map(|row| Question { ask: &row.text, bits: None, because: "tissue" })
        .collect()
}

/// Screens that the record does not answer yet.
pub(super) fn screens(view: &View<'_>, rows: &'static [ScreenRow]) -> Vec<Question> {
    let known = |id: &str| match id {
        "bowel" => {
            let disease = view.has_condition(
                |term, _| {
                    matches!(term, "crohn_disease" | "ulcerative_colitis" | "inflammatory_bowel_disease")
                },
                true,
            );
            disease.state != State::Unknown || !view.value("faecal_calprotectin", "").used.is_empty()
        }
        "skin" => {
            view.ever("palmoplantar_pustulosis").state != State::Unknown
                || view.ever("psoriasis").state != State::Unknown
        }
        _ => facts::whole_body_imaging(view).state == State::Met,
    };
    rows.iter()
        .filter(|row| !known(&row.id) && !row.source.is_empty())
        .map(|row| Question { ask: &row.text, bits: None, because: "screen" })
        .collect()
}
