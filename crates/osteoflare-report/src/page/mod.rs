//! The page: shell, sections in order, embedded style, scripts and data.

mod children;
mod contrast;
mod courses;
mod embedded;
mod evidence;
mod lesions;
mod maps;
mod methods;
mod opening;
mod response;
mod skeleton;

use crate::data::{GroupData, Report};
use crate::error::ReportError;
use crate::text::{escape, script_json};

const BASE_CSS: &str = include_str!("../../assets/base.css");
const FIGURES_CSS: &str = include_str!("../../assets/figures.css");
const LIGHT_CSS: &str = include_str!("../../assets/light.css");
const DARK_CSS: &str = include_str!("../../assets/dark.css");
const THEME_JS: &str = include_str!("../../assets/theme.js");
/// Scripts after the content, in order.
const SCRIPTS: [&str; 4] = [
    include_str!("../../assets/tip.js"),
    include_str!("../../assets/maps.js"),
    include_str!("../../assets/child.js"),
    include_str!("../../assets/evidence.js"),
];

/// Number of colours for families of groups in the style sheet.
const FAMILY_COLOURS: usize = 6;

/// Sections as `(anchor, name in the menu)`.
const SECTIONS: [(&str, &str); 9] = [
    ("summary", "Summary"),
    ("contrast", "Contrast"),
    ("maps", "Where"),
    ("children", "One child"),
    ("courses", "Courses"),
    ("lesions", "How many"),
    ("response", "Treatment"),
    ("evidence", "Evidence"),
    ("methods", "Methods"),
];

/// The report as an HTML file.
pub(crate) fn render(report: &Report) -> Result<String, ReportError> {
    let data = script_json(&serde_json::to_string(&embedded::data(report))?);
    let title = escape(&report.summary.study.title);
    let mut page = String::with_capacity(data.len() + (1 << 20));
    page.push_str("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    page.push_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    // Nothing may be loaded: the browser itself keeps the promise of one file.
    page.push_str(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; \
         script-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'\">\n",
    );
    page.push_str("<meta name=\"color-scheme\" content=\"light dark\">\n");
    page.push_str(&format!(
        "<meta name=\"generator\" content=\"osteoflare {}\">\n",
        escape(&report.manifest.version)
    ));
    page.push_str(&format!("<title>{title} · Osteoflare report</title>\n"));
    page.push_str(&format!("<style>\n{}</style>\n<script>\n{THEME_JS}</script>\n</head>\n<body>\n", style()));
    page.push_str(&menu());
    page.push_str(&skeleton::definitions());
    page.push_str("<main>\n");
    for section in [
        opening::section(report),
        contrast::section(report),
        maps::section(report),
        children::section(report),
        courses::section(report),
        lesions::section(report),
        response::section(report),
        evidence::section(report),
        methods::section(report),
    ] {
        page.push_str(&section);
    }
    page.push_str("</main>\n");
    page.push_str(&format!("<footer><p>{}</p></footer>\n", escape(&report.manifest.notice)));
    page.push_str("<div id=\"tip\" role=\"status\" aria-live=\"polite\" hidden></div>\n");
    page.push_str(&format!("<script type=\"application/json\" id=\"osteoflare-data\">{data}</script>\n"));
    for script in SCRIPTS {
        page.push_str(&format!("<script>\n{script}</script>\n"));
    }
    page.push_str("</body>\n</html>\n");
    Ok(page)
}

/// The style sheet. Colours stand once per scheme; the reader's choice wins over that of the system.
fn style() -> String {
    format!(
        ":root{{color-scheme:light;\n{LIGHT_CSS}}}\n\
         @media screen and (prefers-color-scheme:dark){{:root:not([data-theme=light]){{color-scheme:dark;\n{DARK_CSS}}}}}\n\
         @media screen{{:root[data-theme=dark]{{color-scheme:dark;\n{DARK_CSS}}}}}\n{BASE_CSS}{FIGURES_CSS}"
    )
}

fn menu() -> String {
    let links: String =
        SECTIONS.iter().map(|(anchor, name)| format!("<a href=\"#{anchor}\">{name}</a>")).collect();
    format!(
        "<a class=\"skip\" href=\"#summary\">Skip to the content</a>\n\
         <header class=\"bar\"><span class=\"brand\">Osteoflare</span><nav aria-label=\"Sections\">{links}</nav>\
         <button id=\"theme\" type=\"button\" aria-label=\"Switch between light and dark\" title=\"Light or dark\">\
         <svg viewBox=\"0 0 24 24\" aria-hidden=\"true\"><circle cx=\"12\" cy=\"12\" r=\"8\" fill=\"none\" \
         stroke=\"currentColor\" stroke-width=\"2\"/><path d=\"M12 4a8 8 0 0 1 0 16z\" fill=\"currentColor\"/></svg>\
         </button></header>\n"
    )
}

/// Opens a section with its heading.
fn open_section(anchor: &str, heading: &str, lead: &str) -> String {
    format!("<section id=\"{anchor}\"><h2>{heading}</h2>\n<p class=\"lead\">{lead}</p>\n")
}

/// Class of the colour of a family.
fn colour(family: usize) -> String {
    format!("k{}", family % FAMILY_COLOURS)
}

/// A group's label, for text.
fn label(group: &GroupData) -> String {
    escape(&group.label).into_owned()
}
