//! One printable page of one patient, real or virtual: skeleton, lesions over time, scores, red flags.

mod timeline;

use std::fmt::Write;

use osteoflare_clinic::differential::{Differential, NOT_A_DIAGNOSIS, Prior, differential};
use osteoflare_clinic::instruments::{Classification, Instrument, score_view};
use osteoflare_clinic::lesion_book::{Event, LesionBook};
use osteoflare_clinic::record::{Range, Record};
use osteoflare_clinic::view::View;
use osteoflare_skeleton::{Fill, View as Skeleton, skeleton_svg};

use crate::text::{escape, trimmed};

/// Style of the page; colours follow the reader's scheme on a screen, and print is black on white.
const STYLE: &str = include_str!("../../assets/patient.css");

/// The page of a record as the text of an HTML file that needs no network and no other file.
pub fn patient_html(record: &Record) -> String {
    let view = View::new(record, f64::INFINITY);
    let book = LesionBook::new(record, f64::INFINITY);
    let instruments = score_view(&view, None);
    let evidence = differential(&view, &Prior::default());
    // Writing to a String cannot fail, so the results of `write!` are dropped.
    let mut page = String::new();
    let title = format!("Record {}", record.id);
    let _ = write!(
        page,
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>{}</title><style>{STYLE}</style></head>\n<body><header><h1>{}</h1><p>{}</p></header>\n",
        escape(&title),
        escape(&title),
        escape(&who(record))
    );
    page.push_str("<main><div><section><h2>Lesions on imaging</h2><div class=\"figures\">");
    for side in [Skeleton::Front, Skeleton::Back] {
        page.push_str(&skeleton_svg(side, |site| paint(&book, site)));
    }
    page.push_str("</div><p class=\"key\"><span class=\"now\"></span> present when last seen <span class=\"gone\"></span> gone <span class=\"vague\"></span> somewhere here</p></section>\n");
    page.push_str(&flags(&evidence));
    page.push_str("</div><div><section><h2>Time line</h2><div class=\"wide\">");
    page.push_str(&timeline::timeline(record, &book));
    page.push_str("</div></section>\n");
    page.push_str(&lesions(&book));
    page.push_str(&scores(&instruments));
    let _ = writeln!(page, "</div></main><footer>{}</footer></body></html>", escape(NOT_A_DIAGNOSIS));
    page
}

fn range(range: Range) -> String {
    if range.low == range.high {
        trimmed(range.low, 2)
    } else {
        let bound = |value: f64| if value.is_finite() { trimmed(value, 2) } else { "?".to_owned() };
        format!("{} to {}", bound(range.low), bound(range.high))
    }
}

fn who(record: &Record) -> String {
    let mut parts = Vec::new();
    if let Some(sex) = record.patient.sex {
        parts.push(sex.as_str().to_owned());
    }
    if let Some(age) = record.patient.age_years {
        parts.push(format!("{} years at day 0", range(age)));
    }
    if let Some(duration) = record.history.symptom_duration_days {
        parts.push(format!("symptoms for {} days at day 0", range(duration)));
    }
    if let Some(citation) = record.origin.as_ref().and_then(|origin| origin.citation.as_ref()) {
        parts.push(citation.clone());
    }
    if parts.is_empty() { "nothing is known of the person".to_owned() } else { parts.join(" · ") }
}

/// Paint of a site: strongest what is certain, faint where a lesion is somewhere in a larger region.
fn paint(book: &LesionBook, site: osteoflare_skeleton::SiteId) -> Option<Fill> {
    // An epiphysis is drawn by its own lesions only; the book counts them with the metaphysis.
    let here = book.lesions.iter().filter(|lesion| lesion.site_set().contains(site));
    let strength = |lesion: &&osteoflare_clinic::lesion_book::BookedLesion| {
        let vague = lesion.site_set().len() > 1;
        match (lesion.last() == Some(Event::Resolved), vague) {
            (false, false) => 3,
            (true, false) => 2,
            (false, true) => 1,
            (true, true) => 0,
        }
    };
    let lesion = here.max_by_key(strength)?;
    let (colour, opacity) = match strength(&lesion) {
        3 => ("var(--now)", 1.0),
        2 => ("var(--gone)", 1.0),
        1 => ("var(--now)", 0.3),
        _ => ("var(--gone)", 0.3),
    };
    Some(Fill { colour: colour.into(), opacity, remark: Some(format!("lesion {}", lesion.number)) })
}

fn lesions(book: &LesionBook) -> String {
    let mut text = String::from("<section><h2>Lesion book</h2>");
    if book.lesions.is_empty() {
        text.push_str("<p>No lesion on imaging is written down.</p></section>\n");
        return text;
    }
    text.push_str("<table><tr><th>no.</th><th>place</th><th>what was seen</th></tr>");
    for lesion in &book.lesions {
        let sights: Vec<String> = lesion
            .sights
            .iter()
            .map(|sight| {
                let what = match sight.event {
                    Event::New => "new",
                    Event::Persisting => "persisting",
                    Event::Resolved => "gone",
                    Event::Recurred => "back at the same site",
                };
                match sight.day {
                    Some(day) => format!("day {}: {what}", trimmed(day, 0)),
                    None => what.to_owned(),
                }
            })
            .collect();
        let _ = write!(
            text,
            "<tr><td>{}</td><td>{}</td><td>{}</td></tr>",
            lesion.number,
            escape(&lesion.place),
            escape(&sights.join("; "))
        );
    }
    text.push_str("</table></section>\n");
    text
}

fn scores(instruments: &[Instrument]) -> String {
    let mut text = String::from(
        "<section><h2>Instruments</h2><table><tr><th>instrument</th><th>result</th><th>total</th><th>what it means</th></tr>",
    );
    for result in instruments.iter().filter(|r| r.classification != Classification::NotScored) {
        let total = match result.total {
            Some([low, high]) => range(Range { low, high }),
            None => String::new(),
        };
        let _ = write!(
            text,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            escape(&result.name),
            result.classification.as_str(),
            total,
            escape(&result.label)
        );
    }
    text.push_str("</table></section>\n");
    text
}

fn flags(evidence: &Differential) -> String {
    let mut text = String::from("<section><h2>Red flags and questions</h2>");
    for candidate in evidence.candidates.iter().filter(|candidate| !candidate.proof.is_empty()) {
        let proof: Vec<&str> = candidate.proof.iter().map(|proof| proof.what).collect();
        let _ =
            write!(text, "<p><b>Proven: {}</b> ({})</p>", escape(candidate.name), escape(&proof.join("; ")));
    }
    if evidence.cno_held_back {
        text.push_str("<p>CNO is held back: a red flag is open, or another disease is proven.</p>");
    }
    text.push_str("<ul>");
    if evidence.flags.is_empty() {
        text.push_str("<li>no red flag in what the record says</li>");
    }
    for flag in &evidence.flags {
        let cleared = if flag.cleared { " (cleared)" } else { "" };
        let _ = write!(text, "<li><b>{}</b>{cleared}: {}</li>", escape(flag.text), escape(flag.action));
    }
    text.push_str("</ul>");
    // What the red flags ask stands beside them already.
    let others = evidence.ask_next.iter().filter(|question| question.because != "red flag");
    let questions: Vec<&str> = others.take(6).map(|question| question.ask).collect();
    if !questions.is_empty() {
        let _ = write!(text, "<p>Ask next: {}</p>", escape(&questions.join(" · ")));
    }
    text.push_str("</section>\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use osteoflare_clinic::record::{
        Assessment, Coverage, ImagingStudy, Lesion, Modality, Place, Treatment, When,
    };

    fn record() -> Record {
        let mut record = Record::new("<b>child & co");
        for (day, place) in [(0.0, "L3"), (200.0, "left knee")] {
            record.imaging.push(ImagingStudy {
                coverage: Some(Coverage::WholeBody),
                all_lesions_listed: Some(true),
                lesions: vec![Lesion::at(Place::of(place))],
                when: Some(When::Day(day)),
                ..ImagingStudy::new(Modality::Mri)
            });
            record.assessments.push(Assessment {
                when: Some(When::Day(day)),
                pain_0_10: Some(4.0),
                ..Assessment::default()
            });
        }
        record.treatments.push(Treatment { start: Some(When::Day(10.0)), ..Treatment::with("naproxen") });
        record
    }

    #[test]
    fn the_page_is_well_formed_and_says_what_was_seen() {
        let html = patient_html(&record());
        let page = scraper::Html::parse_document(&html);
        assert!(page.errors.is_empty(), "{:?}", page.errors);
        assert!(!html.contains("<b>child"), "names are escaped");
        assert!(html.contains("day 200: gone") && html.contains("day 200: new"));
        assert!(html.contains("naproxen") && html.contains(NOT_A_DIAGNOSIS));
        let painted = scraper::Selector::parse("[data-site=\"l3\"] .osf-paint").expect("a selector");
        assert!(page.select(&painted).next().is_some());
        assert!(
            !html.contains("http:")
                || html.matches("http:").count() == html.matches("http://www.w3.org/").count()
        );
    }

    #[test]
    fn an_empty_record_has_a_page_too() {
        let page = scraper::Html::parse_document(&patient_html(&Record::new("x")));
        assert!(page.errors.is_empty(), "{:?}", page.errors);
    }
}
