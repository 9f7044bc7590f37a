//! Courses of a dozen children per family.

use super::{colour, label, open_section};
use crate::chart::course_panel;
use crate::data::{Child, Family, Report};
use crate::text::{counted, number, percent};

pub(super) fn section(report: &Report) -> String {
    let years = report.study.horizon_days / 365.25;
    let lead = format!(
        "Each panel is one child over {} years: the number of inflamed sites (area) above the C-reactive protein in mg/L \
         (line), as they truly were. Bars between the two are drugs, the dashed line is the presentation to the clinic. \
         Children stand at even distances in the ranking from mild to severe; axes are the same within a group.",
        number(years)
    );
    let mut html = open_section("courses", "Courses side by side", &lead);
    for (place, family) in report.families.iter().enumerate() {
        html.push_str(&panels(report, family, place, years));
    }
    html.push_str("</section>\n");
    html
}

fn panels(report: &Report, family: &Family, place: usize, years: f64) -> String {
    let group = &report.groups[family.base];
    let mut html =
        format!("<h3 class=\"{0}\"><i class=\"swatch\"></i>{1}</h3>\n", colour(place), label(group));
    let drawn = family.overview.iter().any(|child| !child.circulation.is_empty());
    if !drawn {
        html.push_str("<p class=\"empty\">No courses were stored for this group.</p>\n");
        return html;
    }
    let whom = if family.pool_presented {
        "who came to the clinic"
    } else {
        "of the group; nobody came to the clinic"
    };
    html.push_str(&format!(
        "<p class=\"note\">{} of {} {whom}.</p>\n<div class=\"panels\">\n",
        family.overview.len(),
        counted(family.pool, "child", "children")
    ));
    let moments = || family.overview.iter().flat_map(|child| &child.circulation);
    let foci = moments().map(|moment| f64::from(moment.foci)).fold(2.0, f64::max);
    let crp = moments().map(|moment| moment.crp_mg_l.ceil()).fold(5.0, f64::max);
    for (rank, child) in family.overview.iter().enumerate() {
        let rank = (2 * rank + 1) as f64 / (2 * family.overview.len()) as f64;
        let text = describe(child, rank);
        html.push_str(&format!(
            "<figure>{}<figcaption>No. {} · rank {}</figcaption></figure>\n",
            course_panel(child, years, foci, crp, &colour(place), &text),
            child.patient,
            percent(rank)
        ));
    }
    html.push_str("</div>\n");
    html
}

fn describe(child: &Child, rank: f64) -> String {
    let foci = child.circulation.iter().map(|moment| moment.foci).max().unwrap_or(0);
    let crp = child.circulation.iter().map(|moment| moment.crp_mg_l).fold(0.0, f64::max);
    let presented = match child.presented_day() {
        Some(day) => format!("came to the clinic after {} years", number(day / 365.25)),
        None => "never came to the clinic".to_owned(),
    };
    format!(
        "Child {} at rank {}: {presented}, at most {}, highest CRP {} mg/L.",
        child.patient,
        percent(rank),
        counted(foci as usize, "inflamed site", "inflamed sites"),
        number(crp)
    )
}
