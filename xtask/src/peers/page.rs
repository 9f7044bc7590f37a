//! The page and the figure.

use super::native::NAME;
use super::problem::{DAYS, Life, YEARS};
use super::{Findings, Loading, Run};
use crate::document;
use crate::work_precision::{Curve, Panel, draw};

/// Name of a program without version, and its method without linear algebra.
fn short(run: &Run) -> String {
    let first = |text: &'static str, end: char| text.split(end).next().unwrap_or(text);
    let program = run.program.split(' ').next().unwrap_or(&run.program);
    format!("{program}, {}", first(run.method, ','))
}

/// CPU seconds of Osteoflare at the error of another run, interpolated between logarithms; the loosest run where the
/// error is larger than any, `None` where it is smaller.
fn native_at(run: &Run, runs: &[Run]) -> Option<f64> {
    let error = run.error;
    let same = |r: &&Run| r.program == NAME && r.sites == run.sites && r.life == run.life;
    let own: Vec<&Run> = runs.iter().filter(same).collect();
    let first = own.first()?;
    if first.error <= error {
        return Some(first.seconds);
    }
    own.windows(2).find_map(|w| {
        let (a, b) = (w[0], w[1]);
        (a.error > error && b.error <= error).then(|| {
            let share = (error / a.error).ln() / (b.error / a.error).ln();
            a.seconds * (b.seconds / a.seconds).powf(share)
        })
    })
}

fn number(x: f64) -> String {
    match x {
        x if x >= 100.0 => format!("{x:.0}"),
        x if x >= 1.0 => format!("{x:.1}"),
        x => format!("{x:.3}"),
    }
}

fn runs(found: &Findings) -> String {
    let row = |run: &Run| {
        let seconds = run.seconds * run.stretch;
        let own = native_at(run, &found.runs);
        vec![
            run.life.name().to_owned(),
            run.sites.to_string(),
            run.program.clone(),
            run.method.to_owned(),
            format!("{:.0e}", run.tolerance),
            if run.days == DAYS { "all".to_owned() } else { format!("{} of {DAYS} d", run.days) },
            format!("{:.1e}", run.error),
            run.steps.map_or("–".to_owned(), |s| s.to_string()),
            number(YEARS * seconds) + if run.stretch == 1.0 { "" } else { " (e)" },
            match own {
                _ if run.program == NAME => "1".to_owned(),
                Some(own) => format!("{}×", number(seconds / own)),
                None => "–".to_owned(),
            },
            run.peak_mib.map_or("–".to_owned(), |m| format!("{m:.0}")),
        ]
    };
    document::table(
        &[
            "child",
            "sites",
            "program",
            "method",
            "tolerance",
            "days run",
            "achieved error",
            "steps",
            "CPU s per patient-decade",
            "against Osteoflare at this error",
            "peak MiB",
        ],
        &found.runs.iter().map(row).collect::<Vec<_>>(),
    )
}

fn loading(found: &Findings) -> String {
    let milliseconds = |s: f64| format!("{:.3}", 1e3 * s);
    // The same model is loaded for either life; the first loading stands for both.
    let first = |(at, l): &(usize, &Loading)| {
        found.loading[..*at].iter().all(|before| (before.sites, &before.program) != (l.sites, &l.program))
    };
    let rows: Vec<Vec<String>> = found
        .loading
        .iter()
        .enumerate()
        .filter(first)
        .map(|(_, l)| l)
        .map(|l| {
            vec![
                l.sites.to_string(),
                l.program.clone(),
                l.import_s.map_or("–".to_owned(), |s| format!("{s:.1}")),
                milliseconds(l.load_s),
            ]
        })
        .collect();
    document::table(&["sites", "program", "writing and compiling the model, CPU s", "loading, CPU ms"], &rows)
}

/// How cost grows from the smallest to the largest number of sites, at one tolerance.
fn growth(found: &Findings) -> String {
    let mut ways: Vec<String> = Vec::new();
    for run in &found.runs {
        if !ways.contains(&short(run)) {
            ways.push(short(run));
        }
    }
    let mut rows = Vec::new();
    for way in ways {
        let of_way = |r: &&Run| {
            let tolerance = if r.program == NAME { 1e-4 } else { 1e-6 };
            short(r) == way && r.tolerance == tolerance && r.life == Life::Struck
        };
        let own: Vec<&Run> = found.runs.iter().filter(of_way).collect();
        if let (Some(a), Some(b)) = (own.first(), own.last())
            && a.sites < b.sites
        {
            let slope = (b.seconds * b.stretch / (a.seconds * a.stretch)).ln()
                / (b.sites as f64 / a.sites as f64).ln();
            rows.push(vec![
                way,
                format!("{:.0e}", a.tolerance),
                format!("{} to {}", a.sites, b.sites),
                format!("sites^{slope:.2}"),
            ]);
        }
    }
    document::table(&["program", "tolerance", "sites", "CPU time grows as"], &rows)
}

/// Why rows are missing, whichever sizes are measured: what `way::asked` and `way::asked_of_amici` decide.
const LEFT_OUT: &str = "\
Not every program is asked for everything, so that the measurement ends: COPASI with its dense LSODA takes a hundred \
times as long and more at 25 sites already and is asked for nothing larger; libRoadRunner needs minutes to load the model of 150 \
sites and is not asked for 266; the import of AMICI, half an hour at 150 sites, is not tried at 266; beyond 25 sites \
neither is asked for children left alone. The factors of diffsol's BDF fill in: it is asked for one tolerance (1e-6) at \
150 sites and for none at 266.";

/// The page.
pub fn text(found: &Findings, machine: &str) -> String {
    let mut out = format!(
        "# Peers, side by side\n\n{}\n\nCommand: `cargo xtask peers`. Machine: {machine}. Times are CPU times of one \
         thread, in one run.\n\n## The problem\n\nA child of broken tolerance with some of its sites, all awake, every \
         third inflamed on day 0, for {DAYS} days; a patient-decade is {YEARS} such years. It is struck once a week, one \
         site after the other, so that it goes on flaring, or it is left alone and the flares burn out. Every \
         program gets the model that `osteoflare-export` writes from the source of the equations: SBML, or C with its \
         sparse Jacobian. Programs that have a method without a Jacobian run that too. The error is the largest over all states and 12 days, relative to the state plus its scale \
         (1 r.u.; 10 mg/L for CRP), against Osteoflare at 1e-10; the absolute tolerance is a hundredth of the relative \
         one. (e): extrapolated from the days run, by the ratio of the steps that CVODE (BDF) takes over the whole and over \
         the beginning at the same tolerance. The last but one column compares with Osteoflare at the error that the \
         program achieved (its loosest run, where that error is larger than any of Osteoflare's).\n\n{LEFT_OUT}\n\n\
         ![Error against CPU time](peers.svg)\n\nThe figure shows whole runs only: what is marked (e) is in the table \
         alone.\n\n## Runs\n\n",
        document::NOTICE
    );
    out += &runs(found);
    out += "\n## Growth with the number of sites\n\nChildren struck weekly; of extrapolated runs the extrapolated time.\n\n";
    out += &growth(found);
    out += "\n## Before the first step\n\n";
    out += &loading(found);
    if !found.cohorts.is_empty() {
        out += "\n## Many patients\n\nOsteoflare: children of broken tolerance with all 266 sites and their random lives, \
                ten years each, quiet sites asleep, one thread. The peers would run each patient by itself.\n\n";
        let rows: Vec<Vec<String>> = found
            .cohorts
            .iter()
            .map(|(patients, seconds, mib)| {
                let each = 1e3 * seconds / f64::from(*patients);
                vec![patients.to_string(), format!("{seconds:.2}"), format!("{each:.1}"), format!("{mib:.0}")]
            })
            .collect();
        out += &document::table(&["patients", "CPU s", "CPU ms each", "peak MiB"], &rows);
    }
    if !found.skipped.is_empty() {
        out += "\n## Skipped\n\n";
        for line in &found.skipped {
            out += &format!("- {line}\n");
        }
    }
    out
}

/// The figure: one panel per number of sites, whole runs only.
pub fn figure(found: &Findings) -> String {
    let mut panels: Vec<Panel> = Vec::new();
    for run in found.runs.iter().filter(|r| r.days == DAYS) {
        let title = format!("{} sites, {}", run.sites, run.life.name());
        if panels.last().is_none_or(|p| p.title != title) {
            panels.push(Panel { title, curves: Vec::new() });
        }
        let Some(panel) = panels.last_mut() else { continue };
        let name = short(run);
        if !panel.curves.iter().any(|c| c.name == name) {
            panel.curves.push(Curve { name: name.clone(), points: Vec::new() });
        }
        if let Some(curve) = panel.curves.iter_mut().find(|c| c.name == name) {
            curve.points.push((run.seconds, run.error));
        }
    }
    draw("Error against CPU time of Osteoflare and other programs on one exported model", &panels)
}
