//! Reads the CSV tables into bones and sites.

use crate::bone::{Bone, Codes};
use crate::site::{Site, SiteId};
use crate::vocabulary::{BySex, Part, Side, UnknownName};
use serde::Deserialize;
use std::collections::HashMap;

/// Why the tables cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    /// A row is not of the form the table's head announces.
    #[error("table {table}: {source}")]
    Row {
        /// Name of the table.
        table: &'static str,
        /// What the reader says.
        source: csv::Error,
    },
    /// A word that its column does not know.
    #[error("table {table}, row {row}: {source}")]
    Word {
        /// Name of the table.
        table: &'static str,
        /// Identifier of the row.
        row: String,
        /// The word and the words expected.
        source: UnknownName,
    },
    /// Two rows have the same identifier.
    #[error("table {table}: `{id}` occurs twice")]
    Twice {
        /// Name of the table.
        table: &'static str,
        /// The identifier.
        id: String,
    },
    /// A row names another that does not exist.
    #[error("table {table}, row {row}: there is no `{missing}`")]
    Missing {
        /// Name of the table.
        table: &'static str,
        /// Identifier of the row.
        row: String,
        /// What it names.
        missing: String,
    },
}

#[derive(Deserialize)]
struct BoneRow {
    id: String,
    bone: String,
    side: String,
    region: String,
    uberon: Option<String>,
    uberon_prov: Option<String>,
    fma: Option<String>,
    fma_two_sources_agree: Option<bool>,
    radlex: Option<String>,
    radlex_sided: Option<String>,
    snomed: Option<String>,
    snomed_term: Option<String>,
    snomed_sided: Option<String>,
    group7: Option<String>,
    ea_site_class: String,
    jansson_axial: bool,
    segments: Option<String>,
    note: Option<String>,
}

#[derive(Deserialize)]
struct SiteRow {
    id: String,
    bone_id: String,
    bone: String,
    part: String,
    side: String,
    region: String,
    tissue: String,
    group7: Option<String>,
    ea_site_class: String,
    jansson_axial: bool,
    load: f64,
    microtrauma_weight: f64,
    growth: f64,
    growth_mm_per_year: Option<f64>,
    perfusion: f64,
    volume: f64,
    red_marrow_age5: f64,
    red_marrow_age10: f64,
    red_marrow_age15: f64,
    red_marrow_age25: f64,
    closure_age_f: Option<f64>,
    closure_age_m: Option<f64>,
}

/// A row of `data/joints.csv`: two sites that touch, named with their side or, for both sides, without it.
#[derive(Deserialize)]
pub(crate) struct JointRow {
    pub a: String,
    pub b: String,
}

fn rows<T: for<'de> Deserialize<'de>>(table: &'static str, text: &str) -> Result<Vec<T>, DataError> {
    csv::Reader::from_reader(text.as_bytes())
        .deserialize()
        .collect::<Result<Vec<T>, csv::Error>>()
        .map_err(|source| DataError::Row { table, source })
}

pub(crate) fn bones(text: &str) -> Result<Vec<Bone>, DataError> {
    const TABLE: &str = "bones.csv";
    let mut seen = HashMap::new();
    let mut bones = Vec::new();
    for row in rows::<BoneRow>(TABLE, text)? {
        if seen.insert(row.id.clone(), ()).is_some() {
            return Err(DataError::Twice { table: TABLE, id: row.id });
        }
        let word = |source| DataError::Word { table: TABLE, row: row.id.clone(), source };
        bones.push(Bone {
            side: row.side.parse().map_err(word)?,
            region: row.region.parse().map_err(word)?,
            ea_site_class: row.ea_site_class.parse().map_err(word)?,
            id: row.id,
            name: row.bone,
            codes: Codes {
                uberon: row.uberon,
                uberon_provenance: row.uberon_prov,
                fma: row.fma,
                fma_two_sources_agree: row.fma_two_sources_agree,
                radlex: row.radlex,
                radlex_sided: row.radlex_sided,
                snomed: row.snomed,
                snomed_term: row.snomed_term,
                snomed_sided: row.snomed_sided,
            },
            group7: row.group7,
            jansson_axial: row.jansson_axial,
            segments: row
                .segments
                .map(|names| names.split(';').map(str::to_owned).collect())
                .unwrap_or_default(),
            note: row.note,
        });
    }
    Ok(bones)
}

/// Sites with their mirrors; neighbours are still empty.
pub(crate) fn sites(text: &str, bones: &HashMap<String, usize>) -> Result<Vec<Site>, DataError> {
    const TABLE: &str = "sites.csv";
    let mut sites = Vec::new();
    let mut index = HashMap::new();
    for row in rows::<SiteRow>(TABLE, text)? {
        let id = SiteId(sites.len() as u16);
        if index.insert(row.id.clone(), id).is_some() {
            return Err(DataError::Twice { table: TABLE, id: row.id });
        }
        if !bones.contains_key(&row.bone_id) {
            return Err(DataError::Missing { table: TABLE, row: row.id, missing: row.bone_id });
        }
        let word = |source| DataError::Word { table: TABLE, row: row.id.clone(), source };
        sites.push(Site {
            part: row.part.parse().map_err(word)?,
            side: row.side.parse().map_err(word)?,
            region: row.region.parse().map_err(word)?,
            tissue: row.tissue.parse().map_err(word)?,
            group7: row.group7.map(|name| name.parse()).transpose().map_err(word)?,
            ea_site_class: row.ea_site_class.parse().map_err(word)?,
            id: row.id,
            bone_id: row.bone_id,
            bone: row.bone,
            load: row.load,
            microtrauma_weight: row.microtrauma_weight,
            growth: row.growth,
            growth_mm_per_year: row.growth_mm_per_year,
            perfusion: row.perfusion,
            volume: row.volume,
            closure_age_years: row
                .closure_age_f
                .zip(row.closure_age_m)
                .map(|(female, male)| BySex { female, male }),
            mirror: None,
            lesion_site: id,
            neighbours: Vec::new(),
            jansson_axial: row.jansson_axial,
            red_marrow: [
                row.red_marrow_age5,
                row.red_marrow_age10,
                row.red_marrow_age15,
                row.red_marrow_age25,
            ],
        });
    }
    for site in &mut sites {
        let (own, other) = match site.side {
            Side::Left => ("_L", "_R"),
            Side::Right => ("_R", "_L"),
            Side::Midline => continue,
        };
        let mirrored = format!("{}{other}", site.id.strip_suffix(own).unwrap_or(&site.id));
        match index.get(&mirrored) {
            Some(&mirror) => site.mirror = Some(mirror),
            None => {
                return Err(DataError::Missing { table: TABLE, row: site.id.clone(), missing: mirrored });
            }
        }
    }
    for k in 0..sites.len() {
        let metaphysis = match sites[k].part {
            Part::ProximalEpiphysis => Part::ProximalMetaphysis,
            Part::DistalEpiphysis => Part::DistalMetaphysis,
            _ => continue,
        };
        let partner = sites.iter().position(|s| s.bone_id == sites[k].bone_id && s.part == metaphysis);
        if let Some(partner) = partner {
            sites[k].lesion_site = SiteId(partner as u16);
        }
    }
    Ok(sites)
}

pub(crate) fn joints(text: &str) -> Result<Vec<JointRow>, DataError> {
    rows("joints.csv", text)
}
