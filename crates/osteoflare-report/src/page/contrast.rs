//! The contrast table: cause, time course, pattern and response, by group, in words and numbers.

use osteoflare_study::summary::{Answer, MEASURES, Measure, Statistic};

use super::{colour, open_section};
use crate::chart::{Span, share_bar};
use crate::data::Report;
use crate::text::{escape, interval, number, percent, percent_interval};

/// Sentences from which a cell becomes a list.
const LIST_FROM: usize = 5;

pub(super) fn section(report: &Report) -> String {
    let mut html = open_section(
        "contrast",
        "What sets the groups apart",
        "Every sentence is put together from the numbers below it. Numbers stand with their 95 % interval, which only \
         speaks of the finite number of children, and with the children they rest on.",
    );
    let contrast = &report.summary.contrast;
    if contrast.columns.is_empty() {
        html.push_str(
            "<p class=\"empty\">There is no group with children of its own to compare.</p>\n</section>\n",
        );
        return html;
    }
    html.push_str("<div class=\"scroll wide\"><table class=\"contrast\">\n<thead><tr><td></td>");
    for (place, column) in contrast.columns.values().enumerate() {
        html.push_str(&format!(
            "<th scope=\"col\" class=\"{}\"><i class=\"swatch\"></i>{}</th>",
            colour(place),
            escape(&column.label)
        ));
    }
    html.push_str("</tr></thead>\n<tbody>\n");
    for (row, title) in contrast.rows.values().enumerate() {
        html.push_str(&format!("<tr><th scope=\"row\">{}</th>", escape(title)));
        for (place, (group, column)) in contrast.columns.iter().enumerate() {
            let answer = column.answers().get(row).copied();
            html.push_str(&format!(
                "<td class=\"{}\" data-label=\"{}\">{}</td>",
                colour(place),
                escape(&column.label),
                answer.map_or_else(String::new, |answer| cell(report, group, answer))
            ));
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</tbody></table></div>\n</section>\n");
    html
}

fn cell(report: &Report, group: &str, answer: &Answer) -> String {
    // Numbers of the row on treatment are keyed by `group.measure`, those of the others by measure.
    let numbers: Vec<(&str, &str)> =
        answer.numbers.keys().map(|key| key.rsplit_once('.').unwrap_or((group, key.as_str()))).collect();
    let mut html = in_words(&answer.text);
    let mut arms: Vec<&str> = Vec::new();
    for (arm, _) in &numbers {
        if !arms.contains(arm) {
            arms.push(arm);
        }
    }
    let many = numbers.len() > 8;
    if many {
        html.push_str("<details><summary>Numbers</summary>");
    }
    for arm in &arms {
        if arms.len() > 1 {
            let label = report.summary.groups.get(*arm).map_or(*arm, |summary| summary.label.as_str());
            html.push_str(&format!("<h4>{}</h4>", escape(label)));
        }
        html.push_str("<dl class=\"numbers\">");
        for (_, measure) in numbers.iter().filter(|(of, _)| of == arm) {
            html.push_str(&one_number(report, arm, measure));
        }
        html.push_str("</dl>");
    }
    if many {
        html.push_str("</details>");
    }
    html
}

/// The text; where it is long, its sentences as a list.
fn in_words(text: &str) -> String {
    let sentences: Vec<&str> = text.split_inclusive(". ").map(str::trim_end).collect();
    if sentences.len() < LIST_FROM {
        return format!("<p>{}</p>", escape(text));
    }
    let items: String = sentences.iter().map(|sentence| format!("<li>{}</li>", escape(sentence))).collect();
    format!("<ul class=\"said\">{items}</ul>")
}

fn one_number(report: &Report, group: &str, name: &str) -> String {
    let measure: Option<&Measure> = MEASURES.iter().find(|measure| measure.name == name);
    let known = report.summary.groups.get(group).and_then(|summary| summary.numbers.get(name));
    let meaning = measure.map_or(name, |measure| measure.meaning);
    let meaning = escape(meaning.trim_end_matches('.')).into_owned();
    let Some((estimate, patients)) = known.and_then(|number| Some((number.estimate?, number.patients)))
    else {
        return format!("<div><dt>{meaning}</dt><dd>– <small>nobody can be counted</small></dd></div>");
    };
    let is_share = measure.is_some_and(|measure| {
        measure.statistic == Statistic::Share || (measure.unit == "1" && name.ends_with("_share"))
    });
    let unit = match measure.map_or("1", |measure| measure.unit) {
        "1" => String::new(),
        "0-10" => " of 10".to_owned(),
        unit => format!(" {}", escape(unit)),
    };
    let (value, spread, bar) = if is_share {
        let span = Span { value: estimate.value, interval: Some(estimate.ci) };
        let text = format!("{} ({})", percent(estimate.value), percent_interval(estimate.ci));
        (percent(estimate.value), percent_interval(estimate.ci), share_bar(span, &text))
    } else {
        (format!("{}{unit}", number(estimate.value)), interval(estimate.ci), String::new())
    };
    format!(
        "<div><dt>{meaning}</dt><dd>{bar}<b>{value}</b> <small>({spread}) of {patients}</small></dd></div>"
    )
}
