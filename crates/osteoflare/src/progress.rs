//! Progress of a run on standard error: bars on a terminal, now and then a line elsewhere.

use std::io::IsTerminal;
use std::path::Path;
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use osteoflare_study::run::Progress;
use osteoflare_study::study::Study;

use crate::terminal::say;

/// Pause between lines where there is no terminal.
const BETWEEN_LINES: Duration = Duration::from_secs(5);

/// Shows how a run goes on.
pub struct Reporter {
    names: Vec<String>,
    totals: Vec<u32>,
    before: Vec<u64>,
    all: u64,
    resumed: u64,
    group: Option<usize>,
    group_started: (Instant, u32),
    started: Instant,
    last_news: Instant,
    last_line: Option<Instant>,
    bars: Option<Bars>,
}

struct Bars {
    multi: MultiProgress,
    group: ProgressBar,
    all: ProgressBar,
}

impl Reporter {
    /// Announces the run at once.
    pub fn new(study: &Study, out: &Path) -> Self {
        let totals: Vec<u32> = study.groups.iter().map(|group| group.patients).collect();
        let mut before = Vec::new();
        let mut all = 0;
        for total in &totals {
            before.push(all);
            all += u64::from(*total);
        }
        say(&format!("{}: {all} patients in {} groups → {}", study.name, totals.len(), out.display()));
        let bars = std::io::stderr().is_terminal().then(|| Bars::new(all));
        let names = study.groups.iter().map(|group| group.name.clone()).collect();
        let now = Instant::now();
        Reporter {
            names,
            totals,
            before,
            all,
            resumed: 0,
            group: None,
            group_started: (now, 0),
            started: now,
            last_news: now,
            last_line: None,
            bars,
        }
    }

    /// Takes news from the run.
    pub fn take(&mut self, progress: Progress<'_>) {
        match progress {
            Progress::Started { .. } => {}
            Progress::Patients { group, done, resumed, failed } => {
                self.patients(group, done, resumed, failed)
            }
            Progress::Summarising => {
                if let Some(bars) = &self.bars {
                    bars.clear();
                }
                say("summarising");
            }
        }
    }

    /// Takes the bars away.
    pub fn finish(&self) {
        if let Some(bars) = &self.bars {
            bars.clear();
        }
    }

    fn patients(&mut self, group: usize, done: u32, resumed: u32, failed: u32) {
        let total = self.totals[group];
        let found = done == resumed;
        if found {
            self.resumed += u64::from(resumed);
            say(&format!("{}: {resumed} of {total} patients were already there", self.names[group]));
        }
        if self.group != Some(group) {
            self.group = Some(group);
            self.group_started = (self.last_news, if found { done } else { done - 1 });
        }
        self.last_news = Instant::now();
        let all = self.before[group] + u64::from(done);
        let (since, first) = self.group_started;
        let rate = f64::from(done - first) / since.elapsed().as_secs_f64().max(1e-3);
        let overall =
            all.saturating_sub(self.resumed) as f64 / self.started.elapsed().as_secs_f64().max(1e-3);
        let left = |count: f64, rate: f64| match rate > 0.0 {
            true => duration(count / rate),
            false => "?".to_owned(),
        };
        let group_left = left(f64::from(total - done), rate);
        let all_left = left((self.all - all) as f64, overall);
        let failures = if failed > 0 { format!(", {failed} failed") } else { String::new() };
        if let Some(bars) = &self.bars {
            bars.group.set_length(u64::from(total));
            bars.group.set_prefix(self.names[group].clone());
            bars.group.set_message(format!("{rate:.1}/s, {group_left} left{failures}"));
            bars.group.set_position(u64::from(done));
            bars.all.set_message(format!("{all_left} left"));
            bars.all.set_position(all);
        }
        let ended = done == total;
        let due = self.last_line.is_none_or(|last| last.elapsed() >= BETWEEN_LINES);
        if (ended || (due && self.bars.is_none())) && !found {
            self.last_line = Some(Instant::now());
            let all_of = self.all;
            let name = &self.names[group];
            let line = if ended {
                format!("{name}: {total} patients done{failures}, {all} of {all_of} in all, {all_left} left")
            } else {
                format!(
                    "{name}: {done} of {total} patients, {rate:.1}/s, {group_left} left{failures}; {all} of {all_of} in all"
                )
            };
            match &self.bars {
                Some(bars) => drop(bars.multi.println(line)),
                None => say(&line),
            }
        }
    }
}

impl Bars {
    fn new(all: u64) -> Self {
        let multi = MultiProgress::with_draw_target(ProgressDrawTarget::stderr());
        let style = |template: &str| {
            ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
        };
        let group = multi.add(ProgressBar::new(0));
        group.set_style(style("{prefix:>24} {wide_bar} {pos}/{len} {msg}"));
        let total = multi.add(ProgressBar::new(all));
        total.set_style(style("{prefix:>24} {wide_bar} {pos}/{len} {msg}"));
        total.set_prefix("all");
        // Bars show and breathe while the first patients are still being computed.
        group.enable_steady_tick(Duration::from_millis(200));
        total.enable_steady_tick(Duration::from_millis(200));
        Bars { multi, group, all: total }
    }

    fn clear(&self) {
        self.group.finish_and_clear();
        self.all.finish_and_clear();
    }
}

/// A length of time in words.
pub fn duration(seconds: f64) -> String {
    let seconds = seconds.max(0.0).round() as u64;
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, s) => format!("{s} s"),
        (0, m, s) => format!("{m} min {s} s"),
        (h, m, _) => format!("{h} h {m} min"),
    }
}
