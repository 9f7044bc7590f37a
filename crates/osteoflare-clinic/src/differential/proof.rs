//! Proof of a disease: not weighed against anything.

use super::Proof;
use crate::{
    record::{CultureResult, Qualitative, Significance},
    view::{Path, State, View},
    vocabulary::{self, Kind},
};

/// Proofs of a disease in a record.
pub(super) fn of(view: &View<'_>, disease: &str) -> Vec<Proof> {
    let mut proofs = Vec::new();
    let mut push = |what: &'static str, used: Vec<Path>| {
        if !used.is_empty() {
            proofs.push(Proof { what, used });
        }
    };
    match disease {
        "bacterial_osteomyelitis" => push("germs grown from bone or pus", cultures(view)),
        "tuberculous_osteomyelitis" => push("tuberculosis in tissue", tissue(view, &["tuberculosis"])),
        "leukaemia" => {
            push("leukaemia in tissue or marrow", tissue(view, &["leukaemia"]));
            let blasts = view.was_ever("blasts", crate::view::Level::High);
            if blasts.state == State::Met {
                push("blasts in blood", blasts.used);
            }
        }
        "ewing_sarcoma" => push("Ewing sarcoma in tissue", tissue(view, &["ewing_sarcoma"])),
        "osteosarcoma" => push("osteosarcoma in tissue", tissue(view, &["osteosarcoma"])),
        "langerhans_cell_histiocytosis" => {
            push(
                "CD1a, langerin or Langerhans cells in tissue",
                tissue(view, &["cd1a", "langerin", "langerhans_cells"]),
            );
        }
        "hypophosphatasia" => push("ALPL variant that explains it", gene(view, "ALPL")),
        "majeed_syndrome" => push("LPIN2 variant that explains it", gene(view, "LPIN2")),
        "dira" => push("IL1RN variant that explains it", gene(view, "IL1RN")),
        "papa" => push("PSTPIP1 variant that explains it", gene(view, "PSTPIP1")),
        "scurvy" => {
            let low = view.in_words("vitamin_c", &[Qualitative::Undetectable]);
            if low.state == State::Met {
                push("vitamin C not detectable", low.used);
            }
        }
        _ => {}
    }
    proofs
}

fn tissue(view: &View<'_>, terms: &[&str]) -> Vec<Path> {
    let biopsies = view.record.biopsies.iter().enumerate().filter(|(_, b)| b.done && view.visible(b.when));
    biopsies
        .filter(|(_, b)| {
            b.findings.iter().any(|t| {
                vocabulary::word(Kind::Tissue, t.as_str()).is_some_and(|w| terms.contains(&w.term.as_str()))
            })
        })
        .map(|(i, _)| Path::new("biopsies", i))
        .collect()
}

fn gene(view: &View<'_>, symbol: &str) -> Vec<Path> {
    view.record
        .genetics
        .iter()
        .enumerate()
        .filter(|(_, g)| {
            g.gene.eq_ignore_ascii_case(symbol)
                && g.significance == Some(Significance::Pathogenic)
                && view.visible(g.when)
        })
        .map(|(i, _)| Path::new("genetics", i))
        .collect()
}

/// Germs from bone or pus; Cutibacterium acnes grows in SAPHO and is no proof.
fn cultures(view: &View<'_>) -> Vec<Path> {
    view.record
        .cultures
        .iter()
        .enumerate()
        .filter(|(_, c)| {
            let acnes = c.organism.as_deref().is_some_and(|name| name.to_lowercase().contains("acnes"));
            let bone = matches!(
                vocabulary::normalised(c.specimen.as_str()).as_str(),
                "bone"
                    | "bone_biopsy"
                    | "biopsy"
                    | "tissue"
                    | "pus"
                    | "abscess"
                    | "bone_aspirate"
                    | "aspirate"
            );
            c.result == CultureResult::Positive && bone && !acnes && view.visible(c.when)
        })
        .map(|(i, _)| Path::new("cultures", i))
        .collect()
}
