//! `[[groups.NAME.exposures]]`: what strikes from outside.

use osteoflare_patient::exposure::{Exposure, Target};
use osteoflare_skeleton::Skeleton;

use super::error::FileError;
use super::fields::Entry;
use super::keys::{EXPOSURE, RANDOM_METAPHYSIS};

/// Size of an injury that says nothing else: a trauma that heals by itself in a healthy child within two weeks.
const USUAL_DEBRIS: f64 = 1.5;

/// Reads one exposure.
pub(crate) fn read(entry: &Entry<'_, '_>, horizon_days: f64) -> Result<Exposure, FileError> {
    let fields = entry.fields(EXPOSURE)?;
    let kind = fields.require("kind")?.word(&["injury", "bacteraemia"])?;
    let at = fields.require("at")?;
    let day = at.time()?;
    if day >= horizon_days {
        return Err(at.error("lies after the end of follow-up ('study.horizon')"));
    }
    let target = fields.get("site").map(|site| read_site(&site)).transpose()?;
    let debris = fields.get("debris").map(|debris| debris.number()).transpose()?;
    match kind {
        "injury" => {
            if let Some(cfu) = fields.get("cfu") {
                return Err(cfu.error("an injury brings no bacteria; use kind = \"bacteraemia\""));
            }
            let target = target.ok_or_else(|| fields.missing("site"))?;
            Ok(Exposure::Injury { day, target, debris: debris.unwrap_or(USUAL_DEBRIS) })
        }
        _ => {
            let cfu = fields.require("cfu")?.number()?;
            if let (None, Some(_)) = (target, debris) {
                return Err(fields.missing("site"));
            }
            if target.is_some() && day < 1.0 {
                return Err(at.error("must be at least 1 d, because the injury comes one day earlier"));
            }
            Ok(Exposure::Bacteraemia {
                day,
                cfu,
                injury: target.map(|target| (target, debris.unwrap_or(USUAL_DEBRIS))),
            })
        }
    }
}

fn read_site(entry: &Entry<'_, '_>) -> Result<Target, FileError> {
    let name = entry.text()?;
    if name == RANDOM_METAPHYSIS {
        return Ok(Target::RandomMetaphysis);
    }
    let skeleton = Skeleton::get();
    match skeleton.find(name) {
        Some(site) => Ok(Target::Site(site)),
        None => {
            let candidates = skeleton.sites().iter().map(|site| site.id.as_str()).chain([RANDOM_METAPHYSIS]);
            let hint = super::names::hint(name, candidates);
            Err(entry.error(format_args!("site '{name}' is not known{hint}")))
        }
    }
}
