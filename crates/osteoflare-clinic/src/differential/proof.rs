//! Proof of a disease: not weighed against anything.

use super::{DiseaseRow, Proof};
use crate::{
    genes,
    germs::{self, Source},
    instruments::facts,
    record::{Biopsy, Culture},
    view::{Answer, Level, Path, State, View, all, any},
    vocabulary::{self, Kind},
};

/// Malignancies among the candidates: every other one is `other_malignancy`.
const MALIGNANT_CANDIDATES: [&str; 3] = ["leukaemia", "ewing_sarcoma", "osteosarcoma"];

/// Collects what proves one disease.
struct Proofs(Vec<Proof>);

impl Proofs {
    fn add(&mut self, what: &'static str, used: Vec<Path>) {
        if !used.is_empty() {
            self.0.push(Proof { what, used });
        }
    }

    fn add_if(&mut self, what: &'static str, answer: Answer) {
        if answer.state == State::Met {
            self.add(what, answer.used);
        }
    }
}

/// Proofs of a candidate in a record.
pub(super) fn of(view: &View<'_>, disease: &str) -> Vec<Proof> {
    let mut proofs = Proofs(Vec::new());
    let gene = || genes::explain(view, |explained| explained == disease);
    match disease {
        "bacterial_osteomyelitis" => {
            let bone = |c: &Culture| {
                germs::source(c) == Source::Bone && germs::grew(c) && !germs::is_mycobacterium(c)
            };
            proofs.add("germs grown from bone or pus", cultures(view, bone));
            let blood = facts::blood_pathogen(view);
            if blood.state == State::Met {
                let germs = blood.used.iter().filter(|path| path.list() == "cultures");
                let tuberculous = germs.filter_map(|path| view.record.cultures.get(path.index()?));
                if !tuberculous.into_iter().any(germs::is_mycobacterium) {
                    proofs.add("a pathogen in blood, with a picture of osteomyelitis", blood.used);
                }
            }
        }
        "tuberculous_osteomyelitis" => {
            proofs.add(
                "tuberculosis in tissue",
                tissue(view, |term, _| matches!(term, "tuberculosis" | "acid_fast_bacilli")),
            );
            let bone = |c: &Culture| {
                germs::source(c) == Source::Bone && germs::grew(c) && germs::is_mycobacterium(c)
            };
            proofs.add("mycobacteria grown from bone or pus", cultures(view, bone));
        }
        "leukaemia" => {
            proofs.add("leukaemia in tissue or marrow", tissue(view, |term, _| term == "leukaemia"));
            proofs.add_if("blasts in blood", view.was_ever("blasts", Level::High));
        }
        "ewing_sarcoma" => {
            proofs.add("Ewing sarcoma in tissue", tissue(view, |term, _| term == "ewing_sarcoma"));
            proofs.add("fusion of EWSR1 in tissue", tissue(view, |term, _| term == "ewsr1_fusion"));
            proofs.add_if("fusion of EWSR1", gene());
            proofs.add("small round cells with CD99 in tissue", round_cells_with_cd99(view));
        }
        "osteosarcoma" => {
            proofs.add("osteosarcoma in tissue", tissue(view, |term, _| term == "osteosarcoma"));
        }
        "langerhans_cell_histiocytosis" => {
            let cells = |term: &str, _: &str| matches!(term, "cd1a" | "langerin" | "langerhans_cells");
            proofs.add("CD1a, langerin or Langerhans cells in tissue", tissue(view, cells));
        }
        "hypophosphatasia" => {
            proofs.add_if("ALPL variant that explains it", gene());
            proofs.add_if(
                "low alkaline phosphatase, with raised substrate or early loss of teeth",
                low_phosphatase_at_work(view),
            );
        }
        "majeed_syndrome" => proofs.add_if("LPIN2 variants that explain it", gene()),
        "dira" => proofs.add_if("IL1RN variants that explain it", gene()),
        "papa" => proofs.add_if("PSTPIP1 variant that explains it", gene()),
        "scurvy" => proofs.add_if("vitamin C measured and low", facts::low_vitamin_c(view)),
        _ => {}
    }
    // SAPHO is told from CNO by age and skin; a record that names it proves nothing against CNO.
    if !matches!(disease, "cno" | "sapho") {
        proofs.add_if(NAMED, view.has_condition(|term, _| term == disease, false));
    }
    proofs.0
}

/// Low alkaline phosphatase together with what only its lack explains. Low alkaline phosphatase with suggestive clinical
/// and laboratory features establishes the diagnosis (GeneReviews, Hypophosphatasia, NBK1150); alone it has many causes.
fn low_phosphatase_at_work(view: &View<'_>) -> Answer {
    let substrate = ["pyridoxal_phosphate", "phosphoethanolamine"].map(|one| view.was_ever(one, Level::High));
    let works = any(substrate.into_iter().chain([view.ever("early_tooth_loss")]));
    all([view.was_ever("alkaline_phosphatase", Level::Low), works])
}

/// What excludes a candidate: bone that was looked at for infection or malignancy and has none, or a word that says so. Shares
/// are without it, as they are without proofs; it only tells the order.
pub(super) fn excluded(view: &View<'_>, disease: &str) -> Vec<Path> {
    let none = |answer: Answer| if answer.state == State::NotMet { answer.used } else { vec![] };
    match disease {
        "bacterial_osteomyelitis" | "tuberculous_osteomyelitis" => none(facts::infection_confirmed(view)),
        "ewing_sarcoma" | "osteosarcoma" => none(facts::malignancy_confirmed(view)),
        _ => none(view.has_condition(|term, _| term == disease, false)),
    }
}

const NAMED: &str = "named among the confirmed diseases of the patient";

/// Proofs of what is no candidate of its own: no share is published for it, and it explains the bones all the same.
pub(super) fn outside(view: &View<'_>, id: &str, candidates: &[DiseaseRow]) -> Vec<Proof> {
    let mut proofs = Proofs(Vec::new());
    let other = |term: &str| !candidates.iter().any(|row| row.id == term);
    match id {
        "other_malignancy" => {
            let ewing = round_cells_with_cd99(view);
            let cells = |term: &str, class: &str| {
                // Round cells with CD99 prove a candidate.
                let ewing = term == "small_round_cells" && !ewing.is_empty();
                class == "malignant" && !ewing && !MALIGNANT_CANDIDATES.contains(&term)
            };
            let proven = || MALIGNANT_CANDIDATES.iter().any(|disease| !of(view, disease).is_empty());
            // Cells that are only called malignant are those of the disease that is proven beside them.
            let general = |term: &str| matches!(term, "malignancy" | "small_round_cells");
            proofs.add(
                "malignant cells in tissue or marrow",
                tissue(view, |term, class| cells(term, class) && !(general(term) && proven())),
            );
            let named = |term: &str, class: &str| class == "malignancy" && other(term);
            proofs.add_if(NAMED, view.has_condition(named, false));
        }
        "other_infection" => {
            let joint = |c: &Culture| germs::source(c) == Source::Joint && germs::is_pathogen(c);
            proofs.add("germs in a joint", cultures(view, joint));
            let named = |term: &str, class: &str| class == "infection" && other(term);
            proofs.add_if(NAMED, view.has_condition(named, false));
        }
        _ => {
            let gene = |disease: &str| other(disease) && facts::is_other_mimicker_gene(disease);
            proofs.add_if("a variant of a gene that explains it", genes::explain(view, gene));
            proofs.add("a benign tumour in tissue", tissue(view, |_, class| class == "benign_tumour"));
            proofs.add_if("nidus of a benign tumour", view.described(|_, class| class == "tumour", &[]));
            let named = |term: &str, class: &str| matches!(class, "tumour" | "monogenic") && other(term);
            proofs.add_if(NAMED, view.has_condition(named, false));
        }
    }
    proofs.0
}

fn shows(biopsy: &Biopsy, fits: impl Fn(&str, &str) -> bool) -> bool {
    biopsy
        .findings
        .iter()
        .any(|t| vocabulary::word(Kind::Tissue, t.as_str()).is_some_and(|w| fits(&w.term, &w.class)))
}

fn biopsies(view: &View<'_>, fits: impl Fn(&Biopsy) -> bool) -> Vec<Path> {
    let all = view.record.biopsies.iter().enumerate();
    all.filter(|(_, b)| b.done && view.visible(b.when) && fits(b))
        .map(|(i, _)| Path::new("biopsies", i))
        .collect()
}

fn tissue(view: &View<'_>, fits: impl Fn(&str, &str) -> bool) -> Vec<Path> {
    biopsies(view, |biopsy| shows(biopsy, &fits))
}

/// CD99 alone is found in leukaemia and lymphoma too.
fn round_cells_with_cd99(view: &View<'_>) -> Vec<Path> {
    biopsies(view, |biopsy| {
        let has = |wanted: &str| shows(biopsy, |term, _| term == wanted);
        has("small_round_cells") && has("cd99") && !has("leukaemia") && !has("lymphoma")
    })
}

fn cultures(view: &View<'_>, fits: impl Fn(&Culture) -> bool) -> Vec<Path> {
    let all = view.record.cultures.iter().enumerate();
    all.filter(|(_, c)| view.visible(c.when) && fits(c)).map(|(i, _)| Path::new("cultures", i)).collect()
}
