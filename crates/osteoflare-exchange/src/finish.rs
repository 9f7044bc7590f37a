//! The last look at a record that was read: what no format can know by itself.

use osteoflare_clinic::record::{FORMAT, Record};

use crate::problem::{Fault, JsonPath, Place, Problems};

/// The record, if it holds together. `locate` gives the place of a node of its JSON form.
///
/// # Errors
/// Everything that is wrong.
pub(crate) fn finish(record: Record, locate: impl Fn(&JsonPath) -> Place) -> Result<Record, Problems> {
    let mut problems = Problems::new();
    let root = JsonPath::default();
    if record.format != FORMAT {
        problems.add(
            locate(&root.key("osteoflare_record")),
            Fault::Kind {
                found: format!("version {}", record.format),
                expected: format!("version {FORMAT}, the only one that this program reads"),
            },
        );
    }
    if record.id.trim().is_empty() {
        problems.add(locate(&root.key("id")), Fault::Missing { field: "id".to_owned() });
    }
    problems.unless(record)
}
