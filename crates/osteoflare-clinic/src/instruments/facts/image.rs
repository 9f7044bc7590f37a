//! Lesions: number, places, appearance, activity.

use std::sync::LazyLock;

use osteoflare_skeleton::{Part, SiteGroup, Skeleton};

use crate::{
    lesions::{bone_of, surely_different_bones},
    place::SiteSet,
    record::{Coverage, Focality, ImagingStudy, Modality, Range, Term},
    view::{Answer, Path, State, View, all, any, not},
    vocabulary::{self, Kind},
};

/// MRI as old as this still tells what is now, days (12 weeks).
const MRI_WINDOW_DAYS: f64 = 84.0;

struct Regions {
    femur: SiteSet,
    clavicle: SiteSet,
    spine: SiteSet,
    axial: SiteSet,
    long_bone_ends: SiteSet,
}

static REGIONS: LazyLock<Regions> = LazyLock::new(|| {
    let skeleton = Skeleton::get();
    let group = |wanted: SiteGroup| SiteSet::of(|id| skeleton.site(id).group() == wanted);
    Regions {
        femur: group(SiteGroup::Femur),
        clavicle: group(SiteGroup::Clavicle),
        spine: group(SiteGroup::Spine),
        axial: SiteSet::of(|id| skeleton.site(id).jansson_axial),
        long_bone_ends: SiteSet::of(|id| {
            matches!(
                skeleton.site(id).part,
                Part::ProximalEpiphysis
                    | Part::ProximalMetaphysis
                    | Part::DistalEpiphysis
                    | Part::DistalMetaphysis
            )
        }),
    }
});

pub(crate) fn multifocal(view: &View<'_>) -> Answer {
    let counted =
        view.lesion_count().decide(|range| range.at_least(2.0), "number of lesions on whole-body imaging");
    if counted.state != State::Unknown {
        return counted;
    }
    match view.ever("multifocal") {
        told if told.state == State::Met => told,
        _ => counted,
    }
}

pub(super) fn several_bones(view: &View<'_>) -> Answer {
    let places = view.lesion_places();
    if surely_different_bones(&places) >= 2 {
        return Answer {
            state: State::Met,
            used: view.lesions().iter().map(|l| l.path()).collect(),
            missing: vec![],
        };
    }
    let count = view.lesion_count();
    match count.range.at_least(2.0) {
        // Several lesions that the study calls multifocal, without places: several bones is what it says.
        Some(true) if places.len() < 2 => {
            match view.studies().find(|(_, s)| s.focality == Some(Focality::Multifocal)) {
                Some((i, _)) => Answer::yes(Path::new("imaging", i)),
                None => Answer { used: count.used, ..Answer::unknown(&[]) },
            }
        }
        Some(false) => Answer { state: State::NotMet, used: count.used, missing: vec![] },
        _ if count.range.high.is_finite() => {
            // Every lesion is listed, and all may lie in one bone: whether they do is known if the places are.
            let mut bones: Vec<&str> = places.iter().flat_map(|place| place.iter().map(bone_of)).collect();
            bones.sort_unstable();
            bones.dedup();
            let state = if bones.len() == 1 { State::NotMet } else { State::Unknown };
            Answer { state, used: count.used, missing: vec![] }
        }
        _ => match view.ever("multifocal") {
            told if told.state == State::Met => told,
            _ => Answer { used: count.used, ..Answer::unknown(&[]) },
        },
    }
}

pub(super) fn lesion_femur(view: &View<'_>) -> Answer {
    view.lesion_in(&REGIONS.femur, "places of all lesions")
}

pub(crate) fn lesion_clavicle(view: &View<'_>) -> Answer {
    view.lesion_in(&REGIONS.clavicle, "places of all lesions")
}

/// A lesion of a clavicle and of no other bone.
pub(super) fn clavicle_alone(view: &View<'_>) -> Answer {
    all([lesion_clavicle(view), not(several_bones(view)).asking("number of bones with a lesion")])
}

pub(super) fn lesion_axial(view: &View<'_>) -> Answer {
    view.lesion_in(&REGIONS.axial, "places of all lesions")
}

pub(super) fn marginal_sclerosis(view: &View<'_>) -> Answer {
    view.described(|term, _| term == "marginal_sclerosis", &[])
}

pub(super) fn lytic_or_sclerotic(view: &View<'_>) -> Answer {
    view.described(
        |term, _| {
            matches!(
                term,
                "lytic"
                    | "sclerosis"
                    | "mixed_lytic_sclerotic"
                    | "marginal_sclerosis"
                    | "moth_eaten"
                    | "permeative"
                    | "geographic_lesion"
            )
        },
        &[],
    )
}

pub(super) fn hyperostosis(view: &View<'_>) -> Answer {
    view.described(|term, _| term == "hyperostosis", &[])
}

pub(super) fn typical_radiology(view: &View<'_>) -> Answer {
    let bone = view.described(
        |term, class| {
            class == "bone_change"
                && matches!(
                    term,
                    "lytic"
                        | "sclerosis"
                        | "mixed_lytic_sclerotic"
                        | "marginal_sclerosis"
                        | "hyperostosis"
                        | "periosteal_reaction"
                )
        },
        &[],
    );
    let oedema = view.described(|term, _| term == "marrow_oedema", &[]);
    any([bone, oedema])
}

pub(super) fn abnormal_imaging(view: &View<'_>) -> Answer {
    // The text names these two; a lesion of which the source does not say on what it was seen may be on neither.
    let pictures = [Modality::Radiograph, Modality::Mri];
    if let Some(lesion) =
        view.lesions().iter().find(|l| pictures.contains(&view.record.imaging[l.study].modality))
    {
        return Answer::yes(lesion.path());
    }
    let described = view.described(
        |term, class| {
            matches!(class, "bone_change" | "active" | "aggressive" | "tumour")
                && term != "soft_tissue_oedema"
        },
        &pictures,
    );
    if described.state == State::Met {
        return described;
    }
    // Abnormal it may be by joints or soft tissue alone.
    let beside =
        |term: &Term| matches!(term.as_str(), "arthritis" | "soft_tissue_oedema" | "fluid_collection");
    let of_bone =
        |study: &ImagingStudy| study.descriptors.is_empty() || !study.descriptors.iter().all(beside);
    let shows = view.studies().find(|(_, s)| {
        pictures.contains(&s.modality) && (s.focality.is_some() || s.abnormal == Some(true) && of_bone(s))
    });
    if let Some((i, _)) = shows {
        return Answer::yes(Path::new("imaging", i));
    }
    // A normal radiograph does not exclude an abnormal MRI; a normal MRI of the whole body excludes both.
    match view.studies().find(|(_, s)| {
        s.abnormal == Some(false) && s.modality == Modality::Mri && s.coverage == Some(Coverage::WholeBody)
    }) {
        Some((i, _)) => Answer::no(Path::new("imaging", i)),
        None => Answer::unknown(&[]),
    }
}

/// Whether a descriptor of a picture is known: what is not may be of the lungs.
fn is_known(descriptor: &str) -> bool {
    vocabulary::word(Kind::Descriptor, descriptor).is_some()
}

pub(super) fn radiograph_and_scan(view: &View<'_>) -> Answer {
    let shown = |modality: Modality| {
        any(view.studies().filter(|(_, s)| s.modality == modality).map(|(i, s)| {
            let path = Path::new("imaging", i);
            let abnormal = !s.lesions.is_empty()
                || s.abnormal == Some(true)
                || s.focality.is_some()
                || s.descriptors.iter().any(|term| is_known(term.as_str()));
            match (abnormal, s.abnormal) {
                (true, _) => Answer::yes(path),
                // What shows a part of the body denies nothing elsewhere.
                (false, Some(false)) if s.shown.is_empty() => Answer::no(path),
                _ => Answer { used: vec![path], ..Answer::unknown(&[]) },
            }
        }))
    };
    all([shown(Modality::Radiograph).asking("radiograph"), shown(Modality::BoneScan).asking("bone scan")])
}

pub(crate) fn whole_body_imaging(view: &View<'_>) -> Answer {
    let whole = view.studies().find(|(_, s)| {
        s.coverage == Some(Coverage::WholeBody)
            && matches!(s.modality, Modality::Mri | Modality::BoneScan | Modality::Pet)
    });
    // A bone scan shows the whole skeleton unless the record says otherwise.
    let scan = || view.studies().find(|(_, s)| s.modality == Modality::BoneScan && s.coverage.is_none());
    match whole.or_else(scan) {
        Some((i, _)) => Answer::yes(Path::new("imaging", i)),
        None => Answer::unknown(&[]),
    }
}

/// MRI of the window that ends at the moment; an MRI without a time belongs to it.
fn recent_mri<'v>(view: &'v View<'_>) -> impl Iterator<Item = (usize, &'v ImagingStudy)> + 'v {
    let moment = view.moment();
    view.studies().filter(move |(_, s)| {
        s.modality == Modality::Mri && view.day(s.when).is_none_or(|day| day >= moment - MRI_WINDOW_DAYS)
    })
}

fn oedema_in(study: &ImagingStudy, path: Path) -> Answer {
    let is_oedema = |text: &str| {
        crate::vocabulary::word(crate::vocabulary::Kind::Descriptor, text)
            .is_some_and(|word| word.term == "marrow_oedema")
    };
    if study.descriptors.iter().any(|t| is_oedema(t.as_str())) {
        return Answer::yes(path);
    }
    for (k, lesion) in study.lesions.iter().enumerate() {
        let oedema = lesion.descriptors.iter().any(|t| is_oedema(t.as_str()));
        if oedema || lesion.active == Some(true) {
            return Answer::yes(path.inside("lesions", k));
        }
    }
    let quiet = study.lesions.iter().all(|lesion| lesion.active == Some(false));
    let denied = study.absent.iter().any(|t| is_oedema(t.as_str()));
    if denied || study.abnormal == Some(false) || study.all_lesions_listed == Some(true) && quiet {
        return Answer::no(path);
    }
    Answer { used: vec![path], ..Answer::unknown(&[]) }
}

pub(super) fn oedema_within_12_weeks(view: &View<'_>) -> Answer {
    any(recent_mri(view).map(|(i, study)| oedema_in(study, Path::new("imaging", i))))
}

/// The newest MRI or scan of the whole body with all lesions listed, within a window before the moment.
pub(crate) fn newest_whole_body<'v>(
    view: &'v View<'_>,
    window_days: f64,
) -> Option<(usize, &'v ImagingStudy)> {
    let moment = view.moment();
    view.studies()
        .filter(|(_, s)| s.coverage == Some(Coverage::WholeBody) && s.all_lesions_listed == Some(true))
        .filter(|(_, s)| matches!(s.modality, Modality::Mri | Modality::BoneScan | Modality::Pet))
        .filter(|(_, s)| view.day(s.when).is_none_or(|day| day >= moment - window_days))
        .max_by(|a, b| {
            let day = |s: &ImagingStudy| view.day(s.when).unwrap_or(f64::NEG_INFINITY);
            day(a.1).total_cmp(&day(b.1))
        })
}

/// Marrow oedema on the newest MRI of the window.
pub(crate) fn oedema_now(view: &View<'_>) -> Answer {
    let newest = recent_mri(view).max_by(|a, b| {
        let day = |s: &ImagingStudy| view.day(s.when).unwrap_or(f64::NEG_INFINITY);
        day(a.1).total_cmp(&day(b.1))
    });
    match newest {
        Some((i, study)) => oedema_in(study, Path::new("imaging", i)),
        None => Answer::unknown(&[]),
    }
}

pub(super) fn no_oedema_now(view: &View<'_>) -> Answer {
    let answer = oedema_now(view);
    if answer.state == State::Met {
        return not(answer);
    }
    match newest_whole_body(view, MRI_WINDOW_DAYS) {
        Some((i, study)) if study.modality == Modality::Mri => not(oedema_in(study, Path::new("imaging", i))),
        _ => Answer::unknown(&[]),
    }
}

pub(super) fn active_spine(view: &View<'_>) -> Answer {
    let sets = &REGIONS.spine;
    for (i, study) in recent_mri(view) {
        for (k, lesion) in study.lesions.iter().enumerate() {
            let spinal = crate::place::resolve(&lesion.place).is_ok_and(|place| place.sites.within(sets));
            let described = lesion.descriptors.iter().any(|t| t.as_str() == "marrow_oedema");
            if spinal && (lesion.active == Some(true) || described) {
                return Answer::yes(Path::new("imaging", i).inside("lesions", k));
            }
        }
    }
    match newest_whole_body(view, MRI_WINDOW_DAYS) {
        Some((i, study)) if study.modality == Modality::Mri => {
            let possible = study.lesions.iter().any(|lesion| {
                crate::place::resolve(&lesion.place).map_or(true, |place| place.sites.meets(sets))
                    && lesion.active != Some(false)
            });
            if possible { Answer::unknown(&[]) } else { Answer::no(Path::new("imaging", i)) }
        }
        _ => Answer::unknown(&[]),
    }
}

pub(super) fn typical_distribution(view: &View<'_>) -> Answer {
    let clavicle = lesion_clavicle(view);
    let ends: Vec<_> = view
        .lesions()
        .iter()
        .filter(|l| l.place.as_ref().is_some_and(|p| p.sites.within(&REGIONS.long_bone_ends)))
        .collect();
    let symmetric = view.symmetric();
    let long_bones = match symmetric.state {
        State::Met if !ends.is_empty() && ends.len() == view.lesions().len() => symmetric,
        State::Met => {
            // Symmetric pairs must be long-bone ends themselves.
            let pair = ends.iter().any(|a| {
                let Some(place) = &a.place else { return false };
                place.side == Some(crate::record::BodySide::Both)
                    || ends.iter().any(|b| {
                        b.place.as_ref().is_some_and(|other| {
                            other.sites.mirrored().as_lesions() == place.sites.as_lesions()
                        })
                    })
            });
            if pair { symmetric } else { Answer { state: State::Unknown, ..symmetric } }
        }
        _ => symmetric,
    };
    any([clavicle, long_bones])
}

/// Number of lesions on a study, as counted.
pub(crate) fn lesions_of(study: &ImagingStudy) -> Range {
    let places: Vec<SiteSet> = study
        .lesions
        .iter()
        .filter(|l| l.active != Some(false))
        .filter_map(|l| crate::place::resolve(&l.place).ok())
        .flat_map(|p| p.places().collect::<Vec<_>>())
        .collect();
    let low = crate::lesions::surely_different(&places)
        .max(usize::from(!study.lesions.is_empty() && !places.is_empty()));
    let high =
        if study.all_lesions_listed == Some(true) { places.len().max(low) as f64 } else { f64::INFINITY };
    Range { low: low as f64, high }
}
