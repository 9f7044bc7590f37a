//! Error against CPU time.

use osteoflare_solver::system::{Statistics, Tolerance};

use super::integrators::Method;
use super::problems::Problem;
use crate::{clock, document, work_precision};

/// Tolerances that are tried.
const TOLERANCES: [f64; 6] = [1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8];
/// Error at which methods are compared.
const TARGET: f64 = 1e-4;

/// A run longer than this is not repeated.
const LONG_SECONDS: f64 = 0.3;
/// After a run longer than this no tighter tolerance is tried.
const TOO_LONG_SECONDS: f64 = 2.0;

/// One run.
pub struct Point {
    pub tolerance: f64,
    pub error: f64,
    pub seconds: f64,
    statistics: Statistics,
}

/// All runs of one method on one problem.
pub struct Curve {
    pub method: &'static str,
    pub points: Vec<Point>,
    failures: Vec<String>,
}

/// All methods on one problem.
pub struct Panel {
    pub problem: &'static str,
    pub curves: Vec<Curve>,
    /// Distance of the reference from an independent tight solution.
    doubt: f64,
}

fn tolerance(relative: f64) -> Tolerance {
    Tolerance { relative, absolute: relative * 1e-2 }
}

/// Measures every method on every problem.
pub fn measure() -> Result<Vec<Panel>, String> {
    Problem::all().into_iter().map(|problem| panel(&problem)).collect()
}

fn panel(problem: &Problem) -> Result<Panel, String> {
    eprintln!("methods: {}", problem.name);
    let [(_, explicit), _, _, (_, implicit)] = Method::all();
    let (reference, _) = problem.solve(&mut explicit.clone(), tolerance(1e-10))?;
    let (other, _) = problem.solve(&mut implicit.clone(), tolerance(1e-8))?;
    let doubt = problem.error(&other, &reference);
    let mut curves = Vec::new();
    for (name, method) in Method::all() {
        let mut curve = Curve { method: name, points: Vec::new(), failures: Vec::new() };
        for relative in TOLERANCES {
            let start = clock::thread();
            let (found, statistics) = match problem.solve(&mut method.clone(), tolerance(relative)) {
                Ok(solved) => solved,
                Err(message) => {
                    curve.failures.push(format!("{relative:.0e}: {message}"));
                    continue;
                }
            };
            let once = (clock::thread() - start).as_secs_f64();
            let error = problem.error(&found, &reference);
            let mut again = Ok(());
            let seconds = if once > LONG_SECONDS {
                once
            } else {
                clock::best(0.05, || {
                    again = problem.solve(&mut method.clone(), tolerance(relative)).map(drop);
                })
            };
            again?;
            curve.points.push(Point { tolerance: relative, error, seconds, statistics });
            if once > TOO_LONG_SECONDS {
                break;
            }
        }
        curves.push(curve);
    }
    Ok(Panel { problem: problem.name, curves, doubt })
}

impl Curve {
    /// CPU seconds at [`TARGET`] error, interpolated between logarithms; `None` outside what was measured.
    pub fn seconds_at_target(&self) -> Option<f64> {
        if let Some(first) = self.points.first()
            && first.error <= TARGET
        {
            return Some(first.seconds);
        }
        self.points.windows(2).find_map(|w| {
            let (a, b) = (&w[0], &w[1]);
            (a.error > TARGET && b.error <= TARGET).then(|| {
                let share = (TARGET / a.error).ln() / (b.error / a.error).ln();
                a.seconds * (b.seconds / a.seconds).powf(share)
            })
        })
    }
}

/// What is drawn.
pub fn figure(panels: &[Panel]) -> Vec<work_precision::Panel> {
    let curve = |c: &Curve| work_precision::Curve {
        name: c.method.to_owned(),
        points: c.points.iter().map(|p| (p.seconds, p.error)).collect(),
    };
    let panel = |p: &Panel| work_precision::Panel {
        title: p.problem.to_owned(),
        curves: p.curves.iter().map(curve).collect(),
    };
    panels.iter().map(panel).collect()
}

/// The section of the page.
pub fn describe(panels: &[Panel]) -> String {
    let mut out = format!(
        "## Error against time\n\nEvery problem runs in windows of constant inputs, as patients do (7 d; 1 d with \
         antibiotics). The error is the largest over states and a dozen times, relative to the state plus its scale; \
         the reference is Dormand–Prince at 1e-10. The absolute tolerance is a hundredth of the relative one; a \
         method that has become slower than {TOO_LONG_SECONDS} s is not tried at tighter tolerances.\n\n\
         ![Error against CPU time of four integrators on six problems](methods.svg)\n\n",
    );
    out += &format!("### CPU time at error {TARGET:.0e}, ms (relative to the fastest)\n\n");
    let methods: Vec<&str> = panels[0].curves.iter().map(|c| c.method).collect();
    let mut header = vec!["problem"];
    header.extend(&methods);
    header.push("reference against RODAS 4(3) at 1e-8");
    let rows: Vec<Vec<String>> = panels
        .iter()
        .map(|panel| {
            let times: Vec<Option<f64>> = panel.curves.iter().map(Curve::seconds_at_target).collect();
            let best = times.iter().flatten().copied().fold(f64::INFINITY, f64::min);
            let mut row = vec![panel.problem.to_owned()];
            row.extend(times.iter().map(|t| match t {
                Some(t) => format!("{:.2} ({:.1}×)", 1e3 * t, t / best),
                None => "not reached".to_owned(),
            }));
            row.push(format!("{:.1e}", panel.doubt));
            row
        })
        .collect();
    out += &document::table(&header, &rows);
    out += "\n### All runs\n\n";
    let mut rows = Vec::new();
    for panel in panels {
        for curve in &panel.curves {
            for point in &curve.points {
                let s = &point.statistics;
                rows.push(vec![
                    panel.problem.to_owned(),
                    curve.method.to_owned(),
                    format!("{:.0e}", point.tolerance),
                    format!("{:.1e}", point.error),
                    format!("{:.2}", 1e3 * point.seconds),
                    s.steps.to_string(),
                    s.rejected.to_string(),
                    s.derivatives.to_string(),
                    s.jacobians.to_string(),
                ]);
            }
            for failure in &curve.failures {
                let mut row = vec![panel.problem.to_owned(), curve.method.to_owned(), failure.clone()];
                row.resize(9, String::new());
                rows.push(row);
            }
        }
    }
    out += &document::table(
        &[
            "problem",
            "method",
            "tolerance",
            "error",
            "CPU ms",
            "steps",
            "rejected",
            "derivatives",
            "factorisations",
        ],
        &rows,
    );
    out
}
