//! Where lesions sit in children with CNO at presentation.

use osteoflare_skeleton::{Part, Region, Site, SiteGroup};

use super::{
    Fidelity::{Approximate, AsSource},
    Role::{Cno, CnoPamidronate},
    Statistic,
    measure::{in_group, in_spine, involves, mixed, mixed_count, on_examination, on_mri, share_of},
    row,
};
use crate::estimate::Estimator::{PooledShare, Proportion};

/// Patients with a place involved, by one instrument.
macro_rules! involved {
    (mri, [$($id:literal),+], $place:literal, $test:expr) => {
        row(
            &[$($id),+],
            Cno,
            Proportion,
            AsSource,
            concat!("Patients with a lesion in the ", $place, " on whole-body MRI at presentation, of those with any."),
            |d| Some(involves(on_mri(d)?, $test)),
        )
    };
    (examination, [$($id:literal),+], $place:literal, $test:expr) => {
        row(
            &[$($id),+],
            Cno,
            Proportion,
            AsSource,
            concat!("Patients with a clinical lesion in the ", $place, " at presentation, of those examined."),
            |d| Some(involves(on_examination(d)?, $test)),
        )
    };
    (mixed, [$($id:literal),+], $place:literal, $test:expr) => {
        row(
            &[$($id),+],
            Cno,
            Proportion,
            Approximate,
            concat!(
                "Patients with a lesion in the ",
                $place,
                " by examination and whole-body MRI together, of those with any; mixed imaging of the source saw less."
            ),
            |d| Some(involves(&mixed(d)?, $test)),
        )
    };
}

fn femur(site: &Site) -> bool {
    in_group(site, &[SiteGroup::Femur])
}

fn tibia(site: &Site) -> bool {
    in_group(site, &[SiteGroup::Tibia])
}

fn pelvis(site: &Site) -> bool {
    in_group(site, &[SiteGroup::Pelvis])
}

fn clavicle(site: &Site) -> bool {
    in_group(site, &[SiteGroup::Clavicle])
}

fn sternum(site: &Site) -> bool {
    in_group(site, &[SiteGroup::Sternum])
}

fn foot(site: &Site) -> bool {
    in_group(site, &[SiteGroup::Foot])
}

fn mandible(site: &Site) -> bool {
    in_group(site, &[SiteGroup::Mandible])
}

/// Clavicle, sternum and first rib.
fn sternocostoclavicular(site: &Site) -> bool {
    clavicle(site) || sternum(site) || site.bone == "rib_1"
}

/// Distal femur, patella, proximal tibia and fibula.
fn knee(site: &Site) -> bool {
    match site.group() {
        SiteGroup::Patella => true,
        SiteGroup::Femur => matches!(site.part, Part::DistalMetaphysis | Part::DistalEpiphysis),
        SiteGroup::Tibia | SiteGroup::Fibula => {
            matches!(site.part, Part::ProximalMetaphysis | Part::ProximalEpiphysis)
        }
        _ => false,
    }
}

pub(super) const STATISTICS: &[Statistic] = &[
    involved!(examination, ["nprd21.site_tibia"], "tibia", tibia),
    involved!(examination, ["nprd21.site_pelvis"], "pelvis", pelvis),
    involved!(examination, ["nprd21.site_femur"], "femur", femur),
    involved!(examination, ["brno.site_lower"], "lower limb", Site::is_lower_limb),
    involved!(examination, ["brno.site_upper"], "upper limb", Site::is_upper_limb),
    involved!(examination, ["brno.site_clavicle"], "clavicle", clavicle),
    involved!(examination, ["brno.site_spine"], "spine", in_spine),
    involved!(examination, ["brno.site_sternum"], "sternum", sternum),
    involved!(examination, ["welsh.knee"], "region of the knee", knee),
    involved!(mri, ["dang.site_femur"], "femur", femur),
    involved!(mri, ["dang.site_tibia"], "tibia", tibia),
    involved!(mri, ["dang.site_pelvis"], "pelvis", pelvis),
    involved!(mri, ["dang.site_spine"], "spine", in_spine),
    involved!(mixed, ["stern.site_pelvis", "falip.site_pelvis"], "pelvis", pelvis),
    involved!(mixed, ["stern.site_tibia", "lei.site_tibia"], "tibia", tibia),
    involved!(
        mixed,
        ["stern.site_clavicle", "falip.site_clavicle", "kos.site_clavicle"],
        "clavicle",
        clavicle
    ),
    involved!(mixed, ["stern.site_calcaneus"], "calcaneus", |s| s.bone == "calcaneus"),
    involved!(
        mixed,
        ["stern.site_femur", "tr28.site_femur", "kos.site_femur", "ma.site_femur"],
        "femur",
        femur
    ),
    involved!(mixed, ["stern.site_humerus"], "humerus", |s| in_group(s, &[SiteGroup::Humerus])),
    involved!(
        mixed,
        ["stern.site_vertebrae", "falip.site_spine", "kos.site_spine", "kos16.spine", "kop.spine"],
        "spine",
        in_spine
    ),
    involved!(
        mixed,
        ["stern.site_mandible", "falip.site_mandible", "lei.site_mandible"],
        "mandible",
        mandible
    ),
    involved!(mixed, ["kos.site_foot"], "foot", foot),
    involved!(mixed, ["kos.site_sternum"], "sternum", sternum),
    involved!(mixed, ["ma.site_tibiofibula"], "tibia or fibula", |s| {
        in_group(s, &[SiteGroup::Tibia, SiteGroup::Fibula])
    }),
    involved!(mixed, ["schnabel.lower_extremity", "lei.site_lower"], "lower limb", Site::is_lower_limb),
    involved!(mixed, ["lei.site_scc"], "clavicle, sternum or first rib", sternocostoclavicular),
    involved!(mixed, ["bhat18.distal_tibia"], "distal metaphysis of the tibia", |s| {
        tibia(s) && s.part == Part::DistalMetaphysis
    }),
    row(
        &["it29.lower_multi"],
        Cno,
        Proportion,
        Approximate,
        "Patients with a lesion in the lower limb, of those with several sites by examination and whole-body MRI together.",
        |d| Some(involves(&mixed(d).filter(|_| mixed_count(d) > Some(1))?, Site::is_lower_limb)),
    ),
    row(
        &["it29.lower_uni"],
        Cno,
        Proportion,
        Approximate,
        "Patients with the lesion in the lower limb, of those with one site by examination and whole-body MRI together.",
        |d| Some(involves(&mixed(d).filter(|_| mixed_count(d) == Some(1))?, Site::is_lower_limb)),
    ),
    row(
        &["kie.lower"],
        Cno,
        PooledShare,
        AsSource,
        "Lesions in the lower limb, of all lesions on whole-body MRI at presentation.",
        |d| Some(share_of(on_mri(d)?, |s| matches!(s.region, Region::LowerLimb | Region::AnkleFoot))),
    ),
    row(
        &["andACR.share_femur"],
        CnoPamidronate,
        PooledShare,
        Approximate,
        "Lesions in the femur, of all lesions on whole-body MRI; here at presentation, in the source before pamidronate.",
        |d| Some(share_of(on_mri(d)?, femur)),
    ),
    row(
        &["andACR.share_tibia"],
        CnoPamidronate,
        PooledShare,
        Approximate,
        "Lesions in the tibia, of all lesions on whole-body MRI; here at presentation, in the source before pamidronate.",
        |d| Some(share_of(on_mri(d)?, tibia)),
    ),
    row(
        &["andACR.share_spine"],
        CnoPamidronate,
        PooledShare,
        Approximate,
        "Lesions in the spine, of all lesions on whole-body MRI; here at presentation, in the source before pamidronate.",
        |d| Some(share_of(on_mri(d)?, in_spine)),
    ),
];
