//! Notes and MIRIAM annotations.

use crate::ontology::{Annotation, address};
use crate::xml::Element;

/// Notes of one paragraph.
pub fn notes(text: &str) -> Element {
    let paragraph = Element::new("p").with("xmlns", "http://www.w3.org/1999/xhtml").text(text);
    Element::new("notes").child(paragraph)
}

/// Annotation of the element `metaid` with terms: `(qualifier, address)`.
pub fn annotation(metaid: &str, terms: &[(&str, String)]) -> Element {
    let statements = terms.iter().map(|(qualifier, resource)| {
        let bag = Element::new("rdf:Bag").child(Element::new("rdf:li").with("rdf:resource", resource));
        Element::new(&format!("bqbiol:{qualifier}")).child(bag)
    });
    let about = Element::new("rdf:Description").with("rdf:about", format!("#{metaid}")).children(statements);
    let rdf = Element::new("rdf:RDF")
        .with("xmlns:rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#")
        .with("xmlns:bqbiol", "http://biomodels.net/biology-qualifiers/")
        .child(about);
    Element::new("annotation").child(rdf)
}

/// Qualifiers and addresses of ontology terms.
pub fn terms(rows: impl Iterator<Item = &'static Annotation>) -> Vec<(&'static str, String)> {
    rows.map(|row| (row.qualifier.as_str(), address(&row.term))).collect()
}
