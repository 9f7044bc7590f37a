//! What is counted in one group.

use osteoflare_clinic::digest::PatientDigest;
use osteoflare_skeleton::{SiteId, Skeleton};
use osteoflare_study::study::Group;

use super::response::{MONTHS, Outcome, Pairs, Ratio};

/// Lesion counts from here on share the last bin of a histogram.
pub(crate) const LARGEST_BIN: usize = 20;

/// Children with a finding, by site.
#[derive(Clone, Debug)]
pub(crate) struct SiteShares {
    /// Children with the finding, one per site of the skeleton.
    pub children: Vec<u32>,
    /// Children in whom the instrument was used.
    pub of: u32,
}

impl SiteShares {
    fn new() -> Self {
        SiteShares { children: vec![0; Skeleton::get().sites().len()], of: 0 }
    }

    fn add(&mut self, sites: &[SiteId]) {
        self.of += 1;
        // A lesion of a bone's end is counted at the metaphysis; the epiphysis is drawn with it.
        for (site, children) in Skeleton::get().sites().iter().zip(&mut self.children) {
            *children += u32::from(sites.binary_search(&site.lesion_site).is_ok());
        }
    }

    /// Share of children with the finding at a site; 0 where nobody was looked at.
    pub fn share(&self, site: SiteId) -> f64 {
        if self.of == 0 { 0.0 } else { f64::from(self.children[site.index()]) / f64::from(self.of) }
    }
}

/// Counts of one group.
pub(crate) struct GroupData {
    /// Index in the study.
    pub index: usize,
    pub name: String,
    pub label: String,
    /// Whether sites and lesions are counted over those who presented (else over everybody).
    pub presented_only: bool,
    /// Children with results.
    pub children: u32,
    pub presented: u32,
    /// Lesions on the MRI of entry, of children with one.
    pub at_entry: SiteShares,
    /// Lesions on any MRI, of children with any.
    pub ever: SiteShares,
    /// Children by number of MRI lesions at entry, the last bin holding all above.
    pub mri_lesions: [u32; LARGEST_BIN + 1],
    /// Children by number of clinical lesions at entry.
    pub clinical_lesions: [u32; LARGEST_BIN + 1],
    pairs: [Pairs; Outcome::ALL.len()],
}

impl GroupData {
    pub fn new(index: usize, group: &Group, presented_only: bool) -> Self {
        GroupData {
            index,
            name: group.name.clone(),
            label: group.label.clone(),
            presented_only,
            children: 0,
            presented: 0,
            at_entry: SiteShares::new(),
            ever: SiteShares::new(),
            mri_lesions: [0; LARGEST_BIN + 1],
            clinical_lesions: [0; LARGEST_BIN + 1],
            pairs: Default::default(),
        }
    }

    pub fn add(&mut self, digest: &PatientDigest) {
        self.children += 1;
        self.presented += u32::from(digest.entry.presented);
        if self.presented_only && !digest.entry.presented {
            return;
        }
        if let Some(lesions) = digest.entry.mri_lesions {
            self.at_entry.add(&digest.sites.entry_mri);
            self.mri_lesions[(lesions as usize).min(LARGEST_BIN)] += 1;
        }
        if digest.course.mri_scans > 0 {
            self.ever.add(&digest.sites.mri_ever);
        }
        if let Some(lesions) = digest.entry.clinical_lesions {
            self.clinical_lesions[(lesions as usize).min(LARGEST_BIN)] += 1;
        }
        if digest.entry.presented {
            for (pairs, outcome) in self.pairs.iter_mut().zip(Outcome::ALL) {
                pairs.add(outcome, digest);
            }
        }
    }

    /// Findings after entry against entry, of children who presented.
    pub fn response(&self, outcome: Outcome) -> [Option<Ratio>; MONTHS.len()] {
        self.pairs[outcome as usize].ratios()
    }
}
