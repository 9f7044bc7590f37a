//! Line charts with a threshold at 1, side by side.

const WIDTH: f64 = 380.0;
const HEIGHT: f64 = 260.0;
const LEFT: f64 = 44.0;
const TOP: f64 = 64.0;
const GAP: f64 = 60.0;
/// Colour classes; dashes tell curves apart without colour.
const DASHES: [&str; 5] = ["none", "7 3", "2 3", "8 3 2 3", "12 4"];

const STYLE: &str = "\
:root{color-scheme:light dark}\
text{font:12px system-ui,sans-serif;fill:#222}.s{font-size:10px;fill:#555}.g{stroke:#ddd}.f{fill:none;stroke:#888}\
.t{stroke:#a11;stroke-width:1.2;stroke-dasharray:4 3}.b{fill:#c33;opacity:.13}\
.l{fill:none;stroke-width:1.9}.n{stroke-width:1.1}\
.c0{stroke:#0b62a8}.c1{stroke:#b3541e}.c2{stroke:#2b7a3d}.c3{stroke:#8a3a8f}.c4{stroke:#6b6b00}\
@media(prefers-color-scheme:dark){text{fill:#e6e6e6}.s{fill:#aaa}.g{stroke:#3a3a3a}.t{stroke:#f77}.b{fill:#f66;opacity:.2}\
.c0{stroke:#6cb6f5}.c1{stroke:#f0995f}.c2{stroke:#74cc8a}.c3{stroke:#d996de}.c4{stroke:#d4d45a}}";

/// One curve.
pub struct Curve {
    /// Name in the legend.
    pub name: String,
    /// Points from left to right.
    pub points: Vec<(f64, f64)>,
    /// Drawn thin.
    pub thin: bool,
}

/// A shaded range of the horizontal axis.
pub struct Band {
    /// Left end.
    pub from: f64,
    /// Right end.
    pub to: f64,
}

/// One chart.
pub struct Panel {
    /// Above it.
    pub title: String,
    /// Name of the horizontal axis.
    pub across: String,
    /// Name of the vertical axis.
    pub up: String,
    /// At most five curves.
    pub curves: Vec<Curve>,
    /// Shaded ranges.
    pub bands: Vec<Band>,
}

/// Draws the panels in a row.
pub fn draw(panels: &[Panel]) -> String {
    let (w, h) = (panels.len() as f64 * (WIDTH + GAP) + 12.0, TOP + HEIGHT + 46.0);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w:.0} {h:.0}\" role=\"img\" \
         aria-label=\"The regeneration number over its causes and through two lives\">\n<style>{STYLE}</style>\n"
    );
    for (i, panel) in panels.iter().enumerate() {
        out += &one(panel, LEFT + i as f64 * (WIDTH + GAP));
    }
    out + "</svg>\n"
}

/// A step of 1, 2 or 5 times a power of ten that gives four to nine marks.
fn step(span: f64) -> f64 {
    let decade = 10f64.powf((span / 5.0).log10().floor());
    let mantissa = span / 5.0 / decade;
    decade
        * if mantissa < 1.5 {
            1.0
        } else if mantissa < 3.5 {
            2.0
        } else {
            5.0
        }
}

fn one(panel: &Panel, x0: f64) -> String {
    let points = || panel.curves.iter().flat_map(|c| &c.points);
    let x_high = points().map(|p| p.0).fold(0.0, f64::max);
    let y_high = 1.05 * points().map(|p| p.1).fold(1.0, f64::max);
    let x = |v: f64| x0 + WIDTH * v / x_high;
    let y = |v: f64| TOP + HEIGHT * (1.0 - v / y_high);
    let mut out = format!("<text x=\"{x0}\" y=\"16\">{}</text>\n", panel.title);
    let mut key = x0;
    for (i, curve) in panel.curves.iter().enumerate() {
        out += &format!(
            "<line class=\"l c{i}\" x1=\"{key:.0}\" y1=\"38\" x2=\"{:.0}\" y2=\"38\" stroke-dasharray=\"{}\"/>\
             <text class=\"s\" x=\"{:.0}\" y=\"41\">{}</text>\n",
            key + 20.0,
            DASHES[i],
            key + 24.0,
            curve.name
        );
        key += 34.0 + 5.6 * curve.name.chars().count() as f64;
    }
    for band in &panel.bands {
        out += &format!(
            "<rect class=\"b\" x=\"{:.1}\" y=\"{TOP}\" width=\"{:.1}\" height=\"{HEIGHT}\"/>\n",
            x(band.from),
            x(band.to) - x(band.from)
        );
    }
    let (dx, dy) = (step(x_high), step(y_high));
    for k in 0..=(x_high / dx + 1e-9) as u32 {
        let at = x(dx * f64::from(k));
        out += &format!(
            "<line class=\"g\" x1=\"{at:.1}\" y1=\"{TOP}\" x2=\"{at:.1}\" y2=\"{:.1}\"/>\
             <text class=\"s\" x=\"{at:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>\n",
            TOP + HEIGHT,
            TOP + HEIGHT + 14.0,
            short(dx * f64::from(k))
        );
    }
    for k in 0..=(y_high / dy + 1e-9) as u32 {
        let at = y(dy * f64::from(k));
        out += &format!(
            "<line class=\"g\" x1=\"{x0}\" y1=\"{at:.1}\" x2=\"{:.1}\" y2=\"{at:.1}\"/>\
             <text class=\"s\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>\n",
            x0 + WIDTH,
            x0 - 4.0,
            at + 3.0,
            short(dy * f64::from(k))
        );
    }
    out += &format!(
        "<line class=\"t\" x1=\"{x0}\" y1=\"{0:.1}\" x2=\"{1:.1}\" y2=\"{0:.1}\"/>\
         <rect class=\"f\" x=\"{x0}\" y=\"{TOP}\" width=\"{WIDTH}\" height=\"{HEIGHT}\"/>\n\
         <text class=\"s\" x=\"{2:.0}\" y=\"{3:.0}\" text-anchor=\"middle\">{4}</text>\n\
         <text class=\"s\" transform=\"translate({5:.0} {6:.0}) rotate(-90)\" text-anchor=\"middle\">{7}</text>\n",
        y(1.0),
        x0 + WIDTH,
        x0 + WIDTH / 2.0,
        TOP + HEIGHT + 30.0,
        panel.across,
        x0 - 30.0,
        TOP + HEIGHT / 2.0,
        panel.up
    );
    for (i, curve) in panel.curves.iter().enumerate() {
        let path: Vec<String> = curve.points.iter().map(|p| format!("{:.1},{:.1}", x(p.0), y(p.1))).collect();
        out += &format!(
            "<polyline class=\"l{} c{i}\" stroke-dasharray=\"{}\" points=\"{}\"/>\n",
            if curve.thin { " n" } else { "" },
            DASHES[i],
            path.join(" ")
        );
    }
    out
}

/// A number without needless digits.
fn short(v: f64) -> String {
    let text = format!("{v:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
