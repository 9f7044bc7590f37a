//! The human child's skeleton as data.
//!
//! Two tables stand behind everything. **Bones** are the 198 rows of a whole-skeleton catalogue, one per bone and
//! side, with their codes in UBERON, FMA, RadLex and SNOMED CT. **Sites** are the 266 places at which
//! osteomyelitis can sit: a bone that children's radiology reads in parts (the ends and the shaft of a long bone,
//! the wing of the ilium) is split, every other bone is one site. The tables are CSV files in `data/`;
//! `data/columns.csv` gives unit, meaning, range and source of every column.
//!
//! ```
//! use osteoflare_skeleton::{Sex, Skeleton};
//!
//! let skeleton = Skeleton::get();
//! let knee = skeleton.find("tibia_proximal_metaphysis_L").expect("a site of the table");
//! let site = skeleton.site(knee);
//! assert_eq!(skeleton.site(site.mirror.expect("a paired bone")).id, "tibia_proximal_metaphysis_R");
//! assert!(site.plate_openness(9.0, Sex::Female, 0.8) > 0.99);
//! ```
//!
//! Numbers that describe how a place behaves in disease (load, share of micro-trauma, flow) are assumptions
//! ordered after clinical frequency tables; they are marked `assumed` and are for research, not for care.

mod adjacency;
mod bone;
mod drawing;
mod parse;
mod select;
mod site;
mod skeleton;
mod vocabulary;

pub use bone::{Bone, Codes};
pub use drawing::{Fill, VIEW_HEIGHT, VIEW_WIDTH, View, draw_order, outline, skeleton_svg};
pub use parse::DataError;
pub use site::{Site, SiteId};
pub use skeleton::Skeleton;
pub use vocabulary::{
    BySex, EaSiteClass, Group7, Part, Region, Sex, Side, SiteGroup, TissueClass, UnknownName,
};
