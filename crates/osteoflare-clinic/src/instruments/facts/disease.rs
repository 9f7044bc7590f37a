//! Other diseases: of the patient and the family, confirmed, excluded.

use super::tissue::Growth;
use crate::{
    genes,
    germs::{self, Source},
    record::{Culture, DiagnosisKind, Kin, Qualitative, Status, Term},
    view::{Answer, Level, Path, State, View, all, any, not},
    vocabulary::{self, Kind},
};

/// A disease among the conditions, or as the last word of the clinicians.
fn has_final_or_condition(view: &View<'_>, matches: impl Fn(&str, &str) -> bool) -> Answer {
    final_or(view, view.has_condition(&matches, false), matches)
}

/// A disease of a class; only a word for all of them excludes it.
fn has_final_or_any_of(view: &View<'_>, matches: impl Fn(&str, &str) -> bool, all_of_them: &str) -> Answer {
    final_or(view, view.has_any_of(&matches, false, all_of_them), matches)
}

fn final_or(view: &View<'_>, condition: Answer, matches: impl Fn(&str, &str) -> bool) -> Answer {
    if condition.state == State::Met {
        return condition;
    }
    let last = view.record.diagnoses.iter().enumerate().find(|(_, d)| {
        // What an article is about is no diagnosis that anybody read.
        d.kind == DiagnosisKind::Final
            && d.by.as_deref() != Some("topic of the article")
            && view.visible(d.when)
            && vocabulary::word(Kind::Disease, d.disease.as_str()).is_some_and(|w| matches(&w.term, &w.class))
    });
    match last {
        Some((i, _)) => Answer::yes(Path::new("diagnoses", i)),
        None => condition,
    }
}

pub(super) fn ppp_or_psoriasis(view: &View<'_>) -> Answer {
    let matches = |term: &str, _: &str| matches!(term, "psoriasis" | "palmoplantar_pustulosis");
    let either =
        [view.ever("palmoplantar_pustulosis"), view.ever("psoriasis"), view.has_condition(matches, true)];
    if let Some(met) = either.iter().find(|a| a.state == State::Met) {
        return met.clone();
    }
    // Both have to be denied, each as a finding or as a disease.
    let either_way = |term: &'static str| match view.ever(term) {
        seen if seen.state != State::Unknown => seen,
        _ => view.has_condition(|word, _| word == term, true),
    };
    any([either_way("palmoplantar_pustulosis"), either_way("psoriasis")])
}

fn bowel_disease(view: &View<'_>) -> Answer {
    let one = |wanted: &'static str| view.has_condition(move |term, _| term == wanted, true);
    let whole = one("inflammatory_bowel_disease");
    let each = any([one("crohn_disease"), one("ulcerative_colitis")]);
    match (whole.state, each.state) {
        (State::Met, _) => whole,
        (_, State::Met) => each,
        (State::NotMet, _) => whole,
        _ => each,
    }
}

pub(super) fn contraindication(view: &View<'_>) -> Answer {
    view.has_condition(|term, _| term == "contraindication_to_study_drug", false)
}

pub(super) fn other_autoimmune(view: &View<'_>) -> Answer {
    let skin = |term: &str| matches!(term, "psoriasis" | "palmoplantar_pustulosis");
    view.has_any_of(|term, class| class == "autoimmune" && !skin(term), true, "autoimmune_disease")
}

/// A disease of near relatives; only a word for all of their diseases excludes it.
pub(super) fn family_autoimmune(view: &View<'_>) -> Answer {
    let mut answer = Answer::unknown(&[]);
    for (i, term, class) in view.conditions() {
        let condition = &view.record.conditions[i];
        let close = matches!(condition.of, Some(Kin::FirstDegree | Kin::SecondDegree));
        let kind = matches!(class, "autoimmune" | "autoinflammatory" | "monogenic") || term == "cno";
        match (close, kind, condition.status) {
            (true, true, Status::Present | Status::Past) => return Answer::yes(Path::new("conditions", i)),
            (true, true, Status::Excluded) if term == "autoimmune_disease" => {
                answer = Answer::no(Path::new("conditions", i));
            }
            _ => {}
        }
    }
    answer
}

pub(super) fn ibd_psoriasis_or_ppp(view: &View<'_>) -> Answer {
    any([ppp_or_psoriasis(view), bowel_disease(view)])
}

fn osteitis(view: &View<'_>) -> Answer {
    match view.lesion_count().range.at_least(1.0) {
        Some(true) => Answer {
            state: State::Met,
            used: view.lesions().iter().map(|l| l.path()).collect(),
            missing: vec![],
        },
        _ => super::image::abnormal_imaging(view),
    }
}

/// Disease of bone or of joints, as the criteria for SAPHO ask.
fn osteoarticular(view: &View<'_>) -> Answer {
    let joints = any([view.ever("arthritis"), view.ever("sacroiliitis")]);
    let bone = osteitis(view);
    if bone.state != State::Met && joints.state == State::Met {
        return joints;
    }
    // Joints that are well deny nothing about bone.
    bone.asking("bone lesion or arthritis")
}

pub(super) fn osteitis_with_ppp_or_psoriasis(view: &View<'_>) -> Answer {
    all([osteoarticular(view), ppp_or_psoriasis(view).asking("skin: pustulosis or psoriasis")])
}

pub(super) fn osteitis_with_severe_acne(view: &View<'_>) -> Answer {
    let told = view.ever("severe_acne");
    let acne = match told.state {
        // Who has no acne has no severe acne.
        State::Unknown => match view.ever("acne") {
            none if none.state == State::NotMet => none,
            _ => view.has_condition(|term, _| term == "severe_acne", true),
        },
        _ => told,
    };
    all([osteoarticular(view), acne.asking("severe acne")])
}

pub(super) fn osteitis_with_bowel_disease(view: &View<'_>) -> Answer {
    all([osteoarticular(view), bowel_disease(view).asking("bowel disease")])
}

pub(super) fn sterile_osteitis_adult(view: &View<'_>) -> Answer {
    all([
        view.age_at_moment().decide(|range| range.at_least(18.0), "age"),
        super::tissue::sterile_inflammatory_biopsy(view).asking("sterile bone biopsy"),
    ])
}

pub(super) fn recurrent_multifocal_child(view: &View<'_>) -> Answer {
    use crate::record::CoursePattern as P;
    let course = match view.record.history.course {
        Some(P::RelapsingRemitting | P::MigratingRelapsing) => Answer::yes(Path::field("history.course")),
        Some(P::SingleEpisode) => Answer::no(Path::field("history.course")),
        _ => Answer::unknown(&["whether it recurs"]),
    };
    all([
        not(view.age_at_onset_years().decide(|range| range.at_least(18.0), "age")),
        super::image::multifocal(view),
        course,
        match infection_confirmed(view) {
            answer if answer.state == State::Met => not(answer),
            _ => Answer { state: State::Met, used: vec![], missing: vec![] },
        },
    ])
}

fn malignant(term: &str, class: &str) -> bool {
    class == "malignancy" && !term.is_empty()
}

pub(crate) fn malignancy_confirmed(view: &View<'_>) -> Answer {
    let tissue = super::malignancy_in_tissue(view);
    if tissue.state == State::Met {
        return tissue;
    }
    let blasts = view.was_ever("blasts", Level::High);
    if blasts.state == State::Met {
        return blasts;
    }
    let named = has_final_or_any_of(view, malignant, "malignancy");
    if named.state != State::Unknown {
        return named;
    }
    match super::tissue::tissue_without_malignancy(view) {
        answer if answer.state == State::Met => not(answer),
        answer => Answer { used: answer.used, ..Answer::unknown(&[]) },
    }
}

pub(super) fn malignancy_ever(view: &View<'_>) -> Answer {
    let ever = view.has_any_of(malignant, true, "malignancy");
    if ever.state != State::Unknown {
        return ever;
    }
    // Tissue without malignancy says nothing of the past.
    match malignancy_confirmed(view) {
        now if now.state == State::Met => now,
        now => Answer { used: now.used, ..Answer::unknown(&["whether there ever was a malignancy"]) },
    }
}

pub(super) fn tumour_confirmed(view: &View<'_>) -> Answer {
    let tumour = has_final_or_condition(view, |_, class| matches!(class, "tumour" | "histiocytosis"));
    if tumour.state == State::Met {
        return tumour;
    }
    match any([proven_histiocytosis(view), benign_tumour(view)]) {
        answer if answer.state == State::Met => answer,
        _ => malignancy_confirmed(view),
    }
}

fn proven_histiocytosis(view: &View<'_>) -> Answer {
    in_tissue(view, "histiocytic")
}

/// What belongs to a class, seen in tissue.
fn in_tissue(view: &View<'_>, class: &str) -> Answer {
    let of_class =
        |t: &Term| vocabulary::word(Kind::Tissue, t.as_str()).is_some_and(|word| word.class == class);
    let mut biopsies =
        view.record.biopsies.iter().enumerate().filter(|(_, b)| b.done && view.visible(b.when));
    match biopsies.find(|(_, b)| b.findings.iter().any(of_class)) {
        Some((i, _)) => Answer::yes(Path::new("biopsies", i)),
        None => Answer::unknown(&[]),
    }
}

/// A pathogen in blood together with a picture of osteomyelitis: a lesion, abnormal imaging, fever or pain of bone. What
/// comes from the skin more often than from blood is none.
pub(crate) fn blood_pathogen(view: &View<'_>) -> Answer {
    let Some(blood) = germ(view, Source::Blood, germs::is_pathogen) else { return Answer::unknown(&[]) };
    let picture = any([osteitis(view), super::fever(view), super::clinical::bone_pain(view)]);
    if picture.state != State::Met {
        return Answer { used: vec![blood], ..Answer::unknown(&["whether bone is infected"]) };
    }
    let mut answer = Answer::yes(blood);
    answer.used.extend(picture.used);
    answer
}

/// The first culture of a source that fits.
fn germ(view: &View<'_>, source: Source, fits: impl Fn(&Culture) -> bool) -> Option<Path> {
    let cultures = view.record.cultures.iter().enumerate().filter(|(_, c)| view.visible(c.when));
    let mut fitting = cultures.filter(|(_, c)| fits(c) && germs::source(c) == source);
    fitting.next().map(|(i, _)| Path::new("cultures", i))
}

/// Germs proven in bone or joint, a pathogen in blood with a picture of osteomyelitis, an abscess, or an infection of bone
/// that was diagnosed. Growth of Cutibacterium acnes is none.
pub(crate) fn infection_confirmed(view: &View<'_>) -> Answer {
    let grown =
        germ(view, Source::Bone, germs::grew).or_else(|| germ(view, Source::Joint, germs::is_pathogen));
    if let Some(path) = grown {
        return Answer::yes(path);
    }
    let tissue = view.record.biopsies.iter().enumerate().find(|(_, b)| {
        b.done
            && view.visible(b.when)
            && b.findings.iter().any(|t| {
                vocabulary::word(Kind::Tissue, t.as_str()).is_some_and(|w| {
                    matches!(w.term.as_str(), "tuberculosis" | "acid_fast_bacilli") || w.class == "infectious"
                })
            })
    });
    if let Some((i, _)) = tissue {
        return Answer::yes(Path::new("biopsies", i));
    }
    let abscess = any([view.ever("abscess"), view.described(|term, _| term == "abscess", &[])]);
    if abscess.state == State::Met {
        return abscess;
    }
    let blood = blood_pathogen(view);
    if blood.state == State::Met {
        return blood;
    }
    let named = has_final_or_any_of(view, |_, class| class == "infection", "bacterial_osteomyelitis");
    if named.state != State::Unknown {
        return named;
    }
    if let Some(path) = germ(view, Source::Unspecified, germs::grew) {
        return Answer { used: vec![path], ..Answer::unknown(&["from which sample the germ came"]) };
    }
    if !blood.used.is_empty() {
        return blood;
    }
    match super::tissue::off_antibiotics_without(view, Growth::ButAcnes) {
        answer if answer.state == State::Met => not(answer),
        // Tissue with inflammation in which germs were looked for and not found.
        _ => match super::tissue::inflamed_without(view, Growth::ButAcnes) {
            answer if answer.state == State::Met => not(answer),
            _ => Answer::unknown(&[]),
        },
    }
}

/// Vitamin C below this is deficiency, µmol/l (customary; recalled).
const DEFICIENT_VITAMIN_C_UMOL_L: f64 = 11.0;

/// Vitamin C measured and low: by number, or by words where there is no number.
pub(crate) fn low_vitamin_c(view: &View<'_>) -> Answer {
    let number = view
        .value("vitamin_c", "vitamin C")
        .decide(|range| range.at_least(DEFICIENT_VITAMIN_C_UMOL_L).map(|v| !v), "vitamin C");
    if number.state != State::Unknown {
        return number;
    }
    let words = view.in_words("vitamin_c", &[Qualitative::Undetectable, Qualitative::Low]);
    let normal = view.in_words("vitamin_c", &[Qualitative::Normal]);
    match (words.state, normal.state) {
        (State::Met, _) => words,
        (_, State::Met) => not(normal),
        _ => match view.is("vitamin_c", Level::Low) {
            low if low.state == State::Met => low,
            _ => number,
        },
    }
}

pub(super) fn vitamin_c_deficiency(view: &View<'_>) -> Answer {
    let measured = low_vitamin_c(view);
    if measured.state == State::Met {
        return measured;
    }
    match has_final_or_condition(view, |term, _| term == "scurvy") {
        named if named.state != State::Unknown => named,
        _ => measured,
    }
}

pub(super) fn hypophosphatasia(view: &View<'_>) -> Answer {
    let gene = genes::explain(view, |disease| disease == "hypophosphatasia");
    if gene.state == State::Met {
        return gene;
    }
    let named = has_final_or_condition(view, |term, _| term == "hypophosphatasia");
    if named.state != State::Unknown {
        return named;
    }
    // A normal or raised alkaline phosphatase excludes it; a low one alone does not prove it.
    match view.is("alkaline_phosphatase", Level::Low) {
        answer if answer.state == State::NotMet => answer,
        answer => Answer { used: answer.used, ..Answer::unknown(&[]) },
    }
}

/// Whether a gene explains a disease that excludes CNO and has no item of its own.
pub(crate) fn is_other_mimicker_gene(disease: &str) -> bool {
    !matches!(disease, "hypophosphatasia" | "ewing_sarcoma")
}

/// Whether a disease explains lesions of bone and has no item of its own. Of some it is so only where the clinicians'
/// last word names it: who has a fracture or sickle cells may have CNO too.
fn mimics(term: &str, class: &str, is_last_word: bool) -> bool {
    match class {
        "histiocytosis" | "tumour" | "monogenic" => true,
        "mimicker" | "blood" => is_last_word,
        "metabolic" => is_last_word && !matches!(term, "scurvy" | "hypophosphatasia"),
        _ => false,
    }
}

pub(super) fn other_mimicker(view: &View<'_>) -> Answer {
    let proofs = [
        proven_histiocytosis(view),
        benign_tumour(view),
        genes::explain(view, is_other_mimicker_gene),
        final_or(view, Answer::unknown(&[]), |term, class| mimics(term, class, true)),
    ];
    let met = proofs.into_iter().find(|answer| answer.state == State::Met);
    met.unwrap_or_else(|| match view.has_condition(|term, class| mimics(term, class, false), false) {
        answer if answer.state == State::Met => answer,
        answer => Answer { used: answer.used, ..Answer::unknown(&[]) },
    })
}

/// A benign tumour in tissue, or the nidus of one on a picture.
fn benign_tumour(view: &View<'_>) -> Answer {
    match in_tissue(view, "benign_tumour") {
        tissue if tissue.state == State::Met => tissue,
        _ => match view.described(|_, class| class == "tumour", &[]) {
            nidus if nidus.state == State::Met => nidus,
            _ => Answer::unknown(&[]),
        },
    }
}

pub(super) fn condensing_lesion(view: &View<'_>) -> Answer {
    has_final_or_condition(view, |term, _| term == "noninflammatory_condensing_lesion")
}

/// A cause that explains it: not met as soon as one is proven; met only if the record excludes infection and malignancy.
pub(super) fn no_identifiable_cause(view: &View<'_>) -> Answer {
    let causes = [
        infection_confirmed(view).asking("whether infection was excluded"),
        malignancy_confirmed(view).asking("whether malignancy was excluded"),
    ];
    let others = [vitamin_c_deficiency(view), hypophosphatasia(view), other_mimicker(view)];
    if let Some(found) = others.iter().find(|a| a.state == State::Met) {
        return not(found.clone());
    }
    not(any(causes))
}
