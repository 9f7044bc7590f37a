//! Lesions, treatments and pain over time.

use osteoflare_clinic::lesion_book::{Event, LesionBook};
use osteoflare_clinic::record::Record;

use crate::chart::{Anchor, Svg};
use crate::text::trimmed;

const WIDTH: f64 = 760.0;
const NAMES: f64 = 220.0;
const ROW: f64 = 18.0;
const TOP: f64 = 14.0;
/// Rows of lesions that are drawn; the table beside it has all of them.
const MOST_LESIONS: usize = 24;

/// A drawing with one row for each lesion, treatment, and pain.
pub(super) fn timeline(record: &Record, book: &LesionBook) -> String {
    let day = |when| record.day(&when);
    let mut days: Vec<f64> =
        book.lesions.iter().flat_map(|l| l.sights.iter().filter_map(|s| s.day)).collect();
    days.extend(record.assessments.iter().filter_map(|a| a.when.and_then(day)));
    days.extend(record.treatments.iter().flat_map(|t| [t.start, t.stop]).flatten().filter_map(day));
    days.extend(record.visits.iter().filter_map(|v| day(v.when)));
    days.extend(record.followed_until.and_then(day));
    let first = days.iter().copied().fold(0.0, f64::min);
    let last = days.iter().copied().fold(first + 1.0, f64::max);
    if days.is_empty() {
        return "<p>Nothing in the record has a time.</p>".to_owned();
    }
    let x = |day: f64| NAMES + (day - first) / (last - first) * (WIDTH - NAMES - 16.0);
    let lesions = book.lesions.iter().filter(|l| l.sights.iter().any(|s| s.day.is_some())).take(MOST_LESIONS);
    let lesions: Vec<_> = lesions.collect();
    let treatments: Vec<_> = record.treatments.iter().filter(|t| t.start.and_then(day).is_some()).collect();
    let pain: Vec<[f64; 2]> =
        record.assessments.iter().filter_map(|a| Some([a.when.and_then(day)?, a.pain_0_10?])).collect();
    let rows = lesions.len() + treatments.len() + if pain.is_empty() { 0 } else { 2 };
    let height = TOP + ROW * rows as f64 + 24.0;
    let mut svg = Svg::new(WIDTH, height, "timeline", "Lesions, treatments and pain over time");
    let mut y = TOP;
    for lesion in lesions {
        svg.label(
            [NAMES - 8.0, y + 4.0],
            Anchor::End,
            "name",
            &format!("{} {}", lesion.number, lesion.place),
        );
        let sights: Vec<_> = lesion.sights.iter().filter_map(|s| Some((s.day?, s.event))).collect();
        for pair in sights.windows(2) {
            let class = if pair[0].1 == Event::Resolved { "away" } else { "there" };
            svg.line([x(pair[0].0), y, x(pair[1].0), y], class);
        }
        for (day, event) in sights {
            let (class, what) = match event {
                Event::New => ("new", "new"),
                Event::Persisting => ("there", "persisting"),
                Event::Resolved => ("away", "gone"),
                Event::Recurred => ("new", "back at the same site"),
            };
            svg.circle([x(day), y], 4.0, class, &format!("day {}: {what}", trimmed(day, 0)));
        }
        y += ROW;
    }
    for treatment in treatments {
        let Some(start) = treatment.start.and_then(day) else { continue };
        let stop = treatment.stop.and_then(day).unwrap_or(last);
        svg.label([NAMES - 8.0, y + 4.0], Anchor::End, "name", treatment.drug.as_str());
        let tip = format!("{} from day {}", treatment.drug, trimmed(start, 0));
        svg.rect([x(start), y - 5.0, x(stop) - x(start), 10.0], "drug", &tip);
        y += ROW;
    }
    if !pain.is_empty() {
        svg.label([NAMES - 8.0, y + ROW * 0.5 + 4.0], Anchor::End, "name", "pain, 0–10");
        let base = y + 1.5 * ROW;
        svg.polyline(pain.iter().map(|[day, pain]| [x(*day), base - pain / 10.0 * 1.5 * ROW]), "pain");
        for [day, value] in pain {
            let tip = format!("day {}: pain {}", trimmed(day, 0), trimmed(value, 1));
            svg.circle([x(day), base - value / 10.0 * 1.5 * ROW], 2.5, "pain", &tip);
        }
    }
    let axis = height - 18.0;
    svg.line([x(first), axis, x(last), axis], "axis");
    svg.label([x(first), axis + 14.0], Anchor::Start, "tick", &format!("day {}", trimmed(first, 0)));
    svg.label([x(last), axis + 14.0], Anchor::End, "tick", &format!("day {}", trimmed(last, 0)));
    svg.finish()
}
