//! Lesions of all imaging studies, and what is known of their number and places.

use osteoflare_skeleton::{SiteId, Skeleton};

use super::{Answer, Number, Path, State, View};
use crate::{
    lesions::surely_different,
    place::{self, Resolved, SiteSet},
    record::{Coverage, Focality, ImagingStudy, Lesion, Modality, Range},
    vocabulary::{self, Kind},
};

/// A lesion with its place understood.
#[derive(Clone, Debug)]
pub struct SeenLesion {
    /// Number of the study in the record.
    pub study: usize,
    /// Number of the lesion in the study.
    pub index: usize,
    /// Where; `None` if nobody knows the words.
    pub place: Option<Resolved>,
    /// When, days since day 0.
    pub day: Option<f64>,
}

impl SeenLesion {
    /// Its field.
    pub fn path(&self) -> Path {
        Path::new("imaging", self.study).inside("lesions", self.index)
    }
}

pub(super) fn read(view: &View<'_>) -> Vec<SeenLesion> {
    let mut lesions = Vec::new();
    for (study, entry) in view.record.imaging.iter().enumerate() {
        if !view.visible(entry.when) {
            continue;
        }
        for (index, lesion) in entry.lesions.iter().enumerate() {
            lesions.push(SeenLesion {
                study,
                index,
                place: place::resolve(&lesion.place).ok(),
                day: view.day(entry.when),
            });
        }
    }
    lesions
}

impl View<'_> {
    /// Imaging studies up to the moment.
    pub fn studies(&self) -> impl Iterator<Item = (usize, &ImagingStudy)> + '_ {
        self.record.imaging.iter().enumerate().filter(|(_, study)| self.visible(study.when))
    }

    /// The lesion as it stands in the record.
    pub fn lesion(&self, seen: &SeenLesion) -> &Lesion {
        &self.record.imaging[seen.study].lesions[seen.index]
    }

    /// Separate places of all lesions; both sides are two.
    pub fn lesion_places(&self) -> Vec<SiteSet> {
        self.lesions
            .iter()
            .filter_map(|l| l.place.as_ref())
            .flat_map(|place| place.places().collect::<Vec<_>>())
            .collect()
    }

    /// The study that shows that no lesion is missing from the record: one of the whole body with all lesions listed, or
    /// one that found a single lesion, which is in the record.
    fn closing(&self) -> Option<Path> {
        self.studies()
            .find(|(_, study)| {
                study.coverage == Some(Coverage::WholeBody)
                    && study.all_lesions_listed == Some(true)
                    && matches!(study.modality, Modality::Mri | Modality::BoneScan | Modality::Pet)
            })
            .or_else(|| {
                self.studies()
                    .find(|(_, s)| s.focality == Some(Focality::Unifocal))
                    .filter(|_| !self.lesions.is_empty())
            })
            .map(|(i, _)| Path::new("imaging", i))
    }

    /// Number of lesions on imaging, ever.
    pub fn lesion_count(&self) -> Number {
        let places = self.lesion_places();
        let mut used: Vec<Path> = self.lesions.iter().map(SeenLesion::path).collect();
        let named =
            self.lesions.iter().filter_map(|l| l.place.as_ref()).map(|p| p.at_least).max().unwrap_or(0);
        let mut low =
            surely_different(&places).max(named as usize).max(usize::from(!self.lesions.is_empty()));
        let mut high = f64::INFINITY;
        for (i, study) in self.studies() {
            if study.focality == Some(Focality::Multifocal) && low < 2 {
                low = 2;
                used.push(Path::new("imaging", i));
            }
        }
        if let Some(path) = self.closing() {
            let unifocal = self.studies().any(|(_, s)| s.focality == Some(Focality::Unifocal));
            let several = self.studies().any(|(_, s)| s.focality == Some(Focality::Multifocal));
            high = if unifocal && !several && low <= 1 { 1.0 } else { places.len().max(low) as f64 };
            used.push(path);
        } else if let Some((i, _)) = self.studies().find(|(_, s)| s.focality == Some(Focality::Unifocal))
            && low <= 1
        {
            (low, high) = (1, 1.0);
            used.push(Path::new("imaging", i));
        }
        let low = low as f64;
        if low == 0.0 && high.is_infinite() {
            return Number::unknown(&["number of lesions on whole-body imaging"]);
        }
        Number { range: Range { low, high }, used, missing: vec![] }
    }

    /// Whether a lesion lies in a set of sites: surely, surely not, or open.
    pub fn lesion_in(&self, sites: &SiteSet, missing: &'static str) -> Answer {
        for lesion in &self.lesions {
            if lesion.place.as_ref().is_some_and(|place| place.sites.within(sites)) {
                return Answer::yes(lesion.path());
            }
        }
        match self.closing() {
            // A lesion whose place nobody understands may lie anywhere.
            Some(path)
                if self.lesions.iter().all(|l| l.place.as_ref().is_some_and(|p| !p.sites.meets(sites))) =>
            {
                Answer::no(path)
            }
            _ => Answer::unknown(&[missing]),
        }
    }

    /// Whether the lesions are symmetric: said so, or the same bone on both sides.
    pub fn symmetric(&self) -> Answer {
        let said = |value| self.studies().find(move |(_, study)| study.symmetric == Some(value));
        if let Some((i, _)) = said(true) {
            return Answer::yes(Path::new("imaging", i));
        }
        let skeleton = Skeleton::get();
        let paired = |site: SiteId| skeleton.site(site).mirror.is_some();
        let mut possible = self.lesions.iter().any(|l| l.place.is_none());
        for (k, lesion) in self.lesions.iter().enumerate() {
            let Some(place) = &lesion.place else { continue };
            if place.side == Some(crate::record::BodySide::Both) {
                return Answer::yes(lesion.path());
            }
            for other in &self.lesions[..k] {
                let Some(second) = &other.place else { continue };
                let mirrored = second.sites.mirrored().as_lesions();
                let here = place.sites.as_lesions();
                if here.meets(&mirrored) {
                    possible = true;
                    // One bone, or one part of it, on either side: as precise as the record is, the same place.
                    if here == mirrored
                        && place.side.is_some()
                        && second.side.is_some()
                        && place.side != second.side
                    {
                        let mut answer = Answer::yes(lesion.path());
                        answer.used.push(other.path());
                        return answer;
                    }
                }
            }
            possible |= place.at_least > 1 && place.sites.iter().any(paired);
        }
        if let Some((i, _)) = said(false) {
            return Answer::no(Path::new("imaging", i));
        }
        match self.now("symmetric") {
            answer if answer.state != State::Unknown => return answer,
            _ => {}
        }
        match self.closing() {
            Some(path) if !possible => Answer::no(path),
            _ => Answer::unknown(&["whether lesions are symmetric (whole-body imaging with all lesions)"]),
        }
    }

    /// Whether a descriptor was seen on any study: present, looked for and absent, or open.
    pub fn described(&self, matches: impl Fn(&str, &str) -> bool, modalities: &[Modality]) -> Answer {
        let known = |text: &str| vocabulary::word(Kind::Descriptor, text);
        let (mut seen, mut absent) = (Vec::new(), Vec::new());
        for (i, study) in self.studies() {
            if !(modalities.is_empty() || modalities.contains(&study.modality)) {
                continue;
            }
            let path = Path::new("imaging", i);
            let lists = std::iter::once((path, &study.descriptors, &study.absent)).chain(
                study
                    .lesions
                    .iter()
                    .enumerate()
                    .map(|(k, l)| (path.inside("lesions", k), &l.descriptors, &l.absent)),
            );
            for (path, present, missing) in lists {
                if present.iter().any(|t| known(t.as_str()).is_some_and(|w| matches(&w.term, &w.class))) {
                    seen.push(path);
                } else if missing
                    .iter()
                    .any(|t| known(t.as_str()).is_some_and(|w| matches(&w.term, &w.class)))
                {
                    absent.push(path);
                }
            }
        }
        if !seen.is_empty() {
            Answer { state: State::Met, used: seen, missing: vec![] }
        } else if absent.is_empty() {
            Answer::unknown(&[])
        } else {
            Answer { state: State::NotMet, used: absent, missing: vec![] }
        }
    }
}
