//! The skeleton: bones and sites with look-up.

use crate::bone::Bone;
use crate::parse::{self, DataError};
use crate::site::{Site, SiteId};
use crate::{adjacency, select};
use std::collections::HashMap;
use std::sync::OnceLock;

/// Bones, disease sites and how they relate. The one skeleton of the crate is [`Skeleton::get`].
#[derive(Debug)]
pub struct Skeleton {
    bones: Vec<Bone>,
    sites: Vec<Site>,
    bone_of_site: Vec<usize>,
    index: HashMap<String, SiteId>,
}

impl Skeleton {
    /// The child's skeleton of the tables in `data/`, read once.
    ///
    /// # Panics
    /// If the embedded tables are broken, which the tests of this crate exclude.
    pub fn get() -> &'static Skeleton {
        static SKELETON: OnceLock<Skeleton> = OnceLock::new();
        SKELETON.get_or_init(|| {
            Skeleton::parse(
                include_str!("../data/bones.csv"),
                include_str!("../data/sites.csv"),
                include_str!("../data/joints.csv"),
            )
            .expect("the embedded tables are checked by the tests of this crate")
        })
    }

    /// Builds a skeleton from the text of the three tables (bones, sites, joints).
    ///
    /// # Errors
    /// [`DataError`] if a row cannot be read, an identifier occurs twice or names something that is not there.
    pub fn parse(bones: &str, sites: &str, joints: &str) -> Result<Skeleton, DataError> {
        let bones = parse::bones(bones)?;
        let bone_index: HashMap<String, usize> =
            bones.iter().enumerate().map(|(k, bone)| (bone.id.clone(), k)).collect();
        let mut sites = parse::sites(sites, &bone_index)?;
        let index: HashMap<String, SiteId> =
            sites.iter().enumerate().map(|(k, site)| (site.id.clone(), SiteId(k as u16))).collect();
        adjacency::connect(&mut sites, &index, &parse::joints(joints)?)?;
        let bone_of_site = sites.iter().map(|site| bone_index[&site.bone_id]).collect();
        Ok(Skeleton { bones, sites, bone_of_site, index })
    }

    /// All disease sites, in the order of [`SiteId`].
    pub fn sites(&self) -> &[Site] {
        &self.sites
    }

    /// Identifiers of all sites, ascending.
    pub fn ids(&self) -> impl ExactSizeIterator<Item = SiteId> + use<> {
        (0..self.sites.len() as u16).map(SiteId)
    }

    /// All bones of the catalogue.
    pub fn bones(&self) -> &[Bone] {
        &self.bones
    }

    /// One site.
    ///
    /// # Panics
    /// If `id` was not obtained from this skeleton.
    pub fn site(&self, id: SiteId) -> &Site {
        &self.sites[id.index()]
    }

    /// The bone a site belongs to, with its codes.
    ///
    /// # Panics
    /// If `id` was not obtained from this skeleton.
    pub fn bone(&self, id: SiteId) -> &Bone {
        &self.bones[self.bone_of_site[id.index()]]
    }

    /// The site with an identifier, e.g. `tibia_proximal_metaphysis_L`.
    pub fn find(&self, id: &str) -> Option<SiteId> {
        self.index.get(id).copied()
    }

    /// Identifiers that look like `name`, the most similar first, at most five; for messages about a misspelling.
    pub fn suggest(&self, name: &str) -> Vec<&str> {
        let name = name.trim().to_lowercase().replace([' ', '-'], "_");
        let mut scored: Vec<(f64, &str)> = self
            .sites
            .iter()
            .map(|site| (strsim::jaro_winkler(&name, &site.id.to_lowercase()), site.id.as_str()))
            .filter(|&(score, _)| score > 0.75)
            .collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
        scored.into_iter().take(5).map(|(_, id)| id).collect()
    }

    /// The `n` most representative sites, ascending: the same list for the same `n`, from every group of sites in
    /// proportion to its share of micro-trauma. Mirror pairs stay together; where one place is left over a midline
    /// site fills it, and only if none is left the left member of a pair. More than all sites gives all sites.
    pub fn select(&self, n: usize) -> Vec<SiteId> {
        select::select(&self.sites, n)
    }
}
