//! The skeleton as users see it: look-up, mirrors, neighbours, growth, marrow, selection.

use osteoflare_skeleton::{Group7, Part, Sex, Side, SiteGroup, SiteId, Skeleton, TissueClass};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashSet};

fn named(id: &str) -> SiteId {
    Skeleton::get().find(id).unwrap_or_else(|| panic!("no site {id}"))
}

#[test]
fn counts() {
    let skeleton = Skeleton::get();
    assert_eq!(skeleton.bones().len(), 198);
    assert_eq!(skeleton.sites().len(), 266);
    let mut per_region = BTreeMap::new();
    for bone in skeleton.bones() {
        *per_region.entry(bone.region.as_str()).or_insert(0) += 1;
    }
    let expected = [
        ("ankle_foot", 52),
        ("chest", 26),
        ("face", 6),
        ("hand_wrist", 54),
        ("lower_limb", 8),
        ("pelvis", 10),
        ("shoulder_girdle", 4),
        ("skull", 8),
        ("spine_cervical", 7),
        ("spine_lumbar", 5),
        ("spine_thoracic", 12),
        ("upper_limb", 6),
    ];
    assert_eq!(per_region.into_iter().collect::<Vec<_>>(), expected);
    for &group in SiteGroup::ALL {
        assert!(skeleton.sites().iter().any(|site| site.group() == group), "{group} is empty");
    }
    for &tissue in TissueClass::ALL {
        assert!(skeleton.sites().iter().any(|site| site.tissue == tissue), "{tissue} is empty");
    }
}

#[test]
fn identifiers_are_unique_and_found() {
    let skeleton = Skeleton::get();
    let ids: HashSet<&str> = skeleton.sites().iter().map(|site| site.id.as_str()).collect();
    assert_eq!(ids.len(), 266);
    for id in skeleton.ids() {
        assert_eq!(skeleton.find(&skeleton.site(id).id), Some(id));
        assert_eq!(skeleton.bone(id).id, skeleton.site(id).bone_id);
    }
    let labels: HashSet<String> = skeleton.sites().iter().map(|site| site.label()).collect();
    assert_eq!(labels.len(), 266, "names for people are unique too");
    assert_eq!(skeleton.find("tibia"), None);
}

#[test]
fn a_misspelling_gets_the_right_suggestion_first() {
    let skeleton = Skeleton::get();
    assert_eq!(skeleton.suggest("tibia_proximal_metaphisis_L")[0], "tibia_proximal_metaphysis_L");
    assert_eq!(skeleton.suggest("Clavicle medial third R")[0], "clavicle_medial_third_R");
    assert!(skeleton.suggest("qqqqqqqq").is_empty());
}

#[test]
fn mirror_is_an_involution_that_changes_only_the_side() {
    let skeleton = Skeleton::get();
    for id in skeleton.ids() {
        let site = skeleton.site(id);
        let Some(mirror) = site.mirror else {
            assert_eq!(site.side, Side::Midline, "{}", site.id);
            continue;
        };
        let other = skeleton.site(mirror);
        assert_eq!(other.mirror, Some(id));
        assert_ne!(site.side, other.side);
        assert_ne!(other.side, Side::Midline);
        // Everything measured is symmetric, and so is the neighbourhood.
        let swap = |s: &SiteId| skeleton.site(*s).mirror.unwrap_or(*s);
        let reflected: BTreeSet<SiteId> = site.neighbours.iter().map(swap).collect();
        assert_eq!(reflected, other.neighbours.iter().copied().collect(), "{}", site.id);
        assert_eq!(swap(&site.lesion_site), other.lesion_site, "{}", site.id);
        let mut same = other.clone();
        same.id.clone_from(&site.id);
        same.bone_id.clone_from(&site.bone_id);
        same.side = site.side;
        same.mirror = site.mirror;
        same.neighbours.clone_from(&site.neighbours);
        same.lesion_site = site.lesion_site;
        assert_eq!(&same, site);
    }
}

#[test]
fn neighbours_are_mutual_and_reach_the_whole_skeleton() {
    let skeleton = Skeleton::get();
    for id in skeleton.ids() {
        let neighbours = &skeleton.site(id).neighbours;
        assert!(neighbours.windows(2).all(|pair| pair[0] < pair[1]), "ascending, no repeats");
        assert!(!neighbours.contains(&id));
        for neighbour in neighbours {
            assert!(skeleton.site(*neighbour).neighbours.contains(&id));
        }
    }
    let knee: Vec<&str> = skeleton
        .site(named("femur_distal_epiphysis_R"))
        .neighbours
        .iter()
        .map(|&n| skeleton.site(n).id.as_str())
        .collect();
    assert_eq!(knee, ["femur_distal_metaphysis_R", "patella_R", "tibia_proximal_epiphysis_R"]);
    let mut reached = BTreeSet::from([named("t4")]);
    let mut front = vec![named("t4")];
    while let Some(id) = front.pop() {
        for &next in &skeleton.site(id).neighbours {
            if reached.insert(next) {
                front.push(next);
            }
        }
    }
    let alone: Vec<&str> =
        skeleton.ids().filter(|id| !reached.contains(id)).map(|id| skeleton.site(id).id.as_str()).collect();
    assert!(alone.is_empty(), "not connected: {alone:?}");
}

#[test]
fn red_marrow_falls_with_age_and_stays_a_share() {
    for site in Skeleton::get().sites() {
        let mut before = 1.0;
        for step in 0..=120 {
            let share = site.red_marrow_share(f64::from(step) * 0.25);
            assert!((0.0..=before).contains(&share), "{} at {} y", site.id, f64::from(step) * 0.25);
            before = share;
        }
    }
    let skeleton = Skeleton::get();
    let at_ten = |id: &str| skeleton.site(named(id)).red_marrow_share(10.0);
    assert!(at_ten("t8") > at_ten("femur_proximal_metaphysis_L"), "centre after periphery");
    assert!(at_ten("femur_proximal_metaphysis_L") > at_ten("femur_distal_metaphysis_L"));
    assert!(at_ten("femur_distal_metaphysis_L") > at_ten("femur_diaphysis_L"), "shaft first");
    assert!(at_ten("femur_diaphysis_L") > at_ten("foot_distal_phalanx_3_L"));
    let site = skeleton.site(named("femur_diaphysis_L"));
    let middle = 0.5 * (site.red_marrow_share(5.0) + site.red_marrow_share(10.0));
    assert!((site.red_marrow_share(7.5) - middle).abs() < 1e-12, "linear between the ages of the table");
}

#[test]
fn plates_close_and_girls_come_first() {
    let mut with_plate = 0;
    for site in Skeleton::get().sites() {
        let Some(closure) = site.closure_age_years else {
            assert_eq!(site.plate_openness(3.0, Sex::Female, 0.8), 0.0, "{}", site.id);
            continue;
        };
        with_plate += 1;
        assert!(closure.female < closure.male, "{}", site.id);
        assert!((site.plate_openness(closure.male, Sex::Male, 0.8) - 0.5).abs() < 1e-12);
        assert!(site.plate_openness(2.0, Sex::Male, 0.8) > 0.99, "{}", site.id);
        assert!(site.plate_openness(30.0, Sex::Male, 0.8) < 0.01, "{}", site.id);
        assert!(site.plate_openness(12.0, Sex::Female, 0.8) < site.plate_openness(12.0, Sex::Male, 0.8));
    }
    assert!(with_plate > 200, "{with_plate}");
    for site in Skeleton::get().sites().iter().filter(|site| site.part == Part::Diaphysis) {
        assert!(site.closure_age_years.is_none(), "a shaft has no plate: {}", site.id);
    }
}

#[test]
fn growth_follows_pritchett() {
    let skeleton = Skeleton::get();
    let rate = |id: &str| skeleton.site(named(id)).growth_mm_per_year.unwrap();
    let share = |end: &str, other: &str| rate(end) / (rate(end) + rate(other));
    let close = |value: f64, published: f64| (value - published).abs() < 0.01;
    assert!(close(share("femur_distal_metaphysis_L", "femur_proximal_metaphysis_L"), 0.70));
    assert!(close(share("tibia_proximal_metaphysis_L", "tibia_distal_metaphysis_L"), 0.57));
    assert!(close(share("humerus_proximal_metaphysis_L", "humerus_distal_metaphysis_L"), 0.80));
    assert!(close(share("radius_distal_metaphysis_L", "radius_proximal_metaphysis_L"), 0.80));
    assert!(close(share("ulna_distal_metaphysis_L", "ulna_proximal_metaphysis_L"), 0.85));
    let fastest = rate("femur_distal_metaphysis_L");
    for site in skeleton.sites() {
        if let Some(rate) = site.growth_mm_per_year {
            assert!((site.growth - rate / fastest).abs() < 0.006, "{}", site.id);
        }
    }
}

#[test]
fn microtrauma_weights_add_up() {
    let skeleton = Skeleton::get();
    let total: f64 = skeleton.sites().iter().map(|site| site.microtrauma_weight).sum();
    assert!((total - 33.0).abs() < 2.0, "{total}");
    let of = |group: SiteGroup| -> f64 {
        skeleton.sites().iter().filter(|s| s.group() == group).map(|s| s.microtrauma_weight).sum()
    };
    assert!(of(SiteGroup::Tibia) > of(SiteGroup::Femur), "the tibia is struck most");
    assert!(of(SiteGroup::Hand) < 0.1 * of(SiteGroup::Tibia), "many small bones do not outweigh a large one");
    for site in skeleton.sites() {
        assert!(site.microtrauma_weight <= site.load + 1e-12, "{}", site.id);
    }
}

#[test]
fn groups_of_the_seven_regions() {
    let group = |id: &str| Skeleton::get().site(named(id)).group7;
    assert_eq!(group("femur_proximal_metaphysis_L"), Some(Group7::D));
    assert_eq!(group("femur_diaphysis_L"), Some(Group7::E));
    assert_eq!(group("tibia_proximal_metaphysis_L"), Some(Group7::E));
    assert_eq!(group("tibia_diaphysis_L"), Some(Group7::F));
    assert_eq!(group("sacrum_ala_L"), Some(Group7::C));
    assert_eq!(group("ilium_si_adjacent_R"), Some(Group7::C));
    assert_eq!(group("sacrum_body"), Some(Group7::D));
    assert_eq!(group("rib_4_L"), None);
    let jansson = Skeleton::get().sites().iter().filter(|site| site.jansson_axial).count();
    assert_eq!(jansson, 24 + 6 + 2, "vertebrae, thirds of the clavicles, sternum");
}

#[test]
fn broken_tables_are_refused_with_a_reason() {
    let bones = "id,bone,side,region,uberon,uberon_prov,fma,fma_two_sources_agree,radlex,radlex_sided,snomed,\
                 snomed_term,snomed_sided,group7,ea_site_class,jansson_axial,segments,segment_group7,note\n\
                 t4,T4,M,spine_thoracic,,,,,,,,,,G,other,true,,,\n";
    let head = "id,bone_id,bone,part,side,region,tissue,group7,ea_site_class,jansson_axial,load,microtrauma_weight,\
                growth,growth_mm_per_year,growth_source,perfusion,volume,red_marrow_age5,red_marrow_age10,\
                red_marrow_age15,red_marrow_age25,closure_age_f,closure_age_m\n";
    let site = |id: &str, bone: &str, side: &str| {
        format!(
            "{id},{bone},t4,whole,{side},spine_thoracic,axial_chest,G,other,true,0,0,0,,assumed,0,1,1,1,1,1,,\n"
        )
    };
    let read = |rows: &str, joints: &str| {
        Skeleton::parse(bones, &format!("{head}{rows}"), &format!("a,b,joint\n{joints}"))
            .map(|s| s.sites().len())
    };
    let message = |rows: &str, joints: &str| read(rows, joints).unwrap_err().to_string();
    assert_eq!(read(&site("t4", "t4", "M"), "").unwrap(), 1);
    assert!(message(&site("t4", "t5", "M"), "").contains("no `t5`"));
    assert!(message(&site("t4", "t4", "X"), "").contains("`X` is not a side; expected one of L, R, M"));
    assert!(message(&site("t4_L", "t4", "L"), "").contains("no `t4_R`"));
    assert!(message(&(site("t4", "t4", "M") + &site("t4", "t4", "M")), "").contains("`t4` occurs twice"));
    assert!(message(&site("t4", "t4", "M"), "t4,rib_4,costovertebral\n").contains("no `rib_4`"));
    assert!(message("t4,t4\n", "").contains("sites.csv"));
}

proptest! {
    #[test]
    fn selection_keeps_pairs_and_is_what_was_asked(n in 1usize..=266) {
        let skeleton = Skeleton::get();
        let chosen = skeleton.select(n);
        prop_assert_eq!(chosen.len(), n);
        prop_assert!(chosen.windows(2).all(|pair| pair[0] < pair[1]));
        let set: BTreeSet<SiteId> = chosen.iter().copied().collect();
        let split = chosen.iter().filter(|id| skeleton.site(**id).mirror.is_some_and(|m| !set.contains(&m))).count();
        prop_assert_eq!(split, 0, "a midline site could have filled the last place");
        prop_assert_eq!(chosen, skeleton.select(n));
    }

    #[test]
    fn openness_falls_with_age(age in 0.0f64..30.0, step in 0.01f64..5.0, width in 0.4f64..1.5) {
        for site in Skeleton::get().sites() {
            for &sex in Sex::ALL {
                let (now, later) = (site.plate_openness(age, sex, width), site.plate_openness(age + step, sex, width));
                prop_assert!(later <= now && (0.0..=1.0).contains(&now));
            }
        }
    }
}

#[test]
fn a_small_selection_looks_like_the_whole() {
    let skeleton = Skeleton::get();
    let groups: BTreeSet<SiteGroup> =
        skeleton.select(40).into_iter().map(|id| skeleton.site(id).group()).collect();
    for group in [
        SiteGroup::Femur,
        SiteGroup::Tibia,
        SiteGroup::Pelvis,
        SiteGroup::Spine,
        SiteGroup::Clavicle,
        SiteGroup::Foot,
    ] {
        assert!(groups.contains(&group), "{group}");
    }
    assert_eq!(skeleton.select(1000).len(), 266);
    assert!(skeleton.select(0).is_empty());
}

#[test]
fn an_epiphysis_counts_with_its_metaphysis_and_every_other_site_for_itself() {
    let skeleton = Skeleton::get();
    let of = |id: &str| skeleton.site(skeleton.site(skeleton.find(id).expect(id)).lesion_site).id.as_str();
    assert_eq!(of("tibia_proximal_epiphysis_L"), "tibia_proximal_metaphysis_L");
    assert_eq!(of("femur_distal_epiphysis_R"), "femur_distal_metaphysis_R");
    for own in
        ["tibia_proximal_metaphysis_L", "femur_greater_trochanter_R", "tibia_diaphysis_L", "t4", "talus_R"]
    {
        assert_eq!(of(own), own);
    }
    assert!(skeleton.sites().iter().all(|s| {
        let counted = skeleton.site(s.lesion_site);
        counted.lesion_site == s.lesion_site && counted.bone_id == s.bone_id
    }));
}
