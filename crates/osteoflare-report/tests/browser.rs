//! The scripts at work, where Chromium is installed.

mod common;

use std::path::PathBuf;
use std::process::Command;

use osteoflare_report::write_report;
use scraper::{Html, Selector};

fn chromium() -> Option<PathBuf> {
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    let folders: Vec<PathBuf> = std::env::split_paths(&std::env::var_os("PATH")?).collect();
    names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|path| path.is_file())
}

#[test]
fn scripts_fill_the_page() {
    let Some(browser) = chromium() else {
        println!("skipped: Chromium is not installed");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let results = folder.path().join("results");
    common::run_made_up(&common::study(), &results, common::life);
    let report = folder.path().join("report.html");
    write_report(&results, &report).unwrap();
    let output = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=4000", "--dump-dom"])
        .arg(format!("--user-data-dir={}", folder.path().join("profile").display()))
        .arg(format!("file://{}#dark", report.display()))
        .output()
        .unwrap();
    let html = Html::parse_document(&String::from_utf8_lossy(&output.stdout));
    let select = |selector: &str| -> Vec<_> { html.select(&Selector::parse(selector).unwrap()).collect() };
    let text =
        |selector: &str| -> String { select(selector).iter().flat_map(|element| element.text()).collect() };
    assert_eq!(select("html")[0].attr("data-theme"), Some("dark"));
    assert!(text("#who").contains("years old at the start"), "{}", text("#who"));
    assert!(text("#now").starts_with("Year "), "{}", text("#now"));
    assert_eq!(select("#strips svg").len(), 1);
    // The first child shown has the most foci; at its presentation each burns at 0.8, the seventh colour of nine.
    assert!(!select("#player use.h6").is_empty());
    assert!(!select("#player .marks .seen").is_empty());
    assert_eq!(select("#arm option").len(), 2);
    assert!(text("#evidence-count").contains("published numbers shown"));
}
