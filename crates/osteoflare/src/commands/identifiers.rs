//! Identifiers of the records that were read, to notice those that come again.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::path::Path;

/// So many identifiers are remembered; of later ones only the last, so that memory has a bound.
const REMEMBERED: usize = 100_000;

/// Where identifiers were met first. Only their hashes are kept.
pub struct Identifiers {
    state: RandomState,
    most: usize,
    first: HashMap<u64, Place>,
    last: Option<(u64, Place)>,
}

/// Number of a file among those read, and of a record in it, from 1.
type Place = (usize, usize);

impl Default for Identifiers {
    fn default() -> Self {
        Self { state: RandomState::new(), most: REMEMBERED, first: HashMap::new(), last: None }
    }
}

impl Identifiers {
    /// Remembers every identifier, for what must not hold one twice.
    pub fn of_all() -> Self {
        Self { most: usize::MAX, ..Self::default() }
    }

    /// Notes the identifier of a record; gives the place of an earlier record that has the same.
    pub fn note(&mut self, id: &str, place: Place) -> Option<Place> {
        let hash = self.state.hash_one(id);
        let before = self.last.filter(|(last, _)| *last == hash).map(|(_, place)| place);
        let earlier = self.first.get(&hash).copied().or(before);
        if earlier.is_none() && self.first.len() < self.most {
            self.first.insert(hash, place);
        }
        self.last = Some((hash, earlier.unwrap_or(place)));
        earlier
    }
}

/// What hinders a record with the identifier of an earlier one from being written beside it.
pub fn refusal(files: &[impl AsRef<Path>], here: (usize, usize), (file, record): Place) -> String {
    let other = match file == here.0 {
        true => format!("record {record}"),
        false => format!("record {record} of {}", files[file].as_ref().display()),
    };
    let shown = files[here.0].as_ref().display();
    format!(
        "{shown}: record {}: id: same identifier as {other}; a table would hold them as one patient; give each its own",
        here.1
    )
}

/// What is asked about a record whose identifier is that of an earlier one.
pub fn question(files: &[impl AsRef<Path>], here: usize, (file, record): Place) -> String {
    let place = match file == here {
        true => format!("record {record}"),
        false => format!("record {record} of {}", files[file].as_ref().display()),
    };
    format!("same identifier as {place}; they are read as two patients")
}

#[cfg(test)]
mod tests {
    use super::Identifiers;

    #[test]
    fn identifiers_that_come_again_are_noticed() {
        let mut seen = Identifiers::default();
        assert_eq!(seen.note("A", (0, 1)), None);
        assert_eq!(seen.note("B", (0, 2)), None);
        assert_eq!(seen.note("A", (1, 1)), Some((0, 1)));
        assert_eq!(seen.note("A", (1, 2)), Some((0, 1)));
    }

    #[test]
    fn neighbours_are_noticed_for_ever() {
        let mut seen = Identifiers::default();
        for k in 0..super::REMEMBERED + 10 {
            assert_eq!(seen.note(&k.to_string(), (0, k)), None);
        }
        let last = super::REMEMBERED + 9;
        assert_eq!(seen.note(&last.to_string(), (0, last + 1)), Some((0, last)));
        assert_eq!(seen.note("0", (0, last + 2)), Some((0, 0)));
    }
}
