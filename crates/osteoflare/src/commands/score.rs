//! `osteoflare score`

use comfy_table::Table;
use osteoflare_clinic::differential::{Differential, NOT_A_DIAGNOSIS, Prior, differential};
use osteoflare_clinic::instruments::{
    Classification, Instrument, ItemResult, Measure, Weights, eular_acr, score_view,
};
use osteoflare_clinic::record::Record;
use osteoflare_clinic::view::{State, View};
use serde::Serialize;

use crate::arguments::{Format, ScoreArguments};
use crate::commands::performance;
use crate::commands::source::{Source, ask, failure, options, read_all};
use crate::failure::Failure;
use crate::terminal::{JsonList, complain, heading, print, table};

/// Diseases shown in the table for people.
const SHOWN_DISEASES: usize = 5;
/// Questions shown in the table for people.
const SHOWN_QUESTIONS: usize = 5;

/// What is said of one record.
#[derive(Serialize)]
struct Scored<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    at_day: Option<f64>,
    note: &'static str,
    questions: usize,
    instruments: Vec<Instrument>,
    differential: Differential,
}

/// Scores records.
pub fn score(arguments: &ScoreArguments) -> Result<(), Failure> {
    if arguments.weights_template {
        return print(eular_acr::TEMPLATE);
    }
    if let Some(folder) = &arguments.results {
        return performance::performance(folder, arguments.format);
    }
    let weights = match &arguments.weights {
        None => None,
        Some(file) => {
            let text = std::fs::read_to_string(file)
                .map_err(|error| Failure::BadInput(format!("{}: {error}", file.display())))?;
            Some(Weights::parse(&text, file).map_err(|error| Failure::BadInput(error.to_string()))?)
        }
    };
    let prior = match &arguments.prior {
        None => Prior::default(),
        Some(text) => Prior::parse(text).map_err(|error| Failure::BadInput(error.to_string()))?,
    };
    if arguments.at.is_some_and(|day| !day.is_finite()) {
        return Err(Failure::BadInput("--at: not a day".to_owned()));
    }
    let at = arguments.at.unwrap_or(f64::INFINITY);
    let options = options(&arguments.read)?;
    let (mut good, mut bad) = (0_usize, 0_usize);
    let mut list = JsonList::default();
    for source in read_all(&arguments.files, &options) {
        // What is possible but odd is asked, and does not hold the record back.
        ask(&source);
        let (record, questions) = match source {
            Source::Good { record, questions, .. } => (record, questions),
            Source::Bad { errors, .. } if arguments.keep_going => {
                complain(&failure(&errors));
                bad += 1;
                continue;
            }
            Source::Bad { errors, .. } => {
                list.finish()?;
                return Err(failure(&errors));
            }
        };
        let view = View::new(&record, at);
        let scored = Scored {
            id: &record.id,
            at_day: arguments.at,
            note: NOT_A_DIAGNOSIS,
            questions: questions.len(),
            instruments: score_view(&view, weights.as_ref()),
            differential: differential(&view, &prior),
        };
        match arguments.format {
            Format::Json => list.add(&scored)?,
            Format::Text => print(&for_people(&record, &scored, arguments.explain))?,
        }
        good += 1;
    }
    list.finish()?;
    match bad {
        0 => Ok(()),
        bad => Err(Failure::BadInput(format!("{bad} of {} records could not be used", good + bad))),
    }
}

fn for_people(record: &Record, scored: &Scored<'_>, explain: bool) -> String {
    let mut text = heading(&format!("Record {}", record.id));
    if let Some(citation) = record.origin.as_ref().and_then(|origin| origin.citation.as_ref()) {
        text.push_str(&format!("{citation}\n"));
    }
    if let Some(day) = scored.at_day {
        text.push_str(&format!("as it stood on day {day}\n"));
    }
    text.push('\n');
    let mut results = table(&["instrument", "result", "total", "what it means, and what is missing"]);
    for result in &scored.instruments {
        results.add_row([
            result.name.to_string(),
            result.classification.as_str().to_owned(),
            total(result),
            remark(result),
        ]);
    }
    text.push_str(&format!("{results}\n\n"));
    if explain {
        for result in scored.instruments.iter().filter(|r| !r.items.is_empty() || !r.measures.is_empty()) {
            text.push_str(&explained(result));
        }
    }
    text.push_str(&evidence(&scored.differential, explain));
    text.push_str(NOT_A_DIAGNOSIS);
    text.push('\n');
    text
}

fn number(value: f64) -> String {
    if value.is_infinite() {
        "no limit".to_owned()
    } else if value == value.round() {
        format!("{value:.0}")
    } else {
        format!("{value:.2}")
    }
}

fn interval([low, high]: [f64; 2]) -> String {
    if low == high { number(low) } else { format!("{} to {}", number(low), number(high)) }
}

fn total(result: &Instrument) -> String {
    result.total.map(interval).unwrap_or_default()
}

fn remark(result: &Instrument) -> String {
    let mut text = result.label.to_string();
    if let Some(reason) = &result.reason {
        text = reason.to_string();
    }
    let open = result.items.iter().filter(|item| item.state == State::Unknown && item.group != "domain");
    let mut missing: Vec<&str> = open.flat_map(|item| item.missing.iter().copied()).collect();
    missing.sort_unstable();
    missing.dedup();
    if result.classification == Classification::Undetermined && !missing.is_empty() {
        text.push_str(&format!("; missing: {}", missing.join(", ")));
    }
    if result.within_population == Some(State::NotMet) {
        text.push_str("; made for other patients");
    }
    text
}

fn explained(result: &Instrument) -> String {
    let mut text = heading(&format!("{}: {}", result.name, result.classification.as_str()));
    if !result.source.is_empty() {
        text.push_str(&format!("{} (certainty {:?})\n", result.source, result.certainty));
    }
    if !result.items.is_empty() {
        let mut items: Table = table(&["item", "state", "points", "used", "missing; if met, if not"]);
        for item in &result.items {
            items.add_row([
                format!("{} ({:?})", item.text, item.certainty),
                state(item.state).to_owned(),
                item.points.map(interval).unwrap_or_default(),
                item.used.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
                change(item),
            ]);
        }
        text.push_str(&format!("{items}\n"));
    }
    for measure in &result.measures {
        text.push_str(&format!("{}\n", measured(measure)));
    }
    for note in &result.notes {
        text.push_str(&format!("note: {note}\n"));
    }
    text.push('\n');
    text
}

fn measured(measure: &Measure) -> String {
    let value = match measure.value {
        [Some(low), Some(high)] => interval([low, high]),
        [Some(low), None] => format!("at least {}", number(low)),
        [None, Some(high)] => format!("at most {}", number(high)),
        [None, None] => "unknown".to_owned(),
    };
    format!("{}: {value} ({})", measure.name.replace('_', " "), measure.unit)
}

fn state(state: State) -> &'static str {
    match state {
        State::Met => "met",
        State::NotMet => "not met",
        State::Unknown => "unknown",
    }
}

fn change(item: &ItemResult) -> String {
    let mut text = item.missing.join(", ");
    if let Some([with, without]) = item.would_change {
        text.push_str(&format!("; {}, {}", with.as_str(), without.as_str()));
    }
    text
}

fn evidence(differential: &Differential, explain: bool) -> String {
    let mut text = heading("Evidence");
    if differential.flags.is_empty() {
        text.push_str("No red flag in what the record says.\n");
    } else {
        let mut flags = table(&["red flag", "points to", "what to do", "used"]);
        for flag in &differential.flags {
            let name = if flag.cleared { format!("{} (cleared)", flag.text) } else { flag.text.to_owned() };
            let used: Vec<String> = flag.used.iter().map(ToString::to_string).collect();
            flags.add_row([
                name,
                flag.concerns.join(", ").replace('_', " "),
                flag.action.to_owned(),
                used.join(", "),
            ]);
        }
        text.push_str(&format!("{flags}\n"));
    }
    if differential.cno_held_back {
        text.push_str(
            "CNO is held back, whatever its share: a red flag is open, or another disease is proven.\n",
        );
    }
    for remark in &differential.remarks {
        text.push_str(&format!("{remark}\n"));
    }
    let share = if differential.proven.is_empty() {
        "share by published ratios"
    } else {
        "share by published ratios, without the proof"
    };
    let mut shares = table(&["disease", "prior", share, "proof", "open red flags"]);
    let shown = differential.candidates.iter().take(if explain { usize::MAX } else { SHOWN_DISEASES });
    for candidate in shown {
        let proof: Vec<&str> = candidate.proof.iter().map(|proof| proof.what).collect();
        let held_back = candidate.disease == "cno" && differential.cno_held_back;
        let remark = match (held_back, candidate.excluded.is_empty()) {
            (true, _) => " (held back)",
            (false, true) => "",
            (false, false) => " (excluded)",
        };
        // Of what is no candidate, no share is published.
        let percent =
            |share: Option<f64>| share.map_or("-".to_owned(), |share| format!("{:.1} %", 100.0 * share));
        shares.add_row([
            format!("{}{remark}", candidate.name),
            percent(candidate.weighed.then_some(candidate.prior)),
            percent(candidate.weighed.then_some(candidate.share)),
            proof.join("; "),
            candidate.flags.join(", ").replace('_', " "),
        ]);
    }
    text.push_str(&format!("{shares}\n"));
    if explain {
        for candidate in differential.candidates.iter().filter(|c| !c.ratios.is_empty()) {
            for ratio in &candidate.ratios {
                text.push_str(&format!(
                    "CNO against {}: {} {}: ratio {:.2}, counts {:.2} ({:?}; {})\n",
                    candidate.name,
                    ratio.feature,
                    if ratio.present { "present" } else { "absent" },
                    ratio.ratio,
                    ratio.counted,
                    ratio.certainty,
                    ratio.source
                ));
            }
        }
    }
    if !differential.ask_next.is_empty() {
        text.push_str("Ask next:\n");
    }
    for question in differential.ask_next.iter().take(if explain { usize::MAX } else { SHOWN_QUESTIONS }) {
        let why = match question.bits {
            Some(bits) => format!("{bits:.2} bits"),
            None => question.because.to_owned(),
        };
        text.push_str(&format!("  {} ({why})\n", question.ask));
    }
    text
}
