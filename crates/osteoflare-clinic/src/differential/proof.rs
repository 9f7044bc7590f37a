//! Proof of a disease: not weighed against anything.

use super::Proof;
use crate::{
    instruments::facts,
    record::{Qualitative, Significance},
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
        "bacterial_osteomyelitis" => push("germs grown from bone or pus", cultures(view, false)),
        "tuberculous_osteomyelitis" => {
            push("tuberculosis in tissue", tissue(view, &["tuberculosis", "acid_fast_bacilli"]));
            push("mycobacteria grown from bone or pus", cultures(view, true));
        }
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
    // SAPHO is told from CNO by age and skin; a record that names it proves nothing against CNO.
    if !matches!(disease, "cno" | "sapho") {
        let named = view.has_condition(|term, _| term == disease, false);
        if named.state == State::Met {
            push("named among the confirmed diseases of the patient", named.used);
        }
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

/// Germs from bone or pus, mycobacteria or others.
fn cultures(view: &View<'_>, mycobacteria: bool) -> Vec<Path> {
    let is_mycobacterium = |organism: &str| {
        let name = organism.to_lowercase();
        let species = name.trim_start_matches("m.").trim_start_matches("m ").trim_start();
        ["mycobact", "tuberculosis", "bcg"].iter().any(|word| name.contains(word))
            || species != name && ["tub", "bovis"].iter().any(|word| species.starts_with(word))
    };
    view.record
        .cultures
        .iter()
        .enumerate()
        .filter(|(_, c)| facts::grew(c) && facts::is_from_bone(c) && view.visible(c.when))
        .filter(|(_, c)| c.organism.as_deref().is_some_and(is_mycobacterium) == mycobacteria)
        .map(|(i, _)| Path::new("cultures", i))
        .collect()
}
