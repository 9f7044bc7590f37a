//! Work-precision figures: error against CPU time.

/// The runs of one method.
pub struct Curve {
    /// Name.
    pub name: String,
    /// CPU seconds and error.
    pub points: Vec<(f64, f64)>,
}

/// One problem.
pub struct Panel {
    /// Name.
    pub title: String,
    /// Curves; the same name has the same look in all panels.
    pub curves: Vec<Curve>,
}

const WIDTH: f64 = 300.0;
const HEIGHT: f64 = 230.0;
const LEFT: f64 = 46.0;
const TOP: f64 = 30.0;
const GAP: f64 = 58.0;
const COLUMNS: usize = 3;
/// Height of a line of the legend.
const LINE: f64 = 20.0;
/// Curves in a line of the legend.
const ACROSS: usize = 4;
/// Colour classes.
const COLOURS: usize = 6;
/// Dash patterns tell curves apart besides the colour.
const DASHES: [&str; 5] = ["none", "7 3", "2 3", "8 3 2 3", "12 3"];

/// How a curve looks.
struct Look<'a> {
    name: &'a str,
    colour: usize,
    dash: &'static str,
}

/// Looks of all curves in the order in which they come; what stands before a comma shares its colour.
fn looks(panels: &[Panel]) -> Vec<Look<'_>> {
    let mut names: Vec<&str> = Vec::new();
    for curve in panels.iter().flat_map(|p| &p.curves) {
        if !names.contains(&curve.name.as_str()) {
            names.push(&curve.name);
        }
    }
    let family = |name: &&str| name.split(',').next().unwrap_or_default().to_owned();
    let mut families: Vec<(String, usize)> = Vec::new();
    names
        .iter()
        .map(|name| {
            let known = families.iter().position(|(known, _)| *known == family(name));
            let colour = known.unwrap_or_else(|| {
                families.push((family(name), 0));
                families.len() - 1
            });
            let members = &mut families[colour].1;
            *members += 1;
            let dash = DASHES[(colour + 2 * (*members - 1)) % DASHES.len()];
            Look { name, colour: colour % COLOURS, dash }
        })
        .collect()
}

const STYLE: &str = "\
:root{color-scheme:light dark}\
text{font:12px system-ui,sans-serif;fill:#222}.s{font-size:10px;fill:#555}.g{stroke:#ddd}.f{fill:none;stroke:#888}\
.c0{stroke:#0b62a8;fill:#0b62a8}.c1{stroke:#b3541e;fill:#b3541e}.c2{stroke:#2b7a3d;fill:#2b7a3d}\
.c3{stroke:#8a3a8f;fill:#8a3a8f}.c4{stroke:#8a6d00;fill:#8a6d00}.c5{stroke:#555;fill:#555}\
.l{fill:none;stroke-width:1.8}\
@media(prefers-color-scheme:dark){text{fill:#e6e6e6}.s{fill:#aaa}.g{stroke:#3a3a3a}.f{stroke:#888}\
.c0{stroke:#6cb6f5;fill:#6cb6f5}.c1{stroke:#f0995f;fill:#f0995f}.c2{stroke:#74cc8a;fill:#74cc8a}\
.c3{stroke:#d996de;fill:#d996de}.c4{stroke:#d9bd4a;fill:#d9bd4a}.c5{stroke:#bbb;fill:#bbb}\
.l{fill:none}}";

/// Draws all panels, error against CPU time, both logarithmic.
pub fn draw(label: &str, panels: &[Panel]) -> String {
    let looks = looks(panels);
    let top = LINE * looks.len().div_ceil(ACROSS) as f64 + 20.0;
    let rows = panels.len().div_ceil(COLUMNS);
    let (w, h) = (COLUMNS as f64 * (WIDTH + GAP) + 10.0, rows as f64 * (HEIGHT + GAP + TOP) + top);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w:.0} {h:.0}\" role=\"img\" \
         aria-label=\"{label}\">\n<style>{STYLE}</style>\n"
    );
    for (i, look) in looks.iter().enumerate() {
        let x = LEFT + (w - LEFT) / ACROSS.min(looks.len()) as f64 * (i % ACROSS) as f64;
        let y = 16.0 + LINE * (i / ACROSS) as f64;
        out += &format!(
            "<line class=\"l c{}\" x1=\"{x}\" y1=\"{y}\" x2=\"{}\" y2=\"{y}\" stroke-dasharray=\"{}\"/>\
             <text x=\"{}\" y=\"{}\">{}</text>\n",
            look.colour,
            x + 30.0,
            look.dash,
            x + 36.0,
            y + 4.0,
            look.name
        );
    }
    for (number, panel) in panels.iter().enumerate() {
        let x0 = LEFT + (number % COLUMNS) as f64 * (WIDTH + GAP);
        let y0 = top + TOP + (number / COLUMNS) as f64 * (HEIGHT + GAP + TOP);
        out += &one(panel, &looks, x0, y0);
    }
    out + "</svg>\n"
}

/// Decades that hold all values.
fn decades(values: impl Iterator<Item = f64>) -> (i32, i32) {
    let (low, high) = values
        .filter(|v| *v > 0.0)
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(v.log10()), b.max(v.log10())));
    let low = low.floor() as i32;
    (low, (high.ceil() as i32).max(low + 1))
}

fn one(panel: &Panel, looks: &[Look<'_>], x0: f64, y0: f64) -> String {
    let points = || panel.curves.iter().flat_map(|c| &c.points);
    let (x_low, x_high) = decades(points().map(|p| 1e3 * p.0));
    let (y_low, y_high) = decades(points().map(|p| p.1));
    let x = |ms: f64| x0 + WIDTH * (ms.log10() - f64::from(x_low)) / f64::from(x_high - x_low);
    let y = |e: f64| y0 + HEIGHT * (f64::from(y_high) - e.log10()) / f64::from(y_high - y_low);
    let mut out = format!("<text x=\"{x0}\" y=\"{:.0}\">{}</text>\n", y0 - 8.0, panel.title);
    for d in x_low..=x_high {
        let at = x(10f64.powi(d));
        out += &format!(
            "<line class=\"g\" x1=\"{at:.1}\" y1=\"{y0}\" x2=\"{at:.1}\" y2=\"{:.1}\"/>\
             <text class=\"s\" x=\"{at:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>\n",
            y0 + HEIGHT,
            y0 + HEIGHT + 14.0,
            plain(d)
        );
    }
    for d in y_low..=y_high {
        let at = y(10f64.powi(d));
        out += &format!(
            "<line class=\"g\" x1=\"{x0}\" y1=\"{at:.1}\" x2=\"{:.1}\" y2=\"{at:.1}\"/>\
             <text class=\"s\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">1e{d}</text>\n",
            x0 + WIDTH,
            x0 - 4.0,
            at + 3.0
        );
    }
    out += &format!("<rect class=\"f\" x=\"{x0}\" y=\"{y0}\" width=\"{WIDTH}\" height=\"{HEIGHT}\"/>\n");
    out += &format!(
        "<text class=\"s\" x=\"{:.0}\" y=\"{:.0}\" text-anchor=\"middle\">CPU time, ms</text>\n\
         <text class=\"s\" transform=\"translate({:.0} {:.0}) rotate(-90)\" text-anchor=\"middle\">error</text>\n",
        x0 + WIDTH / 2.0,
        y0 + HEIGHT + 30.0,
        x0 - 34.0,
        y0 + HEIGHT / 2.0
    );
    for curve in &panel.curves {
        let Some(Look { colour, dash, .. }) = looks.iter().find(|look| look.name == curve.name) else {
            continue;
        };
        let path: Vec<String> = curve
            .points
            .iter()
            .filter(|p| p.1 > 0.0)
            .map(|p| format!("{:.1},{:.1}", x(1e3 * p.0), y(p.1)))
            .collect();
        out += &format!(
            "<polyline class=\"l c{colour}\" stroke-dasharray=\"{dash}\" points=\"{}\"/>\n",
            path.join(" ")
        );
        for p in path {
            let (cx, cy) = p.split_once(',').unwrap_or(("0", "0"));
            out += &format!("<circle class=\"c{colour}\" cx=\"{cx}\" cy=\"{cy}\" r=\"2.6\"/>\n");
        }
    }
    out
}

fn plain(decade: i32) -> String {
    if (-2..4).contains(&decade) { format!("{}", 10f64.powi(decade)) } else { format!("1e{decade}") }
}
