//! What treatment does: findings in the months after the presentation, relative to it, by arm of twins.

use super::{colour, label, open_section};
use crate::chart::{Point, response_panel};
use crate::data::{Family, MONTHS, Outcome, Ratio, Report};
use crate::text::{escape, percent, percent_interval};

/// Top of the vertical axis at most, as a ratio.
const TOP: f64 = 2.0;

pub(super) fn section(report: &Report) -> String {
    let mut html = open_section(
        "response",
        "What treatment does",
        "The arms of a family hold the very same children. Each panel shows what is left of a finding in the months after \
         the presentation, as the sum over children then over the sum at the presentation, with its 95 % interval; the \
         first plan of the family is drawn in grey behind the others. Children who have both findings count.",
    );
    let mut any = false;
    for (place, family) in report.families.iter().enumerate() {
        let presented = family.arms.iter().any(|arm| report.groups[*arm].presented > 0);
        if !presented {
            continue;
        }
        any = true;
        html.push_str(&format!(
            "<h3 class=\"{}\"><i class=\"swatch\"></i>{}</h3>\n",
            colour(place),
            label(&report.groups[family.base])
        ));
        if family.arms.len() == 1 {
            html.push_str("<p class=\"note\">This group has no twins under another plan.</p>\n");
        }
        for outcome in Outcome::ALL {
            html.push_str(&panels(report, family, place, outcome));
        }
        html.push_str(&table(report, family));
    }
    if !any {
        html.push_str("<p class=\"empty\">Nobody came to the clinic, so there was nothing to treat.</p>\n");
    }
    html.push_str("</section>\n");
    html
}

fn title(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Lesions => "Lesions on MRI",
        Outcome::Pain => "Worst pain of the week",
        Outcome::Crp => "C-reactive protein",
    }
}

fn points(ratios: &[Option<Ratio>]) -> Vec<Point> {
    ratios
        .iter()
        .zip(MONTHS)
        .filter_map(|(ratio, month)| {
            let ratio = (*ratio)?;
            Some(Point { month, value: ratio.value, interval: ratio.interval })
        })
        .collect()
}

fn panels(report: &Report, family: &Family, place: usize, outcome: Outcome) -> String {
    let mut html = format!(
        "<h4>{}, relative to the presentation <small>by months</small></h4>\n<div class=\"panels arms\">\n",
        title(outcome)
    );
    let arms: Vec<(usize, Vec<Point>)> =
        family.arms.iter().map(|arm| (*arm, points(&report.groups[*arm].response(outcome)))).collect();
    let most = arms.iter().flat_map(|(_, points)| points).map(|point| point.value).fold(1.0, f64::max);
    let top = (1.1 * most).clamp(1.0, TOP);
    let base = arms.first().map(|(_, points)| points.clone()).unwrap_or_default();
    for (arm, points) in &arms {
        let group = &report.groups[*arm];
        let told: Vec<String> =
            points.iter().map(|point| format!("month {}: {}", point.month, percent(point.value))).collect();
        let text = format!("{}, {}: {}.", group.label, title(outcome), told.join(", "));
        html.push_str("<figure>");
        if points.is_empty() {
            html.push_str("<p class=\"empty\">No child has this finding at the presentation and later.</p>");
        } else {
            let behind = if *arm == family.base { &[][..] } else { &base };
            html.push_str(&response_panel(points, behind, &MONTHS, top, &colour(place), &text));
        }
        html.push_str(&format!("<figcaption>{}</figcaption></figure>\n", label(group)));
    }
    html.push_str("</div>\n");
    html
}

fn table(report: &Report, family: &Family) -> String {
    let mut rows = String::new();
    for outcome in Outcome::ALL {
        for arm in &family.arms {
            let group = &report.groups[*arm];
            let cells: String = group
                .response(outcome)
                .into_iter()
                .map(|ratio| match ratio {
                    Some(Ratio { value, interval, children }) => format!(
                        "<td><b>{}</b> <small>{} of {children}</small></td>",
                        percent(value),
                        interval.map_or_else(String::new, |ends| format!("({})", percent_interval(ends)))
                    ),
                    None => "<td>–</td>".to_owned(),
                })
                .collect();
            rows.push_str(&format!(
                "<tr><th scope=\"row\">{}</th><td>{}</td>{cells}</tr>",
                escape(&group.label),
                title(outcome)
            ));
        }
    }
    let months: String = MONTHS
        .iter()
        .map(|month| {
            format!("<th scope=\"col\">{month} {}</th>", if *month == 1 { "month" } else { "months" })
        })
        .collect();
    format!(
        "<details><summary>These numbers as a table</summary><div class=\"scroll\"><table><thead><tr><th scope=\"col\">Arm</th>\
         <th scope=\"col\">Finding</th>{months}</tr></thead><tbody>{rows}</tbody></table></div></details>\n"
    )
}
