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
/// Dash pattern and marker differ besides the colour.
const DASHES: [&str; 5] = ["none", "7 3", "2 3", "8 3 2 3", "12 3"];

const STYLE: &str = "\
:root{color-scheme:light dark}\
text{font:12px system-ui,sans-serif;fill:#222}.s{font-size:10px;fill:#555}.g{stroke:#ddd}.f{fill:none;stroke:#888}\
.c0{stroke:#0b62a8;fill:#0b62a8}.c1{stroke:#b3541e;fill:#b3541e}.c2{stroke:#2b7a3d;fill:#2b7a3d}\
.c3{stroke:#8a3a8f;fill:#8a3a8f}.c4{stroke:#8a6d00;fill:#8a6d00}.l{fill:none;stroke-width:1.8}\
@media(prefers-color-scheme:dark){text{fill:#e6e6e6}.s{fill:#aaa}.g{stroke:#3a3a3a}.f{stroke:#888}\
.c0{stroke:#6cb6f5;fill:#6cb6f5}.c1{stroke:#f0995f;fill:#f0995f}.c2{stroke:#74cc8a;fill:#74cc8a}\
.c3{stroke:#d996de;fill:#d996de}.c4{stroke:#d9bd4a;fill:#d9bd4a}.l{fill:none}}";

/// Draws all panels, error against CPU time, both logarithmic.
pub fn draw(label: &str, panels: &[Panel]) -> String {
    let mut names: Vec<&str> = Vec::new();
    for curve in panels.iter().flat_map(|p| &p.curves) {
        if !names.contains(&curve.name.as_str()) {
            names.push(&curve.name);
        }
    }
    names.truncate(DASHES.len());
    let rows = panels.len().div_ceil(COLUMNS);
    let (w, h) = (COLUMNS as f64 * (WIDTH + GAP) + 10.0, rows as f64 * (HEIGHT + GAP + TOP) + 40.0);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w:.0} {h:.0}\" role=\"img\" \
         aria-label=\"{label}\">\n<style>{STYLE}</style>\n"
    );
    for (i, name) in names.iter().enumerate() {
        let x = LEFT + (w - LEFT) / names.len() as f64 * i as f64;
        out += &format!(
            "<line class=\"l c{i}\" x1=\"{x}\" y1=\"16\" x2=\"{}\" y2=\"16\" stroke-dasharray=\"{}\"/>\
             <text x=\"{}\" y=\"20\">{}</text>\n",
            x + 30.0,
            DASHES[i],
            x + 36.0,
            name
        );
    }
    for (number, panel) in panels.iter().enumerate() {
        let x0 = LEFT + (number % COLUMNS) as f64 * (WIDTH + GAP);
        let y0 = 40.0 + TOP + (number / COLUMNS) as f64 * (HEIGHT + GAP + TOP);
        out += &one(panel, &names, x0, y0);
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

fn one(panel: &Panel, names: &[&str], x0: f64, y0: f64) -> String {
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
        let Some(i) = names.iter().position(|n| *n == curve.name) else { continue };
        let path: Vec<String> = curve
            .points
            .iter()
            .filter(|p| p.1 > 0.0)
            .map(|p| format!("{:.1},{:.1}", x(1e3 * p.0), y(p.1)))
            .collect();
        out += &format!(
            "<polyline class=\"l c{i}\" stroke-dasharray=\"{}\" points=\"{}\"/>\n",
            DASHES[i],
            path.join(" ")
        );
        for p in path {
            let (cx, cy) = p.split_once(',').unwrap_or(("0", "0"));
            out += &format!("<circle class=\"c{i}\" cx=\"{cx}\" cy=\"{cy}\" r=\"2.6\"/>\n");
        }
    }
    out
}

fn plain(decade: i32) -> String {
    if (-2..4).contains(&decade) { format!("{}", 10f64.powi(decade)) } else { format!("1e{decade}") }
}
