//! HL7 FHIR R4 (4.0.1): one bundle a record.
//!
//! A bundle that is read is checked in this order: every resource against the published schema; that there is one
//! patient and that everything belongs to that patient; then the codes. A bundle with anything of another patient is
//! refused whole.

mod belongs;
mod concept;
mod decode;
mod encode;
mod lists;
mod product;
mod read;
mod schema;
mod types;

pub(crate) use encode::bundle;
pub(crate) use read::record;
pub(crate) use schema::field_names;

use crate::problem::JsonPath;

/// Extension that holds a field of the record for which FHIR has no element.
const FIELD: &str = "https://github.com/osteoflare/osteoflare/fhir/StructureDefinition/record-field";

/// Tag of bundles that this program wrote.
const PROFILE: &str = "record-1";

/// The questionnaire of global judgements and CHAQ: keys of items, no wording.
const QUESTIONNAIRE: &str = "https://github.com/osteoflare/osteoflare/fhir/Questionnaire/assessment";

/// Whether the content of a field may tell who somebody is: names, addresses, numbers, dates and free text. Codes and
/// measured numbers do not.
pub(crate) fn personal(path: &JsonPath) -> bool {
    let keys: Vec<&str> = path.keys().collect();
    match keys.as_slice() {
        [.., parent, "value"] => {
            !(parent.ends_with("Quantity") || matches!(*parent, "low" | "high" | "dose"))
        }
        [.., "gender" | "code" | "system" | "unit" | "status" | "resourceType" | "comparator"] => false,
        _ => true,
    }
}
