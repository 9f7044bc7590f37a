//! Published numbers beside simulated ones; misses first.

use std::collections::BTreeSet;

use osteoflare_evidence::statistics::Fidelity;
use osteoflare_evidence::{Comparison, Evidence, EvidenceRecord, Source};

use super::open_section;
use crate::chart::{Forest, Span, forest};
use crate::data::Report;
use crate::text::{capitalised, escape, interval, number, percent, percent_interval, trimmed};

/// What came of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Verdict {
    Disagree,
    Agree,
    NotJudged,
    NotComputable,
}

impl Verdict {
    const ALL: [Verdict; 4] = [Verdict::Disagree, Verdict::Agree, Verdict::NotJudged, Verdict::NotComputable];

    fn of(comparison: &Comparison) -> Verdict {
        match (comparison.simulated, comparison.agrees) {
            (None, _) => Verdict::NotComputable,
            (Some(_), Some(true)) => Verdict::Agree,
            (Some(_), Some(false)) => Verdict::Disagree,
            (Some(_), None) => Verdict::NotJudged,
        }
    }

    fn key(self) -> &'static str {
        match self {
            Verdict::Disagree => "miss",
            Verdict::Agree => "hit",
            Verdict::NotJudged => "open",
            Verdict::NotComputable => "none",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Verdict::Disagree => "disagree",
            Verdict::Agree => "agree",
            Verdict::NotJudged => "not judged",
            Verdict::NotComputable => "not computable",
        }
    }

    /// A sign besides the colour.
    fn sign(self) -> &'static str {
        match self {
            Verdict::Disagree => "✕",
            Verdict::Agree => "✓",
            Verdict::NotJudged => "?",
            Verdict::NotComputable => "–",
        }
    }
}

pub(super) fn section(report: &Report) -> String {
    let mut html = open_section(
        "evidence",
        "Beside the published numbers",
        "Where a published number has a 95 % interval, it agrees if that interval and the simulated one overlap. Where only \
         the number of patients is known, it agrees if it lies where 95 % of simulated cohorts of that size would. Otherwise \
         nothing is said. Nothing is allowed for differences between centres, and agreement with a number that helped to \
         choose parameters is no validation. Misses come first.",
    );
    if report.comparisons.is_empty() {
        html.push_str("<p class=\"empty\">There are no published numbers to compare with.</p>\n</section>\n");
        return html;
    }
    let mut rows: Vec<(Verdict, &Comparison)> =
        report.comparisons.iter().map(|comparison| (Verdict::of(comparison), comparison)).collect();
    rows.sort_by_key(|(verdict, _)| *verdict);
    html.push_str(&counts(&rows));
    html.push_str(&by_topic(&rows));
    html.push_str(&filters(&rows));
    html.push_str(
        "<p class=\"note\"><i class=\"key pub\"></i> published and its 95 % interval &ensp; <i class=\"key sim\"></i> simulated \
         and its 95 % interval, coloured by verdict. Shares are drawn from 0 to 100 %, other numbers as ratios to the \
         published one from a tenth to ten times.</p>\n<p id=\"evidence-count\" class=\"note\" aria-live=\"polite\"></p>\n\
         <div class=\"scroll\"><table class=\"evidence\"><thead><tr><th scope=\"col\">Verdict</th><th scope=\"col\">What, in \
         whom</th><th scope=\"col\">Published</th><th scope=\"col\">Simulated</th><th scope=\"col\">Side by side</th>\
         <th scope=\"col\">Source</th></tr></thead><tbody>\n",
    );
    for (verdict, comparison) in &rows {
        html.push_str(&row(*verdict, comparison));
    }
    html.push_str("</tbody></table></div>\n</section>\n");
    html
}

fn counts(rows: &[(Verdict, &Comparison)]) -> String {
    let items: String = Verdict::ALL
        .iter()
        .map(|verdict| {
            let count = rows.iter().filter(|(of, _)| of == verdict).count();
            format!(
                "<div class=\"{}\"><dt>{}</dt><dd><b>{count}</b></dd></div>",
                verdict.key(),
                capitalised(verdict.name())
            )
        })
        .collect();
    format!("<dl class=\"verdicts\">{items}</dl>\n")
}

/// Share of verdicts per topic as bars.
fn by_topic(rows: &[(Verdict, &Comparison)]) -> String {
    let topics: BTreeSet<&str> = rows.iter().map(|(_, comparison)| comparison.topic.as_str()).collect();
    let mut html = String::from("<ul class=\"topics\" aria-label=\"Verdicts by topic\">");
    for topic in topics {
        let of: Vec<Verdict> =
            rows.iter().filter(|(_, c)| c.topic == topic).map(|(verdict, _)| *verdict).collect();
        let count = |verdict: Verdict| of.iter().filter(|known| **known == verdict).count();
        let bars: String = Verdict::ALL
            .iter()
            .filter(|verdict| count(**verdict) > 0)
            .map(|verdict| {
                format!(
                    "<i class=\"{}\" style=\"flex-grow:{}\" title=\"{} {}\"></i>",
                    verdict.key(),
                    count(*verdict),
                    count(*verdict),
                    verdict.name()
                )
            })
            .collect();
        html.push_str(&format!(
            "<li><span>{}</span><span class=\"stack\" aria-hidden=\"true\">{bars}</span><small>{} disagree, {} agree, {} \
             without verdict</small></li>",
            topic_name(topic),
            count(Verdict::Disagree),
            count(Verdict::Agree),
            count(Verdict::NotJudged) + count(Verdict::NotComputable)
        ));
    }
    html.push_str("</ul>\n");
    html
}

fn topic_name(topic: &str) -> String {
    match topic {
        "mri" => "MRI".to_owned(),
        topic => escape(&capitalised(&topic.replace('_', " "))).into_owned(),
    }
}

fn filters(rows: &[(Verdict, &Comparison)]) -> String {
    let mut html = String::from(
        "<div class=\"tools\" id=\"evidence-tools\" hidden><fieldset class=\"switch\"><legend>Show</legend>",
    );
    // Misses are shown first; where there are none, what could be computed.
    let first =
        if rows.iter().any(|(verdict, _)| *verdict == Verdict::Disagree) { "miss" } else { "computed" };
    let choices = Verdict::ALL
        .iter()
        .map(|verdict| (verdict.key(), verdict.name()))
        .chain([("computed", "all computed"), ("all", "all")]);
    for (key, name) in choices {
        let checked = if key == first { " checked" } else { "" };
        html.push_str(&format!(
            "<label><input type=\"radio\" name=\"verdict\" value=\"{key}\"{checked}><span>{name}</span></label>"
        ));
    }
    html.push_str("</fieldset><label>Topic <select id=\"topic\"><option value=\"\">all</option>");
    let topics: BTreeSet<&str> = rows.iter().map(|(_, comparison)| comparison.topic.as_str()).collect();
    for topic in topics {
        html.push_str(&format!("<option value=\"{}\">{}</option>", escape(topic), topic_name(topic)));
    }
    html.push_str(
        "</select></label><label>Search <input id=\"find\" type=\"search\" placeholder=\"relapse, Borzutzky …\"></label></div>\n",
    );
    html
}

fn row(verdict: Verdict, comparison: &Comparison) -> String {
    let record = Evidence::embedded().find(&comparison.id);
    let mut html = format!(
        "<tr class=\"{}\" data-v=\"{}\" data-t=\"{}\"><td><span class=\"verdict\"><b aria-hidden=\"true\">{}</b> {}</span></td>",
        verdict.key(),
        verdict.key(),
        escape(&comparison.topic),
        verdict.sign(),
        verdict.name()
    );
    html.push_str(&what(comparison, record));
    html.push_str(&format!("<td data-label=\"Published\">{}</td>", published(comparison)));
    match comparison.simulated {
        Some(simulated) => {
            html.push_str(&format!(
                "<td data-label=\"Simulated\">{}</td>",
                simulated_cell(comparison, simulated)
            ));
            html.push_str(&format!(
                "<td class=\"side\">{}</td>",
                side_by_side(verdict, comparison, simulated)
            ));
        }
        None => {
            let reason = comparison.not_computable.as_deref().unwrap_or("No reason is given.");
            html.push_str(&format!("<td colspan=\"2\" class=\"reason\">{}</td>", escape(reason)));
        }
    }
    html.push_str(&format!("<td class=\"source\">{}</td></tr>\n", source(comparison, record)));
    html
}

fn what(comparison: &Comparison, record: Option<&EvidenceRecord>) -> String {
    let mut html = format!("<td><b>{}</b>", escape(&capitalised(&comparison.quantity)));
    if let Some(record) = record {
        html.push_str(&format!("<br><small>{}", escape(&record.population)));
        if let Some(time) = &record.time {
            html.push_str(&format!(", {}", escape(time)));
        }
        html.push_str("</small>");
    }
    let mut tags = Vec::new();
    if comparison.recalled {
        tags.push("written down from memory");
    }
    if comparison.derived {
        tags.push("derived");
    }
    if comparison.fidelity == Some(Fidelity::Approximate) {
        tags.push("nearest quantity");
    }
    for tag in tags {
        html.push_str(&format!(" <span class=\"tag\">{tag}</span>"));
    }
    if let Some(definition) = &comparison.definition {
        html.push_str(&format!("<br><small class=\"how\">Computed: {}</small>", escape(definition)));
    }
    html.push_str("</td>");
    html
}

fn is_share(comparison: &Comparison) -> bool {
    comparison.unit == "fraction"
}

/// A number in the unit of a comparison.
fn shown(comparison: &Comparison, value: f64) -> String {
    if is_share(comparison) && (0.0..=1.0).contains(&value) {
        percent(value)
    } else if is_share(comparison) {
        format!("{} %", trimmed(value * 100.0, 0))
    } else {
        number(value)
    }
}

fn shown_interval(comparison: &Comparison, [low, high]: [f64; 2]) -> String {
    if is_share(comparison) && low >= 0.0 {
        percent_interval([low, high])
    } else if is_share(comparison) {
        format!("{} to {}", shown(comparison, low), shown(comparison, high))
    } else {
        interval([low, high])
    }
}

fn published(comparison: &Comparison) -> String {
    let Some(value) = comparison.published else { return "<small>in words</small>".to_owned() };
    let mut html = format!("<b>{}</b>", shown(comparison, value));
    if !is_share(comparison) {
        html.push_str(&format!(" <small>{}</small>", escape(&comparison.unit)));
    }
    if let Some(ends) = comparison.published_interval {
        html.push_str(&format!(
            "<br><small title=\"{}\">95 %: {}</small>",
            escape(&comparison.published_interval_kind),
            shown_interval(comparison, ends)
        ));
    }
    if let (Some(ends), Some(kind)) = (comparison.published_spread, &comparison.published_spread_kind) {
        html.push_str(&format!("<br><small>{}: {}</small>", escape(kind), shown_interval(comparison, ends)));
    }
    if let Some(patients) = comparison.n_published {
        html.push_str(&format!("<br><small>of {patients}</small>"));
    }
    html
}

fn simulated_cell(comparison: &Comparison, value: f64) -> String {
    let mut html = format!("<b>{}</b>", shown(comparison, value));
    if !is_share(comparison) {
        html.push_str(&format!(" <small>{}</small>", escape(&comparison.unit)));
    }
    if let Some(ends) = comparison.simulated_interval {
        html.push_str(&format!("<br><small>95 %: {}</small>", shown_interval(comparison, ends)));
    }
    if let Some(ends) = comparison.predicted_interval {
        html.push_str(&format!(
            "<br><small>cohorts of that size: {}</small>",
            shown_interval(comparison, ends)
        ));
    }
    let patients = comparison.n_simulated.map_or_else(String::new, |patients| format!("of {patients}"));
    let group = comparison.group.as_deref().unwrap_or_default();
    html.push_str(&format!("<br><small>{patients} <code>{}</code></small>", escape(group)));
    html
}

fn side_by_side(verdict: Verdict, comparison: &Comparison, simulated: f64) -> String {
    let Some(value) = comparison.published else { return String::new() };
    let lowest = [Some(value), Some(simulated), comparison.published_interval.map(|ends| ends[0])];
    let negative = lowest.into_iter().flatten().any(|value| value < 0.0);
    let axis = match (is_share(comparison), negative) {
        (true, false) => Forest::Share,
        (true, true) => Forest::Change,
        (false, false) if value > 0.0 => Forest::Ratio { published: value },
        _ => return String::new(),
    };
    let simulated_span = Span {
        value: simulated,
        // Where the prediction decides, it is drawn.
        interval: comparison.predicted_interval.or(comparison.simulated_interval),
    };
    let text = format!(
        "Published {}, simulated {}: {}",
        shown(comparison, value),
        shown(comparison, simulated),
        verdict.name()
    );
    let published = Span { value, interval: comparison.published_interval };
    forest(axis, published, simulated_span, verdict.key(), &text)
}

fn source(comparison: &Comparison, record: Option<&EvidenceRecord>) -> String {
    match record {
        Some(record) => cite(&record.source),
        None => escape(&comparison.source).into_owned(),
    }
}

/// A citation, with a link for the reader to follow; the page itself loads nothing.
pub(super) fn cite(source: &Source) -> String {
    let text = escape(&source.citation()).into_owned();
    let safe = |id: &str| id.chars().all(|c| c.is_ascii_alphanumeric() || "./()-_:;".contains(c));
    match (&source.doi, &source.pmid) {
        (Some(doi), _) if safe(doi) => {
            format!(
                "{text} <a href=\"https://doi.org/{doi}\" rel=\"noreferrer\" aria-label=\"Open the publication\">↗</a>"
            )
        }
        (_, Some(pmid)) if safe(pmid) => format!(
            "{text} <a href=\"https://pubmed.ncbi.nlm.nih.gov/{pmid}/\" rel=\"noreferrer\" aria-label=\"Open in PubMed\">↗</a>"
        ),
        _ => text,
    }
}
