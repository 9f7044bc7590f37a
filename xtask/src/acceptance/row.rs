//! One row of the acceptance table.

use super::statistics::Estimate;

/// What was tried where a row has been seen to miss with some seed or number of children.
const TRIED: [(&str, &str); 4] = [
    (
        "C2b",
        "the largest count is the extreme of a long tail and moves between 19 and 50 from seed to seed. Effectors spent in \
         lesions (`ksink`), regulation that grows with the burden (`KGs`) and hosts that differ less (`presentation_log_sd`, \
         `regulation_log_sd`) each shortened the tail",
    ),
    (
        "C14c",
        "fewer bruises (`lambda0` 1.9 to 1.8), a slower circulating regulatory pool (`kGs` 0.050 to 0.038) and slower local \
         regulation (`kG` 0.0060 to 0.0052) move it between 0.58 and 0.64; what lowers it further also lowers the number of \
         lesions at presentation (C2)",
    ),
    (
        "C17",
        "the odds ratio of 200 children is known within a factor of 1.8 (of 435 within 1.5), and seeds differ as much. Without antigens \
         common to all sites (`q_common` 0, `q_own` 0.85) it falls to 0.5 to 0.64, and pelvis and spine (C16c, C16d) fall below \
         their bands",
    ),
    ("T8a", "weaker bisphosphonate (`kBP` 0.755 to 0.67, within its range) raised it from 0.18 to 0.21"),
];

/// Verdict on a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Verdict {
    /// The result lies in the band.
    Holds,
    /// It lies outside by this much, in the unit of the result.
    Misses(f64),
}

/// A row.
#[derive(Clone, Debug)]
pub struct Row {
    /// Key, e.g. `C3`.
    pub id: &'static str,
    /// Behaviour.
    pub behaviour: String,
    /// Acceptance band in words.
    pub band: String,
    /// What was measured in patients.
    pub data: &'static str,
    /// Result in words, with Monte Carlo error.
    pub result: String,
    /// Verdict.
    pub verdict: Verdict,
}

/// Builder of a table.
#[derive(Default)]
pub struct Table {
    /// Rows so far.
    pub rows: Vec<Row>,
}

impl Table {
    /// A row whose estimate must lie in `[low, high]`.
    pub fn band(
        &mut self,
        id: &'static str,
        behaviour: &str,
        data: &'static str,
        estimate: Estimate,
        low: f64,
        high: f64,
    ) {
        let Estimate { value, .. } = estimate;
        let verdict = if value >= low && value <= high {
            Verdict::Holds
        } else {
            Verdict::Misses(if value < low { value - low } else { value - high })
        };
        self.rows.push(Row {
            id,
            behaviour: behaviour.to_owned(),
            band: show_band(low, high),
            data,
            result: format!(
                "{} [{}–{}], n {}",
                number(value),
                number(estimate.ci[0]),
                number(estimate.ci[1]),
                estimate.n
            ),
            verdict,
        });
    }

    /// A row that holds or not.
    pub fn claim(
        &mut self,
        id: &'static str,
        behaviour: &str,
        band: &str,
        data: &'static str,
        result: String,
        holds: bool,
        short_by: f64,
    ) {
        self.rows.push(Row {
            id,
            behaviour: behaviour.to_owned(),
            band: band.to_owned(),
            data,
            result,
            verdict: if holds { Verdict::Holds } else { Verdict::Misses(short_by) },
        });
    }

    /// Number of rows that hold, and of all rows.
    pub fn score(&self) -> (usize, usize) {
        (self.rows.iter().filter(|r| r.verdict == Verdict::Holds).count(), self.rows.len())
    }

    /// What was tried for the rows that miss, as Markdown; empty if none misses.
    pub fn tried(&self) -> String {
        let missing: Vec<&Row> = self.rows.iter().filter(|r| r.verdict != Verdict::Holds).collect();
        if missing.is_empty() {
            return String::new();
        }
        let mut out = String::from("\nWhat was tried for the rows that miss:\n\n");
        for row in missing {
            let what = TRIED.iter().find(|(id, _)| *id == row.id).map_or("nothing yet", |(_, what)| what);
            out.push_str(&format!("- **{}**: {what}.\n", row.id));
        }
        out
    }

    /// The table as Markdown.
    pub fn markdown(&self) -> String {
        let mut out = String::from(
            "| row | behaviour | band | data | result [95 % Monte Carlo interval] | |\n|---|---|---|---|---|---|\n",
        );
        for r in &self.rows {
            let verdict = match r.verdict {
                Verdict::Holds => "holds".to_owned(),
                Verdict::Misses(by) => format!("**misses by {}**", number(by)),
            };
            out.push_str(&format!(
                "| {} | {} | {} | {} | {} | {} |\n",
                r.id, r.behaviour, r.band, r.data, r.result, verdict
            ));
        }
        out
    }
}

fn show_band(low: f64, high: f64) -> String {
    if low == f64::NEG_INFINITY || low == 0.0 {
        format!("≤ {}", number(high))
    } else if high == f64::INFINITY || high == 1.0 {
        format!("≥ {}", number(low))
    } else {
        format!("{}–{}", number(low), number(high))
    }
}

/// Three significant digits, plainly.
pub fn number(x: f64) -> String {
    if !x.is_finite() {
        return "–".to_owned();
    }
    if x == x.round() && x.abs() < 1e4 {
        return format!("{x:.0}");
    }
    let size = x.abs();
    if size >= 100.0 {
        format!("{x:.0}")
    } else if size >= 10.0 {
        format!("{x:.1}")
    } else {
        format!("{x:.2}")
    }
}
