//! The lesion book: lesions followed over imaging studies as entities.
//!
//! A lesion is a place. At each study that could show it, it is new, persisting, resolved, or recurred at the same site;
//! between, nothing is known of it. A place that the study did not show, or whose report does not list all lesions, is not
//! resolved because nobody wrote it down.

use osteoflare_skeleton::Skeleton;
use serde::Serialize;

use crate::{
    place::{SiteSet, label},
    record::{Coverage, ImagingStudy, Modality, Place, Record},
    view::{Path, View},
};

/// What a study says of a lesion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// Seen for the first time.
    New,
    /// Seen again, active or of unknown activity.
    Persisting,
    /// Gone: shown and not listed, or listed as no longer active.
    Resolved,
    /// Back at the same site after it was gone.
    Recurred,
}

/// One sight of a lesion.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Sight {
    /// Days since day 0; `None` if the study has no time.
    pub day: Option<f64>,
    /// What it was.
    pub event: Event,
    /// How the pictures were made.
    pub modality: Modality,
    /// Extent grade, if given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extent_grade: Option<u8>,
    /// Field of the record.
    pub path: Path,
}

/// One lesion over time.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BookedLesion {
    /// Number, from 1, in the order of appearance.
    pub number: u32,
    /// Where, in words.
    pub place: String,
    /// Sites it may sit at, ascending.
    pub sites: Vec<String>,
    /// Sights in order of time; studies without time come first.
    pub sights: Vec<Sight>,
    #[serde(skip)]
    set: SiteSet,
}

impl BookedLesion {
    /// The last thing known of it.
    pub fn last(&self) -> Option<Event> {
        self.sights.last().map(|sight| sight.event)
    }

    /// Whether it ever came back.
    pub fn recurred(&self) -> bool {
        self.sights.iter().any(|sight| sight.event == Event::Recurred)
    }

    /// Sites it may sit at.
    pub fn site_set(&self) -> &SiteSet {
        &self.set
    }
}

/// Every lesion of a record.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct LesionBook {
    /// Lesions in the order of appearance.
    pub lesions: Vec<BookedLesion>,
}

impl LesionBook {
    /// Follows the lesions of a record up to a day (`f64::INFINITY`: all of it).
    pub fn new(record: &Record, until: f64) -> Self {
        let view = View::new(record, until);
        let mut studies: Vec<(usize, f64, &ImagingStudy)> = view
            .studies()
            .map(|(i, study)| (i, view.day(study.when).unwrap_or(f64::NEG_INFINITY), study))
            .collect();
        studies.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
        let mut book = LesionBook::default();
        for (i, day, study) in studies {
            book.read(i, day.is_finite().then_some(day), study);
        }
        book
    }

    fn read(&mut self, i: usize, day: Option<f64>, study: &ImagingStudy) {
        let shows_activity = matches!(study.modality, Modality::Mri | Modality::BoneScan | Modality::Pet);
        let mut seen = vec![None; self.lesions.len()];
        for (k, lesion) in study.lesions.iter().enumerate() {
            let Ok(place) = crate::place::resolve(&lesion.place) else { continue };
            let paired = place.side == Some(crate::record::BodySide::Both);
            for set in place.places() {
                let set = set.as_lesions();
                // What the study lists apart from each other is not one lesion, however vague an older study was.
                let apart = |earlier: &Option<SiteSet>| earlier.as_ref().is_some_and(|one| !same(one, &set));
                let known = self
                    .lesions
                    .iter()
                    .zip(&seen)
                    .position(|(booked, earlier)| same(&booked.set, &set) && !apart(earlier));
                let active = lesion.active != Some(false);
                let number = match known {
                    Some(number) => number,
                    None if !active => continue,
                    None => {
                        self.open(&lesion.place, set, paired);
                        seen.push(None);
                        self.lesions.len() - 1
                    }
                };
                seen[number] = Some(set);
                let booked = &mut self.lesions[number];
                // A film shows what healing left behind, too: only activity brings a lesion back.
                if booked.last() == Some(Event::Resolved) && lesion.active.is_none() && !shows_activity {
                    continue;
                }
                let event = match (booked.last(), active) {
                    (None, _) => Event::New,
                    (Some(_), false) => Event::Resolved,
                    (Some(Event::Resolved), true) => Event::Recurred,
                    (Some(_), true) => Event::Persisting,
                };
                // Several pictures of one day are one sight: a second one adds nothing that the first did not say.
                if booked.sights.last().is_some_and(|last| last.day == day && day.is_some()) {
                    continue;
                }
                let path = Path::new("imaging", i).inside("lesions", k);
                booked.sights.push(Sight {
                    day,
                    event,
                    modality: study.modality,
                    extent_grade: lesion.extent_grade,
                    path,
                });
            }
        }
        // Only a study that would have shown it, on a method that sees activity, can say that a lesion is gone.
        if study.all_lesions_listed != Some(true) || !shows_activity {
            return;
        }
        let shown: Vec<SiteSet> = study
            .shown
            .iter()
            .filter_map(|place| crate::place::resolve(place).ok())
            .map(|r| r.sites.as_lesions())
            .collect();
        for (booked, _) in self.lesions.iter_mut().zip(&seen).filter(|(_, seen)| seen.is_none()) {
            let covered =
                study.coverage == Some(Coverage::WholeBody) || shown.iter().any(|set| booked.set.within(set));
            let same_day = booked.sights.last().is_some_and(|last| last.day == day && day.is_some());
            if covered && !same_day && booked.last() != Some(Event::Resolved) {
                booked.sights.push(Sight {
                    day,
                    event: Event::Resolved,
                    modality: study.modality,
                    extent_grade: None,
                    path: Path::new("imaging", i),
                });
            }
        }
    }

    fn open(&mut self, place: &Place, set: SiteSet, paired: bool) {
        let skeleton = Skeleton::get();
        let mut sites = set.iter();
        let text = match (sites.next(), sites.next()) {
            (Some(site), None) => skeleton.site(site).label(),
            (Some(site), _) if paired => {
                let side = crate::record::BodySide::from(skeleton.site(site).side);
                label(&Place { side: Some(side), ..place.clone() })
            }
            _ => label(place),
        };
        let number = u32::try_from(self.lesions.len() + 1).unwrap_or(u32::MAX);
        let sites = set.iter().map(|id| skeleton.site(id).id.clone()).collect();
        self.lesions.push(BookedLesion { number, place: text, sites, sights: vec![], set });
    }

    /// Lesions whose last sight was not that they are gone.
    pub fn standing(&self) -> impl Iterator<Item = &BookedLesion> {
        self.lesions.iter().filter(|lesion| lesion.last() != Some(Event::Resolved))
    }
}

/// One place and another, vaguer or more precise one, are taken for one lesion if either lies within the other.
fn same(a: &SiteSet, b: &SiteSet) -> bool {
    a.within(b) || b.within(a)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{BodySide, Lesion, When};

    fn mri(day: f64, places: &[Place]) -> ImagingStudy {
        ImagingStudy {
            coverage: Some(Coverage::WholeBody),
            all_lesions_listed: Some(true),
            lesions: places.iter().cloned().map(Lesion::at).collect(),
            when: Some(When::Day(day)),
            ..ImagingStudy::new(Modality::Mri)
        }
    }

    fn events(lesion: &BookedLesion) -> Vec<Event> {
        lesion.sights.iter().map(|sight| sight.event).collect()
    }

    #[test]
    fn lesions_come_stay_go_and_return() {
        let tibia = Place::of("shin").on(BodySide::Left).part(osteoflare_skeleton::Part::DistalMetaphysis);
        let epiphysis =
            Place::of("tibia").on(BodySide::Left).part(osteoflare_skeleton::Part::DistalEpiphysis);
        let vertebra = Place::of("t4");
        let mut record = Record::new("x");
        record.imaging = vec![
            mri(0.0, std::slice::from_ref(&tibia)),
            mri(90.0, &[epiphysis, vertebra.clone()]),
            mri(180.0, std::slice::from_ref(&vertebra)),
            mri(360.0, &[tibia, vertebra]),
        ];
        // A partial study says nothing of what it did not show.
        let mut partial = mri(200.0, &[]);
        partial.coverage = Some(Coverage::Regional);
        partial.shown = vec![Place::of("pelvis")];
        record.imaging.push(partial);
        let book = LesionBook::new(&record, f64::INFINITY);
        use Event::{New, Persisting, Recurred, Resolved};
        assert_eq!(book.lesions.len(), 2);
        assert_eq!(events(&book.lesions[0]), [New, Persisting, Resolved, Recurred]);
        assert_eq!(events(&book.lesions[1]), [New, Persisting, Persisting]);
        assert_eq!(book.standing().count(), 2);
        assert_eq!(LesionBook::new(&record, 200.0).standing().count(), 1);
    }

    #[test]
    fn not_written_down_is_not_resolved() {
        let mut record = Record::new("x");
        record.imaging = vec![mri(0.0, &[Place::of("t4")]), mri(90.0, &[])];
        record.imaging[1].all_lesions_listed = None;
        let book = LesionBook::new(&record, f64::INFINITY);
        assert_eq!(events(&book.lesions[0]), [Event::New]);
    }

    #[test]
    fn both_sides_are_two_lesions() {
        let mut record = Record::new("x");
        record.imaging = vec![mri(0.0, &[Place::of("knee").on(BodySide::Both)])];
        let book = LesionBook::new(&record, f64::INFINITY);
        let places: Vec<&str> = book.lesions.iter().map(|lesion| lesion.place.as_str()).collect();
        assert_eq!(places, ["knee, left", "knee, right"]);
    }
}
