//! The COMBINE archive holds what its manifest says, and its SED-ML points at what the model has.

mod children;

use std::io::{Cursor, Read};

use children::child;
use osteoflare_export::combine::archive;
use osteoflare_export::scenario::Scenario;
use osteoflare_skeleton::Skeleton;

#[test]
fn the_archive_is_complete_and_refers_to_what_is_there() {
    let sites = Skeleton::get().select(3);
    let scenario = Scenario::of(&child("broken_tolerance", 1), &sites, 60.0).unwrap();
    let bytes = archive(&scenario).unwrap();
    assert_eq!(bytes, archive(&scenario).unwrap(), "the same scenario gives the same bytes");
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut read = |name: &str| {
        let mut text = String::new();
        zip.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    };
    let manifest = read("manifest.xml");
    let manifest = roxmltree::Document::parse(&manifest).unwrap();
    let sed = manifest.descendants().find(|n| n.attribute("location") == Some("./simulation.sedml")).unwrap();
    assert_eq!(sed.attribute("format"), Some("http://identifiers.org/combine.specifications/sed-ml"));
    assert_eq!(sed.attribute("master"), Some("true"));
    let mut listed = 0;
    for content in manifest.root_element().children().filter(roxmltree::Node::is_element) {
        let location = content.attribute("location").unwrap();
        if location != "." {
            read(location.trim_start_matches("./"));
            listed += 1;
        }
    }
    assert_eq!(listed, 4);
    let (model, sed) = (read("model.xml"), read("simulation.sedml"));
    let model = roxmltree::Document::parse(&model).unwrap();
    let ids: Vec<&str> = model.descendants().filter_map(|n| n.attribute("id")).collect();
    let sed = roxmltree::Document::parse(&sed).unwrap();
    let targets: Vec<&str> = sed.descendants().filter_map(|n| n.attribute("target")).collect();
    assert_eq!(targets.len(), 10, "three states of three sites, and CRP");
    for target in targets {
        let id = target.split('\'').nth(1).unwrap();
        assert!(ids.contains(&id), "{target}");
    }
    let data: Vec<&str> = sed
        .descendants()
        .filter(|n| n.has_tag_name(("http://sed-ml.org/sed-ml/level1/version4", "dataGenerator")))
        .filter_map(|n| n.attribute("id"))
        .collect();
    for curve in sed.descendants().filter_map(|n| n.attribute("yDataReference")) {
        assert!(data.contains(&curve), "{curve}");
    }
}
