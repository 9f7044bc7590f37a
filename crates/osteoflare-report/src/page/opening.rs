//! Head of the report: title, what came out in plain words, what it may be used for.

use osteoflare_study::summary::{GroupSummary, SeenAt};

use super::{colour, label};
use crate::data::{Family, Outcome, Report};
use crate::text::{capitalised, counted, escape, grouped, number, percent};

/// Months after which treatment arms are compared in the summary.
const COMPARED_AFTER: u32 = 12;

/// What the disease is called, and why the model does not decide.
const REMARK: &str = "<aside class=\"remark\"><p><b>Autoinflammatory or autoimmune?</b> The literature calls chronic \
    nonbacterial osteomyelitis (CNO) autoinflammatory more often than autoimmune. The model has both arms, innate \
    inflammation that IL-10 fails to stop and self-reactive T cells that tolerance lets pass, and either can be switched \
    off in the study file.</p></aside>\n";

pub(super) fn section(report: &Report) -> String {
    let study = &report.summary.study;
    let children: u64 = report.groups.iter().map(|group| u64::from(group.children)).sum();
    let mut html = String::from("<section id=\"summary\" class=\"hero\">\n");
    html.push_str("<p class=\"research\"><b>Research use; not a medical device.</b> All children here are virtual.</p>\n");
    html.push_str(&format!("<h1>{}</h1>\n", escape(&study.title)));
    html.push_str(&format!(
        "<p class=\"byline\">Study <code>{}</code> · {} lives in {} · {} years each · seed {} · Osteoflare {}</p>\n",
        escape(&study.name),
        grouped(children),
        counted(report.groups.len(), "group", "groups"),
        number(report.study.horizon_days / 365.25),
        study.seed,
        escape(&study.version)
    ));
    html.push_str(&format!(
        "<div class=\"opening\"><p class=\"plain\">{}</p>\n{REMARK}</div>\n",
        plain_words(report)
    ));
    html.push_str("<div class=\"cards glance\">\n");
    for (place, family) in report.families.iter().enumerate() {
        html.push_str(&card(report, family, place));
    }
    html.push_str("</div>\n");
    html.push_str("</section>\n");
    html
}

/// One paragraph, every number of it from the summary.
fn plain_words(report: &Report) -> String {
    let years = number(report.study.horizon_days / 365.25);
    let mut sentences = vec![format!(
        "One set of equations ran in every child; groups differ in tolerance, germs and drugs only. \
         Each child was followed for {years} years."
    )];
    for family in &report.families {
        let group = &report.groups[family.base];
        if let Some(summary) = report.summary.groups.get(&group.name) {
            sentences.push(format!("<b>{}</b>: {}", label(group), about(summary)));
        }
    }
    for family in &report.families {
        sentences.extend(treatment(report, family));
    }
    let judged = |verdict: bool| report.comparisons.iter().filter(|c| c.agrees == Some(verdict)).count();
    let (agree, disagree) = (judged(true), judged(false));
    if agree + disagree > 0 {
        sentences.push(format!(
            "Of {} published numbers that could be put to the test, <a href=\"#evidence\">{agree} agree and {disagree} do \
             not</a>.",
            agree + disagree
        ));
    }
    sentences.join(" ")
}

fn about(summary: &GroupSummary) -> String {
    let share = |measure: &str| summary.value(measure).map(percent);
    let count = |measure: &str| summary.value(measure).map(number);
    if summary.patients == summary.failed {
        return "no child could be computed.".to_owned();
    }
    let mut clauses = Vec::new();
    match (summary.seen_at, share("presented_share")) {
        (SeenAt::ControlVisit, Some(presented)) if summary.value("presented_share") > Some(0.0) => {
            clauses.push(format!("{presented} ever came to the clinic"));
        }
        (SeenAt::ControlVisit, _) => clauses.push("nobody came to the clinic".to_owned()),
        (SeenAt::Presentation, Some(presented)) => clauses.push(format!("{presented} came to the clinic")),
        (SeenAt::Presentation, None) => {}
    }
    if let Some(lesions) = count("mri_lesions_median") {
        let noun = if lesions == "1" { "lesion" } else { "lesions" };
        clauses.push(format!("a median of {lesions} {noun} on the first MRI"));
    }
    if summary.seen_at == SeenAt::Presentation {
        clauses.extend(count("crp_peak_median_mg_l").map(|crp| format!("a median CRP peak of {crp} mg/L")));
        clauses.extend(share("chronic_share").map(|share| format!("chronic in {share}")));
        clauses.extend(share("relapse_share").map(|share| format!("back after remission in {share}")));
        clauses.extend(
            share("cured_by_antibiotics_share").map(|share| format!("cured by antibiotics in {share}")),
        );
    }
    if clauses.is_empty() { "nothing to tell.".to_owned() } else { format!("{}.", clauses.join(", ")) }
}

/// Which plan left the fewest and the most lesions, of plans on the same children.
fn treatment(report: &Report, family: &Family) -> Option<String> {
    let mut left: Vec<(f64, usize)> = family
        .arms
        .iter()
        .filter_map(|arm| {
            let months = crate::data::MONTHS.iter().position(|month| *month == COMPARED_AFTER)?;
            let ratio = report.groups[*arm].response(Outcome::Lesions)[months]?;
            Some((ratio.value, *arm))
        })
        .collect();
    if left.len() < 2 {
        return None;
    }
    left.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let ((best, best_arm), (worst, worst_arm)) = (*left.first()?, *left.last()?);
    Some(format!(
        "Of {} plans on the same children, “{}” left the fewest MRI lesions after {COMPARED_AFTER} months ({} of those at \
         the presentation) and “{}” the most ({}).",
        left.len(),
        label(&report.groups[best_arm]),
        percent(best),
        label(&report.groups[worst_arm]),
        percent(worst)
    ))
}

/// Four numbers of a group at a glance.
fn card(report: &Report, family: &Family, place: usize) -> String {
    let group = &report.groups[family.base];
    let mut html = format!(
        "<article class=\"card {}\"><h3><i class=\"swatch\"></i>{}</h3><dl>",
        colour(place),
        label(group)
    );
    let summary = report.summary.groups.get(&group.name);
    let controls = summary.is_some_and(|summary| summary.seen_at == SeenAt::ControlVisit);
    let facts = [
        ("presented_share", "came to the clinic", true, ""),
        ("mri_lesions_median", "lesions on the first MRI, median", false, ""),
        ("crp_peak_median_mg_l", "CRP peak, median", false, " mg/L"),
        // What readers of controls take for a lesion comes and goes; that is no relapse.
        if controls {
            ("truth_any_spell_share", "truly inflamed for six weeks or more", true, "")
        } else {
            ("relapse_share", "back after remission", true, "")
        },
    ];
    for (measure, meaning, is_share, unit) in facts {
        let value = summary.and_then(|summary| summary.value(measure));
        let text = match value {
            Some(value) if is_share => percent(value),
            Some(value) => format!("{}<small>{unit}</small>", number(value)),
            None => "–".to_owned(),
        };
        html.push_str(&format!("<div><dt>{}</dt><dd>{text}</dd></div>", capitalised(meaning)));
    }
    html.push_str("</dl>");
    let failed = summary.map_or(0, |summary| summary.failed);
    html.push_str(&format!("<p class=\"note\">{}", counted(group.children as usize, "child", "children")));
    if failed > 0 {
        html.push_str(&format!(", {failed} more could not be computed"));
    }
    html.push_str("</p></article>\n");
    html
}
