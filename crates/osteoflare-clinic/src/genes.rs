//! Genes whose variants explain a disease that looks like CNO, and whether what was found in one does.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::{
    record::{GeneticFinding, Significance},
    view::{Answer, Path, View, any},
    vocabulary::{normalised, rows},
};

#[derive(Deserialize)]
struct Gene {
    gene: String,
    disease: String,
    inheritance: Inheritance,
    #[serde(rename = "certainty")]
    _certainty: String,
    #[serde(rename = "source")]
    _source: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Inheritance {
    Dominant,
    Recessive,
    /// Some variants need the second allele and some do not.
    Any,
    /// In the tumour alone.
    Somatic,
}

static GENES: LazyLock<Vec<Gene>> = LazyLock::new(|| rows("genes.csv", include_str!("../data/genes.csv")));

/// The row of a gene; a fusion (`EWSR1::FLI1`) is known by either partner.
fn row_of(symbol: &str) -> Option<&'static Gene> {
    let mut parts = symbol.split(|c: char| !c.is_alphanumeric());
    parts.find_map(|part| GENES.iter().find(|row| row.gene.eq_ignore_ascii_case(part)))
}

/// Whether a symbol, in capitals or not, is a gene (or a fusion with one) of a disease of the differential.
pub fn is_known(symbol: &str) -> bool {
    row_of(symbol).is_some()
}

/// Whether only one of two alleles is said to be changed.
fn single_allele(finding: &GeneticFinding) -> bool {
    let said = finding.zygosity.as_ref().map(|term| term.as_str()).or(finding.variant.as_deref());
    let said = normalised(said.unwrap_or_default());
    let both = ["compound", "biallelic", "hemizyg"].iter().any(|word| said.contains(word));
    let words = ["heterozyg", "monoallelic", "single_allele", "carrier"];
    !both && (said == "het" || words.iter().any(|word| said.contains(word)))
}

/// Whether variants of genes explain one of some diseases. Of a gene of recessive inheritance one allele explains nothing.
pub(crate) fn explain(view: &View<'_>, disease: impl Fn(&str) -> bool) -> Answer {
    let seen = view.record.genetics.iter().enumerate().filter(|(_, g)| view.visible(g.when));
    let of_disease = seen.filter_map(|(i, g)| Some((i, g, row_of(&g.gene).filter(|r| disease(&r.disease))?)));
    let findings: Vec<(usize, &GeneticFinding, &Gene)> = of_disease.collect();
    any(findings.iter().map(|&(i, finding, gene)| {
        let path = Path::new("genetics", i);
        match finding.significance {
            Some(Significance::Pathogenic)
                if gene.inheritance == Inheritance::Recessive && single_allele(finding) =>
            {
                // Two variants of one gene, each on one allele, change both.
                let second = findings.iter().find(|(k, other, row)| {
                    *k != i
                        && row.gene == gene.gene
                        && other.significance == Some(Significance::Pathogenic)
                        && other.variant != finding.variant
                });
                match second {
                    Some(&(k, ..)) => {
                        Answer { used: vec![path, Path::new("genetics", k)], ..Answer::yes(path) }
                    }
                    None => Answer { used: vec![path], ..Answer::unknown(&["a second variant of the gene"]) },
                }
            }
            Some(Significance::Pathogenic) => Answer::yes(path),
            Some(Significance::Benign) => Answer::no(path),
            Some(Significance::Uncertain) | None => {
                Answer { used: vec![path], ..Answer::unknown(&["what the variant means"]) }
            }
        }
    }))
}
