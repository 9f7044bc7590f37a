//! Accuracy of diagnostic instruments in virtual cohorts: CNO against bacterial osteomyelitis at the presentation.
//!
//! Who has what is the hidden truth: a child with an established infection of bone has bacterial osteomyelitis; a child
//! without one whose foci sustain themselves (largest regeneration number of at least 1 on day 0) has CNO. Twins of a
//! group that was counted are left out. Where what the virtual clinic saw leaves an instrument open (no radiograph of a
//! lesion, no biopsy), the child is counted as open, and sensitivity and specificity are given as bounds.

use std::collections::BTreeMap;

use arrow_array::{Array, BooleanArray, Float64Array, RecordBatch, StringArray, UInt32Array};
use serde::Serialize;

use crate::results::{Results, ResultsError};
use crate::tables::layout;

/// Diagnostic instruments: column of the table `scores` and identifier of the definition.
const INSTRUMENTS: [(&str, &str); 4] = [
    ("nbods_positive", "nbods_2023"),
    ("jansson_2009_positive", "jansson_2009"),
    ("jansson_2007_positive", "jansson_2007"),
    ("bristol_positive", "bristol_2016"),
];

/// What an instrument said of the children of one truth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Positive.
    pub positive: u32,
    /// Negative.
    pub negative: u32,
    /// Left open.
    pub open: u32,
}

impl Tally {
    fn add(&mut self, said: Option<bool>) {
        match said {
            Some(true) => self.positive += 1,
            Some(false) => self.negative += 1,
            None => self.open += 1,
        }
    }

    /// Number of children.
    pub fn children(&self) -> u32 {
        self.positive + self.negative + self.open
    }

    /// Share that is positive, `[if every open one were negative, if every open one were positive]`.
    pub fn positive_share(&self) -> Option<[f64; 2]> {
        let n = f64::from(self.children());
        (n > 0.0).then(|| [f64::from(self.positive) / n, f64::from(self.positive + self.open) / n])
    }

    /// Share that is negative, with the same bounds.
    pub fn negative_share(&self) -> Option<[f64; 2]> {
        let n = f64::from(self.children());
        (n > 0.0).then(|| [f64::from(self.negative) / n, f64::from(self.negative + self.open) / n])
    }
}

/// Accuracy of one instrument.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Accuracy {
    /// Identifier of its definition.
    pub instrument: &'static str,
    /// Children with CNO.
    pub cno: Tally,
    /// Children with bacterial osteomyelitis.
    pub bacterial: Tally,
    /// Bounds of the sensitivity; `None` without children with CNO.
    pub sensitivity: Option<[f64; 2]>,
    /// Bounds of the specificity; `None` without children with bacterial osteomyelitis.
    pub specificity: Option<[f64; 2]>,
}

#[derive(Clone, Copy, PartialEq)]
enum Truth {
    Cno,
    Bacterial,
}

impl Results {
    /// Accuracy of the diagnostic instruments at the presentation.
    ///
    /// # Errors
    /// If a table cannot be read, or the results are of a version without the table `scores`.
    pub fn accuracy(&self) -> Result<Vec<Accuracy>, ResultsError> {
        let mut tallies = [[Tally::default(); 2]; INSTRUMENTS.len()];
        let study = self.study()?;
        let mut counted: Vec<&str> = Vec::new();
        for group in &study.groups {
            if counted.contains(&group.twin_key.as_str()) {
                continue;
            }
            counted.push(&group.twin_key);
            let truths = self.truths(&group.name)?;
            let mut seen: Vec<u32> = Vec::new();
            for batch in self.batches(layout().scores.name, &group.name)? {
                let batch = batch?;
                let patients: &UInt32Array = self.column(&batch, "patient")?;
                let kinds: &StringArray = self.column(&batch, "kind")?;
                let said: Vec<&BooleanArray> = INSTRUMENTS
                    .iter()
                    .map(|(column, _)| self.column(&batch, column))
                    .collect::<Result<_, _>>()?;
                for row in 0..batch.num_rows() {
                    let patient = patients.value(row);
                    if kinds.value(row) != "presentation" || seen.contains(&patient) {
                        continue;
                    }
                    let Some(&truth) = truths.get(&patient) else { continue };
                    seen.push(patient);
                    for (tally, column) in tallies.iter_mut().zip(&said) {
                        let said = column.is_valid(row).then(|| column.value(row));
                        tally[usize::from(truth == Truth::Bacterial)].add(said);
                    }
                }
            }
        }
        Ok(INSTRUMENTS
            .iter()
            .zip(tallies)
            .map(|((_, instrument), [cno, bacterial])| Accuracy {
                instrument,
                cno,
                bacterial,
                sensitivity: cno.positive_share(),
                specificity: bacterial.negative_share(),
            })
            .collect())
    }

    /// What the children of a group have; those that are neither are absent.
    fn truths(&self, group: &str) -> Result<BTreeMap<u32, Truth>, ResultsError> {
        let mut truths = BTreeMap::new();
        for batch in self.batches(layout().patients.name, group)? {
            let batch = batch?;
            let patients: &UInt32Array = self.column(&batch, "patient")?;
            let infected: &UInt32Array = self.column(&batch, "truth_infected_sites")?;
            let sustained: &Float64Array = self.column(&batch, "truth_rs_max_at_start")?;
            for row in 0..batch.num_rows() {
                if infected.value(row) > 0 {
                    truths.insert(patients.value(row), Truth::Bacterial);
                } else if sustained.value(row) >= 1.0 {
                    truths.insert(patients.value(row), Truth::Cno);
                }
            }
        }
        Ok(truths)
    }

    fn column<'b, T: Array + 'static>(
        &self,
        batch: &'b RecordBatch,
        name: &str,
    ) -> Result<&'b T, ResultsError> {
        batch.column_by_name(name).and_then(|column| column.as_any().downcast_ref()).ok_or_else(|| {
            ResultsError::Damaged {
                path: self.path().to_owned(),
                problem: format!("no column '{name}' as expected"),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Tally;

    #[test]
    fn open_children_are_bounds() {
        let mut tally = Tally::default();
        for said in [Some(true), Some(true), Some(false), None] {
            tally.add(said);
        }
        assert_eq!(tally.positive_share(), Some([0.5, 0.75]));
        assert_eq!(tally.negative_share(), Some([0.25, 0.5]));
        assert_eq!(Tally::default().positive_share(), None);
    }
}
