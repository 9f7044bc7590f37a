//! MRI: lesion count, seven regions, RINBO and RAI-CROMRIS as far as they are published, volume and signal ratio.

use osteoflare_skeleton::{Group7, SiteGroup, Skeleton};

use super::{
    definition::Certainty,
    facts,
    result::{Classification, Instrument, Measure},
};
use crate::{
    place,
    record::{ImagingStudy, Lesion, Modality},
    view::{Path, View},
    vocabulary::{self, Kind},
};

/// A whole-body MRI as old as this is the newest one, days.
const WINDOW_DAYS: f64 = 184.0;

/// Every MRI measure on a view.
pub fn score(view: &View<'_>) -> Vec<Instrument> {
    vec![lesion_count(view), seven_regions(view), rinbo(view), rai_cromris(view), quantitative(view)]
}

fn newest<'v>(view: &'v View<'_>) -> Option<(usize, &'v ImagingStudy)> {
    facts::newest_whole_body(view, WINDOW_DAYS).filter(|(_, s)| s.modality == Modality::Mri)
}

fn not_scored(mut result: Instrument, reason: &'static str) -> Instrument {
    result.classification = Classification::NotScored;
    result.reason = Some(reason.into());
    result
}

const NEEDS_MRI: &str = "needs a whole-body MRI of which all lesions are listed";

fn known(name: &'static str, value: f64, unit: &'static str, path: Path) -> Measure {
    Measure { name: name.into(), value: [Some(value), Some(value)], unit, used: vec![path] }
}

fn has(lesion: &Lesion, wanted: &str) -> bool {
    lesion
        .descriptors
        .iter()
        .any(|t| vocabulary::word(Kind::Descriptor, t.as_str()).is_some_and(|w| w.term == wanted))
}

fn is_spinal(lesion: &Lesion) -> Option<bool> {
    let place = place::resolve(&lesion.place).ok()?;
    let skeleton = Skeleton::get();
    let spinal = place.sites.iter().filter(|&id| skeleton.site(id).group() == SiteGroup::Spine).count();
    match spinal {
        0 => Some(false),
        n if n == place.sites.len() => Some(true),
        _ => None,
    }
}

/// Number of lesions on the newest whole-body MRI; an epiphysis counts with its metaphysis.
pub fn lesion_count(view: &View<'_>) -> Instrument {
    let mut result = Instrument::named("mri_lesions", "Lesions on whole-body MRI", "1", Certainty::P);
    result.source = "count of separate lesions; places that may be the same lesion widen the interval".into();
    let Some((i, study)) = newest(view) else { return not_scored(result, NEEDS_MRI) };
    let count = facts::lesions_of(study);
    result.classification = Classification::Measured;
    result.label = "lesions".into();
    result.total = Some([count.low, count.high]);
    result.measures.push(Measure {
        name: "lesions".into(),
        value: [Some(count.low), count.high.is_finite().then_some(count.high)],
        unit: "1",
        used: vec![Path::new("imaging", i)],
    });
    result
}

/// Lesions in the seven regions of Aydingöz 2024.
pub fn seven_regions(view: &View<'_>) -> Instrument {
    let mut result = Instrument::named("seven_regions", "Seven-region MRI scheme", "2024", Certainty::P);
    result.source = "Aydingöz U et al., Eur Radiol 2024;34:4979-4987, doi 10.1007/s00330-023-10558-7".into();
    let Some((i, study)) = newest(view) else { return not_scored(result, NEEDS_MRI) };
    let skeleton = Skeleton::get();
    let names = ["A", "B", "C", "D", "E", "F", "G"];
    let mut counts = [[0.0, 0.0]; 7];
    for lesion in &study.lesions {
        let Ok(place) = place::resolve(&lesion.place) else {
            counts.iter_mut().for_each(|count| count[1] += 1.0);
            continue;
        };
        for set in place.places() {
            let mut groups: Vec<Option<Group7>> = set.iter().map(|id| skeleton.site(id).group7).collect();
            groups.dedup();
            for (k, name) in names.iter().enumerate() {
                let in_it = |g: &Option<Group7>| g.is_some_and(|g| g.as_str() == *name);
                if groups.iter().all(in_it) {
                    counts[k][0] += 1.0;
                }
                if groups.iter().any(in_it) {
                    counts[k][1] += 1.0;
                }
            }
        }
    }
    result.classification = Classification::Measured;
    for (name, count) in names.iter().zip(counts) {
        result.measures.push(Measure {
            name: format!("region_{name}").into(),
            value: [Some(count[0]), Some(count[1])],
            unit: "1",
            used: vec![Path::new("imaging", i)],
        });
    }
    let affected: Vec<&str> = names.iter().zip(counts).filter(|(_, c)| c[0] > 0.0).map(|(n, _)| *n).collect();
    result.label = if affected.is_empty() {
        "no region".into()
    } else {
        format!("regions {}", affected.join(", ")).into()
    };
    result
}

/// RINBO: its four parameters; bins and weights are not published where they could be read.
pub fn rinbo(view: &View<'_>) -> Instrument {
    let mut result = Instrument::named("rinbo_2017", "RINBO (parameters only)", "2017", Certainty::P);
    result.source = "Arnoldi AP et al., Eur Radiol 2017;27:2391-2399, doi 10.1007/s00330-016-4586-x".into();
    let mut result =
        not_scored(result, "bins and weights of the index are not known here; its parameters are captured");
    let Some((i, study)) = newest(view) else { return result };
    let path = Path::new("imaging", i);
    let active = study.lesions.iter().filter(|lesion| lesion.active != Some(false));
    result.measures.push(known("active_lesions", facts::lesions_of(study).low, "1", path));
    let sizes: Vec<Option<f64>> = active.clone().map(|lesion| lesion.size_mm).collect();
    if let Some(largest) = sizes.iter().flatten().copied().reduce(f64::max) {
        let complete = sizes.iter().all(Option::is_some);
        result.measures.push(Measure {
            name: "largest_lesion".into(),
            value: [Some(largest), complete.then_some(largest)],
            unit: "mm",
            used: vec![path],
        });
    }
    let outside = active.clone().any(|lesion| {
        has(lesion, "soft_tissue_oedema")
            || has(lesion, "periosteal_reaction")
            || has(lesion, "periosteal_oedema")
    });
    if outside {
        result.measures.push(known("extramedullary", 1.0, "0 no, 1 yes", path));
    }
    let spine: Vec<Option<bool>> = active.map(is_spinal).collect();
    let value = if spine.contains(&Some(true)) {
        [Some(1.0), Some(1.0)]
    } else if spine.contains(&None) {
        [Some(0.0), Some(1.0)]
    } else {
        [Some(0.0), Some(0.0)]
    };
    result.measures.push(Measure { name: "spinal".into(), value, unit: "0 no, 1 yes", used: vec![path] });
    result
}

/// RAI-CROMRIS: its items are captured; how 7 points of a unit split is not published where it could be read.
pub fn rai_cromris(view: &View<'_>) -> Instrument {
    let mut result = Instrument::named("rai_cromris_2021", "RAI-CROMRIS (items only)", "2021", Certainty::P);
    result.source = "Capponi M et al., Pediatr Rheumatol 2021;19:123, doi 10.1186/s12969-021-00620-3".into();
    result.notes.push("Published medians: 17 at baseline, 12 at 6 and 11 at 12 months.".into());
    let mut result = not_scored(
        result,
        "how the 7 points of a bone unit are split, and the list of units, are not known here; 0 to 7 a unit bound the sum",
    );
    let Some((i, study)) = newest(view) else { return result };
    let path = Path::new("imaging", i);
    let lesions = facts::lesions_of(study);
    let items = [
        ("marrow_hyperintensity", &["marrow_oedema"][..]),
        ("soft_tissue_or_periosteum", &["soft_tissue_oedema", "periosteal_oedema"]),
        ("bony_expansion", &["bone_expansion", "hyperostosis"]),
        ("vertebral_collapse", &["vertebral_collapse"]),
    ];
    for (name, descriptors) in items {
        let with = |lesion: &&Lesion| descriptors.iter().any(|descriptor| has(lesion, descriptor));
        let n = study.lesions.iter().filter(with).count();
        result.measures.push(Measure {
            name: name.into(),
            value: [Some(n as f64), None],
            unit: "lesions with it, at least",
            used: vec![path],
        });
    }
    if lesions.high.is_finite() {
        result.measures.push(Measure {
            name: "sum_within".into(),
            value: [Some(lesions.low.min(1.0)), Some(7.0 * lesions.high)],
            unit: "points",
            used: vec![path],
        });
    }
    result
}

/// Lesion volume and signal ratio of lesion to muscle.
pub fn quantitative(view: &View<'_>) -> Instrument {
    let mut result =
        Instrument::named("lesion_volume_signal", "Lesion volume and signal ratio", "2021", Certainty::P);
    result.source = "Kieninger A et al., Br J Radiol 2021;95:20211091, doi 10.1259/bjr.20211091".into();
    result
        .notes
        .push("Published mean signal ratio: responders 5.6 then 5.8, non-responders 6.1 then 7.2.".into());
    let study = view
        .studies()
        .filter(|(_, s)| s.modality == Modality::Mri)
        .filter(|(_, s)| s.lesions.iter().any(|l| l.volume_ml.is_some() || l.signal.is_some()))
        .max_by(|a, b| {
            let day = |s: &ImagingStudy| view.day(s.when).unwrap_or(f64::NEG_INFINITY);
            day(a.1).total_cmp(&day(b.1))
        });
    let Some((i, study)) = study else {
        return not_scored(result, "no MRI with measured volumes or signals of lesion and muscle");
    };
    let path = Path::new("imaging", i);
    result.classification = Classification::Measured;
    let volumes: Vec<Option<f64>> = study.lesions.iter().map(|l| l.volume_ml).collect();
    let measured: f64 = volumes.iter().flatten().sum();
    if volumes.iter().any(Option::is_some) {
        let complete = volumes.iter().all(Option::is_some) && study.all_lesions_listed == Some(true);
        result.measures.push(Measure {
            name: "total_volume".into(),
            value: [Some(measured), complete.then_some(measured)],
            unit: "ml",
            used: vec![path],
        });
    }
    let ratios: Vec<f64> = study
        .lesions
        .iter()
        .filter_map(|l| Some(l.signal? / l.muscle_signal.filter(|muscle| *muscle > 0.0)?))
        .collect();
    if !ratios.is_empty() {
        let mean = ratios.iter().sum::<f64>() / ratios.len() as f64;
        result.measures.push(known("mean_signal_ratio", mean, "1", path));
    }
    result.label = format!(
        "{} of {} lesions measured",
        volumes.iter().flatten().count().max(ratios.len()),
        study.lesions.len()
    )
    .into();
    result
}
