//! One child's whole course in a small panel: foci above, CRP below.

use super::scale::{Scale, ticks};
use super::svg::{Anchor, Svg};
use crate::data::Child;
use crate::text::number;

const WIDTH: f64 = 210.0;
const HEIGHT: f64 = 112.0;
const LEFT: f64 = 26.0;
const RIGHT: f64 = 5.0;

/// The panel; axes reach `years`, `most_foci` and `most_crp` so that panels of a group can be compared.
pub(crate) fn course_panel(
    child: &Child,
    years: f64,
    most_foci: f64,
    most_crp: f64,
    class: &str,
    label: &str,
) -> String {
    let mut svg = Svg::new(WIDTH, HEIGHT, &format!("fig {class}"), label);
    let x = Scale::new([0.0, years], [LEFT, WIDTH - RIGHT]);
    let foci = Scale::new([0.0, most_foci], [54.0, 6.0]);
    let crp = Scale::new([0.0, most_crp], [96.0, 64.0]);
    for (scale, most) in [(&foci, most_foci), (&crp, most_crp)] {
        for mark in [0.0, most] {
            svg.line([LEFT, scale.at(mark), WIDTH - RIGHT, scale.at(mark)], "grid");
            svg.label([LEFT - 4.0, scale.at(mark) + 3.0], Anchor::End, "tick", &number(mark));
        }
    }
    for drug in &child.drugs {
        let stop = drug.stop_day.unwrap_or(child.until_day).min(child.until_day) / 365.25;
        let start = drug.start_day / 365.25;
        svg.rect([x.at(start), 57.0, x.at(stop) - x.at(start), 3.0], "drug", &drug.name);
    }
    let moments = || child.circulation.iter();
    if let (Some(first), Some(last)) = (child.circulation.first(), child.circulation.last()) {
        let day = |day: f64| x.within(day / 365.25);
        let steps = moments().scan(first.foci, |before, moment| {
            let corner = [day(moment.day), foci.within(f64::from(*before))];
            *before = moment.foci;
            Some([corner, [day(moment.day), foci.within(f64::from(moment.foci))]])
        });
        let floor = [[day(last.day), foci.at(0.0)], [day(first.day), foci.at(0.0)]];
        svg.polygon(steps.flatten().chain(floor), "area");
        svg.polyline(moments().map(|moment| [day(moment.day), crp.within(moment.crp_mg_l)]), "trace");
        if let Some(presented) = child.presented_day() {
            svg.line([day(presented), 4.0, day(presented), 96.0], "mark");
        }
    }
    for year in ticks(years, 2) {
        if year <= years {
            let anchor = if year == 0.0 { Anchor::Start } else { Anchor::Middle };
            let anchor = if year >= years { Anchor::End } else { anchor };
            let text = if year == 0.0 { "year 0".to_owned() } else { number(year) };
            svg.label([x.at(year), 108.0], anchor, "tick", &text);
        }
    }
    svg.finish()
}
