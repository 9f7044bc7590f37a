//! The page as a browser would read it.

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::sync::OnceLock;

use osteoflare_report::{ReportError, report_html, write_report};
use osteoflare_skeleton::{Skeleton, View, outline};
use scraper::{Html, Selector};
use serde_json::Value;

/// The page of the made-up study, made once.
fn page() -> &'static str {
    static PAGE: OnceLock<String> = OnceLock::new();
    PAGE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let results = folder.path().join("results");
        common::run_made_up(&common::study(), &results, common::life);
        report_html(&results).unwrap()
    })
}

fn select<'a>(html: &'a Html, selector: &str) -> Vec<scraper::ElementRef<'a>> {
    html.select(&Selector::parse(selector).unwrap()).collect()
}

fn data(html: &Html) -> Value {
    let script = select(html, "#osteoflare-data")[0];
    serde_json::from_str(&script.text().collect::<String>()).unwrap()
}

#[test]
fn the_page_is_valid_html() {
    let html = Html::parse_document(page());
    assert!(html.errors.is_empty(), "{:?}", html.errors);
    let ids: Vec<&str> = select(&html, "[id]").iter().filter_map(|element| element.attr("id")).collect();
    let unique: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), unique.len(), "an id stands twice");
    for link in select(&html, "a[href^='#'], use[href]") {
        let target = link.attr("href").unwrap().trim_start_matches('#');
        assert!(unique.contains(target), "#{target} leads nowhere");
    }
    assert_eq!(select(&html, "main > section").len(), 9);
}

#[test]
fn nothing_is_loaded_from_elsewhere() {
    let html = Html::parse_document(page());
    for selector in ["[src]", "link", "iframe", "object", "embed", "image", "base", "form"] {
        assert!(select(&html, selector).is_empty(), "{selector}");
    }
    for link in select(&html, "a[href]") {
        let target = link.attr("href").unwrap();
        let known = ["#", "https://doi.org/", "https://pubmed.ncbi.nlm.nih.gov/"];
        assert!(known.iter().any(|start| target.starts_with(start)), "{target}");
    }
    let style: String = select(&html, "style").iter().flat_map(|element| element.text()).collect();
    assert!(!style.contains("@import") && !style.contains("url("));
    let policy = select(&html, "meta[http-equiv='Content-Security-Policy']")[0].attr("content").unwrap();
    assert!(policy.starts_with("default-src 'none'"), "{policy}");
    for script in select(&html, "script:not([type])") {
        let text: String = script.text().collect();
        assert!(!text.contains("fetch(") && !text.contains("XMLHttpRequest") && !text.contains("innerHTML"));
    }
}

#[test]
fn hostile_names_stay_text() {
    let html = Html::parse_document(page());
    assert!(select(&html, "img").is_empty());
    assert_eq!(select(&html, "script").len(), 6, "scheme, data and four scripts");
    let title: String = select(&html, "h1")[0].text().collect();
    assert_eq!(title, common::HOSTILE);
    assert_eq!(data(&html)["families"][1]["label"], common::HOSTILE);
    let label = select(&html, "svg[aria-label]")
        .iter()
        .any(|svg| svg.attr("aria-label").unwrap().contains(common::HOSTILE));
    assert!(label, "the label stands whole in a text alternative");
}

#[test]
fn every_site_is_drawn_in_every_view() {
    let html = Html::parse_document(page());
    for view in View::ALL {
        let (letter, name) = if view == View::Front { ('f', "front") } else { ('b', "back") };
        let drawings = select(&html, &format!("svg.bones[data-view='{name}']"));
        assert!(drawings.len() >= 3);
        for site in (0..Skeleton::get().sites().len() as u16).map(osteoflare_skeleton::SiteId) {
            let Some(path) = outline(site, view) else { continue };
            let drawn = select(&html, &format!("path#{letter}{}", site.0));
            assert_eq!(drawn[0].attr("d"), Some(path));
            let used = Selector::parse(&format!("use[data-s='{}']", site.0)).unwrap();
            assert!(drawings.iter().all(|svg| svg.select(&used).count() == 1), "{name} {}", site.0);
        }
    }
    assert!(
        select(&html, "svg:not([aria-hidden]):not([aria-label])")
            .iter()
            .all(|svg| svg.attr("class") == Some("defs"))
    );
}

#[test]
fn maps_count_what_the_tables_hold() {
    let html = Html::parse_document(page());
    let maps = data(&html)["maps"].clone();
    // Child `i` has foci at 40 + 11 k + i for k up to i % 6; 24 children, all seen at entry.
    assert_eq!(maps[1]["of"], serde_json::json!([24, 24]));
    let site = 40 + 11 + 7;
    let expected = (0..24u64).filter(|i| (0..=i % 6).any(|k| 40 + 11 * k + i == site)).count();
    let counted = maps[1]["sites"].as_array().unwrap().iter().find(|entry| entry[0] == site).unwrap();
    assert_eq!(counted[1], expected);
    assert_eq!(maps[0]["sites"], serde_json::json!([]));
}

#[test]
fn shown_children_stand_where_the_rule_says() {
    let html = Html::parse_document(page());
    let ill = &data(&html)["families"][1]["chosen"];
    let roles: Vec<&str> =
        ill.as_array().unwrap().iter().map(|child| child["role"].as_str().unwrap()).collect();
    assert_eq!(roles, ["median", "severe", "mild"]);
    let most = |child: &Value| {
        child["lives"][0]["foci"].as_array().unwrap().iter().filter_map(Value::as_u64).max().unwrap()
    };
    assert!(most(&ill[1]) > most(&ill[0]) && most(&ill[0]) > most(&ill[2]));
    // The same child under both plans, and shorter disease under treatment.
    let lives = ill[0]["lives"].as_array().unwrap();
    assert_eq!(lives.len(), 2);
    assert_eq!(lives[0]["patient"], lives[1]["patient"]);
    let length = |life: &Value| life["local"][0]["w"].as_array().unwrap().len();
    assert!(length(&lives[1]) < length(&lives[0]));
    assert_eq!(lives[1]["drugs"][0][0], "naproxen");
    assert_eq!(lives[0]["local"][0]["w"][0], 80);
    assert_eq!(lives[0]["local"][0]["r"][0], 130);
}

#[test]
fn groups_with_nobody_get_a_sentence() {
    let html = Html::parse_document(page());
    let text: String = html.root_element().text().collect();
    assert!(text.contains("no child could be computed."));
    assert!(text.contains("No child of this group had a whole-body MRI."));
    assert!(text.contains("No courses were stored for this group."));
    assert!(text.contains("Research use; not a medical device."));
    assert!(text.contains("autoinflammatory more often than autoimmune"));
}

#[test]
fn lives_that_left_nothing_make_a_page() {
    let folder = tempfile::tempdir().unwrap();
    let results = folder.path().join("results");
    common::run_made_up(&common::study(), &results, common::bare_life);
    let html = Html::parse_document(&report_html(&results).unwrap());
    assert!(html.errors.is_empty(), "{:?}", html.errors);
    let text: String = html.root_element().text().collect();
    assert!(text.contains("so no child can be followed"));
    assert!(text.contains("Nobody came to the clinic, so there was nothing to treat."));
    assert!(text.contains("so no source was used"));
}

#[test]
fn tables_that_were_not_written_are_no_error() {
    let folder = tempfile::tempdir().unwrap();
    let results = folder.path().join("results");
    common::run_made_up(&common::study(), &results, common::life);
    let path = results.join("manifest.json");
    let mut manifest: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    let files = manifest["files"].as_array_mut().unwrap();
    let before = files.len();
    let dropped = ["course_local/", "course_systemic/", "findings/", "events/"];
    files.retain(|file| !dropped.iter().any(|start| file["path"].as_str().unwrap().starts_with(start)));
    assert!(files.len() < before);
    fs::write(&path, serde_json::to_vec(&manifest).unwrap()).unwrap();
    let html = report_html(&results).unwrap();
    assert!(html.contains("No courses were stored, so no child can be followed."));
}

#[test]
fn the_same_results_give_the_same_bytes_in_one_file() {
    let folder = tempfile::tempdir().unwrap();
    let results = folder.path().join("results");
    common::run_made_up(&common::study(), &results, common::life);
    let out = folder.path().join("out");
    fs::create_dir(&out).unwrap();
    for _ in 0..2 {
        write_report(&results, &out.join("report.html")).unwrap();
        assert_eq!(fs::read_to_string(out.join("report.html")).unwrap(), page());
    }
    assert_eq!(fs::read_dir(&out).unwrap().count(), 1, "nothing half written is left");
    assert!(page().len() < 3_000_000, "{} bytes", page().len());
}

#[test]
fn what_goes_wrong_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let error = write_report(folder.path(), &folder.path().join("r.html")).unwrap_err();
    assert!(matches!(error, ReportError::Results(_)), "{error}");
    let results = folder.path().join("results");
    common::run_made_up(&common::study(), &results, common::life);
    let out = folder.path().join("nowhere").join("r.html");
    let error = write_report(&results, &out).unwrap_err();
    assert!(matches!(&error, ReportError::Write { path, .. } if *path == out), "{error}");
    // A folder cannot be replaced by a file; the half-written file is gone.
    let error = write_report(&results, &results).unwrap_err();
    assert!(matches!(error, ReportError::Write { .. }), "{error}");
    assert!(
        fs::read_dir(folder.path())
            .unwrap()
            .all(|entry| { !entry.unwrap().file_name().to_string_lossy().ends_with(".partial") })
    );
}
