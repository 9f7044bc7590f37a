//! Counting lesions of which the places are known only in part.

use crate::place::SiteSet;

/// The smallest number of lesions that a list of places can mean: places that share no site are surely different.
///
/// Places are taken from the most to the least precise, and one counts if it shares no site with those that counted. An
/// epiphysis is counted with its metaphysis. The number is a lower bound; it never grows when a place becomes vaguer.
pub fn surely_different(places: &[SiteSet]) -> usize {
    let mut sets: Vec<SiteSet> =
        places.iter().map(SiteSet::as_lesions).filter(|set| !set.is_empty()).collect();
    sets.sort_by_key(SiteSet::len);
    let mut taken = SiteSet::EMPTY;
    let mut count = 0;
    for set in sets {
        if !set.meets(&taken) {
            count += 1;
            taken = taken.or(&set);
        }
    }
    count
}

/// The bone of a site, sides apart. The mandible is one bone of which the halves are sites, to tell symmetry.
pub fn bone_of(site: osteoflare_skeleton::SiteId) -> &'static str {
    let site = osteoflare_skeleton::Skeleton::get().site(site);
    if site.bone == "mandible" { &site.bone } else { &site.bone_id }
}

/// The smallest number of bones that a list of places can mean; two parts of one bone are one bone.
pub fn surely_different_bones(places: &[SiteSet]) -> usize {
    let skeleton = osteoflare_skeleton::Skeleton::get();
    let whole: Vec<SiteSet> = places
        .iter()
        .map(|set| {
            let bones: Vec<&str> = set.iter().map(bone_of).collect();
            match bones.first() {
                // The usual case, one bone: no need to compare names over the whole skeleton.
                Some(first) if *first != "mandible" && bones.iter().all(|bone| bone == first) => {
                    let Some(one) = set.iter().next() else { return *set };
                    let mut all = *set;
                    let mut open = vec![one];
                    while let Some(site) = open.pop() {
                        for &near in &skeleton.site(site).neighbours {
                            if skeleton.site(near).bone_id == *first && !all.contains(near) {
                                all.insert(near);
                                open.push(near);
                            }
                        }
                    }
                    all
                }
                _ => SiteSet::of(|id| bones.contains(&bone_of(id))),
            }
        })
        .collect();
    surely_different(&whole)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        place::resolve,
        record::{BodySide, Place},
    };
    use osteoflare_skeleton::Part;

    fn set(place: Place) -> SiteSet {
        resolve(&place).expect("a place").sites
    }

    #[test]
    fn vague_places_do_not_add_up() {
        let knee = set(Place::of("knee").on(BodySide::Left));
        let femur = set(Place::of("femur").on(BodySide::Left));
        let proximal = set(Place::of("femur").on(BodySide::Left).part(Part::ProximalMetaphysis));
        let distal = set(Place::of("femur").on(BodySide::Left).part(Part::DistalMetaphysis));
        let distal_end = set(Place::of("femur").on(BodySide::Left).part(Part::DistalEpiphysis));
        assert_eq!(surely_different(&[knee, femur]), 1);
        assert_eq!(surely_different(&[proximal, distal]), 2);
        assert_eq!(surely_different(&[distal, distal_end]), 1, "one lesion across the plate");
        assert_eq!(surely_different(&[proximal, distal, femur, knee]), 2);
        assert_eq!(surely_different_bones(&[proximal, distal]), 1);
        assert_eq!(surely_different_bones(&[proximal, set(Place::of("t4"))]), 2);
        let half = |side| set(Place::of("mandible").on(side));
        let halves = [half(BodySide::Left), half(BodySide::Right)];
        assert_eq!(surely_different(&halves), 2);
        assert_eq!(surely_different_bones(&halves), 1);
    }
}
