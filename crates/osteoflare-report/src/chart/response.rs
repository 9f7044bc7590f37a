//! What is left of a finding in the months after the presentation, in one arm.

use super::scale::{Scale, ticks};
use super::svg::{Anchor, Svg};
use crate::text::percent;

/// One month of one arm.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Point {
    pub month: u32,
    pub value: f64,
    pub interval: Option<[f64; 2]>,
}

const WIDTH: f64 = 210.0;
const HEIGHT: f64 = 132.0;
const LEFT: f64 = 40.0;
const RIGHT: f64 = 10.0;
const TOP: f64 = 8.0;
const BOTTOM: f64 = 22.0;

/// The panel of one arm; `base` is drawn behind it in grey. The vertical axis reaches `top`, the baseline is 1.
pub(crate) fn response_panel(
    arm: &[Point],
    base: &[Point],
    months: &[u32],
    top: f64,
    class: &str,
    label: &str,
) -> String {
    let mut svg = Svg::new(WIDTH, HEIGHT, &format!("fig {class}"), label);
    let marks = ticks(top, 3);
    let y = Scale::new([0.0, marks.last().copied().unwrap_or(1.0)], [HEIGHT - BOTTOM, TOP]);
    // Months are spread evenly: what happens early needs as much room as what happens late.
    let x = Scale::new([0.0, months.len() as f64], [LEFT + 6.0, WIDTH - RIGHT]);
    let place = |month: u32| months.iter().position(|known| *known == month).map_or(0.0, |k| k as f64 + 1.0);
    for mark in &marks {
        let style = if (*mark - 1.0).abs() < 1e-9 { "ax" } else { "grid" };
        svg.line([LEFT, y.at(*mark), WIDTH - RIGHT + 4.0, y.at(*mark)], style);
        svg.label([LEFT - 5.0, y.at(*mark) + 3.5], Anchor::End, "tick", &percent(*mark));
    }
    for month in std::iter::once(&0).chain(months) {
        svg.label([x.at(place(*month)), HEIGHT - 7.0], Anchor::Middle, "tick", &month.to_string());
    }
    let start = [x.at(0.0), y.at(1.0)];
    let at = |point: &Point| [x.at(place(point.month)), y.within(point.value)];
    if !base.is_empty() {
        svg.polyline(std::iter::once(start).chain(base.iter().map(at)), "line other");
    }
    let band: Vec<(f64, [f64; 2])> =
        arm.iter().filter_map(|point| Some((x.at(place(point.month)), point.interval?))).collect();
    if !band.is_empty() {
        let high = band.iter().map(|(x, [_, high])| [*x, y.within(*high)]);
        let low = band.iter().rev().map(|(x, [low, _])| [*x, y.within(*low)]);
        svg.polygon(std::iter::once(start).chain(high).chain(low), "band");
    }
    if !arm.is_empty() {
        svg.polyline(std::iter::once(start).chain(arm.iter().map(at)), "line");
    }
    for point in arm {
        let months = if point.month == 1 { "1 month".to_owned() } else { format!("{} months", point.month) };
        svg.circle(at(point), 3.2, "dot", &format!("{months}: {} of the baseline", percent(point.value)));
    }
    svg.finish()
}
