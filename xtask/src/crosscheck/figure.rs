//! A figure of one exported year: curves of Osteoflare, dots of libRoadRunner.

use std::fmt::Write;

use crate::crosscheck::compare::States;

const WIDTH: f64 = 720.0;
const PANEL: f64 = 130.0;
const LEFT: f64 = 60.0;
const RIGHT: f64 = 20.0;
const TOP: f64 = 24.0;
const GAP: f64 = 34.0;
/// Number of colours.
const COLOURS: usize = 2;
/// Colours by the scheme of the reader, as in the other figures of the book.
const STYLE: &str = ":root{color-scheme:light dark;background:#fff}text{fill:#222}\
    .c0{fill:#0b62a8}.c1{fill:#b3541e}.l0,.d0{fill:none;stroke:#0b62a8}.l1,.d1{fill:none;stroke:#b3541e}\
    @media(prefers-color-scheme:dark){:root{background:#1a1a1a}text{fill:#e6e6e6}\
    .c0{fill:#6cb6f5}.c1{fill:#f0995f}.l0,.d0{stroke:#6cb6f5}.l1,.d1{stroke:#f0995f}}";

/// One panel: title, and names of states with their label.
pub struct Panel {
    /// Above the panel.
    pub title: &'static str,
    /// Name of a state and what it is called.
    pub curves: Vec<(String, String)>,
}

/// The name of a curve in its colour.
fn name(curve: usize, label: &str) -> String {
    format!("<tspan class=\"c{}\">{label}</tspan>", curve % COLOURS)
}

/// The figure as SVG. `ours` on `days`; `theirs` on the same days, every other week drawn as a dot.
pub fn svg(panels: &[Panel], days: &[f64], ours: &States, theirs: &States) -> String {
    let height = TOP + panels.len() as f64 * (PANEL + GAP) + 20.0;
    let last = days.last().copied().unwrap_or(1.0);
    let x = |day: f64| LEFT + (WIDTH - LEFT - RIGHT) * day / last;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" font-family=\"sans-serif\" font-size=\"12\" \
         role=\"img\"><title>One year of an exported patient: curves by Osteoflare, dots by libRoadRunner</title>\
         <style>{STYLE}</style>\n"
    );
    for (number, panel) in panels.iter().enumerate() {
        let top = TOP + number as f64 * (PANEL + GAP);
        let values = || panel.curves.iter().flat_map(|(name, _)| ours[name].iter().copied());
        let high = values().fold(0.0, f64::max).max(1e-9);
        let low = values().fold(high, f64::min);
        let low = if low > 0.5 * high { low } else { 0.0 };
        let y = |value: f64| top + PANEL * (1.0 - (value - low) / (high - low).max(1e-12));
        let _ = writeln!(
            svg,
            "<text x=\"{LEFT}\" y=\"{:.1}\" font-weight=\"bold\">{}</text>\
             <rect x=\"{LEFT}\" y=\"{top:.1}\" width=\"{:.1}\" height=\"{PANEL}\" fill=\"none\" stroke=\"#888\"/>\
             <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{high:.2}</text>\
             <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{low:.2}</text>",
            top - 6.0,
            panel.title,
            WIDTH - LEFT - RIGHT,
            LEFT - 6.0,
            top + 10.0,
            LEFT - 6.0,
            top + PANEL,
        );
        for (curve, (name, _)) in panel.curves.iter().enumerate() {
            let colour = curve % COLOURS;
            let points: Vec<String> = days
                .iter()
                .zip(&ours[name])
                .map(|(day, value)| format!("{:.1},{:.1}", x(*day), y(*value)))
                .collect();
            let _ = writeln!(
                svg,
                "<polyline class=\"l{colour}\" points=\"{}\" stroke-width=\"1.5\"/>",
                points.join(" "),
            );
            for (day, value) in days.iter().zip(theirs.get(name).into_iter().flatten()).step_by(2) {
                let _ = writeln!(
                    svg,
                    "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"2.4\" class=\"d{colour}\"/>",
                    x(*day),
                    y(*value)
                );
            }
        }
        // Names above the panel, so that no curve runs through them.
        let names: Vec<String> =
            panel.curves.iter().enumerate().map(|(curve, (_, label))| name(curve, label)).collect();
        let _ = writeln!(
            svg,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            WIDTH - RIGHT,
            top - 6.0,
            names.join(" · ")
        );
    }
    for day in (0..).map(|k| 60.0 * f64::from(k)).take_while(|day| *day <= last) {
        let _ = writeln!(
            svg,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{day}</text>",
            x(day),
            height - 24.0
        );
    }
    let _ = writeln!(
        svg,
        "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">days, one point in the middle of every week</text></svg>",
        0.5 * (WIDTH + LEFT - RIGHT),
        height - 8.0
    );
    svg
}
