//! Genes of the interpretations of a phenopacket.

use serde_json::Value;

use super::decode::Reader;
use crate::fault::{Fault, nearest};
use crate::node::{Entry, Node};
use crate::problem::{Place, Problems};

/// What a status says about the disease of this patient.
const STATUS: [(&str, Option<&str>); 5] = [
    ("UNKNOWN_STATUS", None),
    ("REJECTED", Some("benign")),
    ("CANDIDATE", Some("uncertain")),
    // It takes part; whether it explains the disease is not said.
    ("CONTRIBUTORY", None),
    ("CAUSATIVE", Some("pathogenic")),
];

/// What a class of the ACMG says.
const CLASSES: [(&str, Option<&str>); 6] = [
    ("NOT_PROVIDED", None),
    ("BENIGN", Some("benign")),
    ("LIKELY_BENIGN", Some("benign")),
    ("UNCERTAIN_SIGNIFICANCE", Some("uncertain")),
    ("LIKELY_PATHOGENIC", Some("pathogenic")),
    ("PATHOGENIC", Some("pathogenic")),
];

const ZYGOSITY: [(&str, &str); 3] =
    [("GENO:0000136", "homozygous"), ("GENO:0000135", "heterozygous"), ("GENO:0000134", "hemizygous")];

impl Reader<'_> {
    /// An interpretation: its disease, if it is said nowhere else, and its genes.
    pub(super) fn interpretation(&mut self, node: &Node<'_>, root: &Node<'_>) {
        let Some(diagnosis) = node.get("diagnosis") else {
            let what = "an interpretation without diagnosis".to_owned();
            return self.problems.add(Place::path(node.path.clone()), Fault::Lost { what });
        };
        if let Some(disease) = diagnosis.get("disease") {
            self.interpreted(&disease, node, root);
        }
        let owners: Vec<&str> = root
            .at(&["subject", "id"])
            .and_then(|id| id.value.as_str())
            .into_iter()
            .chain(root.text("id"))
            .chain(root.items("biosamples").iter().filter_map(|sample| sample.text("id")))
            .collect();
        for genomic in diagnosis.items("genomicInterpretations") {
            let owner = genomic.text("subjectOrBiosampleId").filter(|owner| !owner.is_empty());
            if owner.is_some_and(|owner| !owners.contains(&owner)) {
                let what = "subjectOrBiosampleId is neither the subject nor a sample".to_owned();
                let path = genomic.path.key("subjectOrBiosampleId");
                self.problems.add(Place::path(path), Fault::OtherPatient { what });
                continue;
            }
            self.gene(&genomic);
        }
    }

    /// The disease of an interpretation, unless the diseases of the phenopacket hold it.
    fn interpreted(&mut self, disease: &Node<'_>, node: &Node<'_>, root: &Node<'_>) {
        let id = disease.text("id");
        let listed = root
            .items("diseases")
            .iter()
            .any(|listed| listed.at(&["term", "id"]).and_then(|term| term.value.as_str()) == id);
        if listed {
            return;
        }
        let kind = match node.text("progressStatus") {
            Some("SOLVED") => "final",
            Some("IN_PROGRESS") => "working",
            _ => {
                let what = "the disease of an interpretation that does not call it found".to_owned();
                return self.problems.add(Place::path(disease.path.clone()), Fault::LeftOut { what });
            }
        };
        let mut entry = Entry::from(&disease.path);
        if let Some(word) = self.word("disease", disease) {
            entry.set(&["disease"], word, &disease.path);
        }
        entry.set(&["kind"], kind, &disease.path);
        self.push("diagnoses", entry);
    }

    fn gene(&mut self, node: &Node<'_>) {
        let mut entry = Entry::from(&node.path);
        let variant = node.at(&["variantInterpretation", "variationDescriptor"]);
        let context = variant.as_ref().and_then(|variant| variant.get("geneContext"));
        let Some(symbol) = context.or_else(|| node.get("gene")).and_then(|gene| gene.get("symbol")) else {
            let field = "symbol of the gene".to_owned();
            return self.problems.add(Place::path(node.path.clone()), Fault::Missing { field });
        };
        entry.set(&["gene"], symbol.value.clone(), &symbol.path);
        if let Some(variant) = &variant {
            self.variant(&mut entry, variant);
        }
        let status = node.get("interpretationStatus");
        let said = status.as_ref().and_then(|status| known(&STATUS, status, self.problems)).flatten();
        let class = node.at(&["variantInterpretation", "acmgPathogenicityClassification"]);
        let classed = class.as_ref().and_then(|class| known(&CLASSES, class, self.problems)).flatten();
        // What is causative for the one and benign for the other cannot be both.
        if let (Some("pathogenic"), Some("benign"), Some(class)) = (said, classed, &class) {
            let what = "the variant is causative and benign".to_owned();
            self.problems.add(Place::path(class.path.clone()), Fault::Contradiction { what, other: None });
        }
        if let Some(word) = said.or(classed) {
            entry.set(&["significance"], word, &node.path);
        }
        self.push("genetics", entry);
    }

    fn variant(&mut self, entry: &mut Entry, variant: &Node<'_>) {
        let expressions = variant.items("expressions");
        let coding = |name| expressions.iter().find(|expression| expression.text("syntax") == Some(name));
        let value = coding("hgvs.c")
            .or(expressions.first())
            .and_then(|expression| expression.get("value"))
            .or_else(|| variant.get("label"));
        if let Some(value) = value.filter(|value| value.value.as_str().is_some_and(|text| !text.is_empty())) {
            entry.set(&["variant"], value.value.clone(), &value.path);
        }
        let Some(state) = variant.get("allelicState") else { return };
        let id = state.text("id").unwrap_or_default();
        let label = state.text("label").unwrap_or_default();
        match ZYGOSITY.iter().find(|(code, word)| *code == id || label.eq_ignore_ascii_case(word)) {
            Some((_, word)) => entry.set(&["zygosity"], *word, &state.path),
            None => {
                let what =
                    "an allelic state that is neither homozygous, heterozygous nor hemizygous".to_owned();
                self.problems.add(Place::path(state.path), Fault::LeftOut { what });
            }
        }
    }
}

/// What a word of a list says; a word that is not in it is a problem.
fn known<T: Copy>(list: &[(&str, T)], node: &Node<'_>, problems: &mut Problems) -> Option<T> {
    let Value::String(text) = node.value else { return None };
    let found = list.iter().find(|(word, _)| word == text).map(|(_, meaning)| *meaning);
    if found.is_none() {
        let fault = Fault::UnknownCode {
            what: "status".to_owned(),
            found: text.clone(),
            nearest: nearest(text, list.iter().map(|(word, _)| *word)),
            allowed: list.iter().map(|(word, _)| (*word).to_owned()).collect(),
        };
        problems.add(Place::path(node.path.clone()), fault);
    }
    found
}
