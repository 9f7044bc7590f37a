//! The C source computes the rates of the engine's kernel, and its Jacobian their derivatives.

mod children;

use std::path::Path;
use std::process::Command;

use children::{child, rates_of, states_near};
use osteoflare_export::c_source::{Coupling, c_source, pattern};
use osteoflare_export::scenario::Scenario;
use osteoflare_kinetics::state::{LOCAL_STATES, Local};
use osteoflare_skeleton::Skeleton;

/// Prints rates and Jacobian at states that it reads.
const MAIN: &str = r#"
#include <stdio.h>
int main(void) {
  double y[OSTEOFLARE_STATES], dy[OSTEOFLARE_STATES];
  static double j[OSTEOFLARE_NONZEROS];
  for (int i = 0; i < OSTEOFLARE_STATES; i++)
    if (scanf("%lf", &y[i]) != 1) return 1;
  osteoflare_rates(y, dy);
  osteoflare_jacobian(y, j);
  for (int i = 0; i < OSTEOFLARE_STATES; i++) printf("%.17g\n", dy[i]);
  for (int i = 0; i < OSTEOFLARE_NONZEROS; i++) printf("%.17g\n", j[i]);
  return 0;
}
"#;

fn run(folder: &Path, source: &str, y: &[f64]) -> Vec<f64> {
    let (c, program, input) = (folder.join("model.c"), folder.join("model"), folder.join("y"));
    std::fs::write(&c, format!("{source}{MAIN}")).unwrap();
    std::fs::write(&input, y.iter().map(|v| format!("{v:?}\n")).collect::<String>()).unwrap();
    let compiled = Command::new("cc")
        .args(["-O1", "-ffp-contract=off", "-Wall", "-Werror", "-o"])
        .args([&program, &c])
        .arg("-lm")
        .output()
        .expect("a C compiler, which the project needs");
    assert!(compiled.status.success(), "{}", String::from_utf8_lossy(&compiled.stderr));
    let out = Command::new(&program).stdin(std::fs::File::open(&input).unwrap()).output().unwrap();
    assert!(out.status.success());
    String::from_utf8(out.stdout).unwrap().lines().map(|line| line.parse().unwrap()).collect()
}

#[test]
fn c_computes_what_the_engine_computes() {
    let child = child("broken_tolerance", 1);
    let sites = Skeleton::get().select(3);
    let mut scenario = Scenario::flaring(&child, &sites, 1.0).unwrap();
    scenario.local[1][0] = 0.1;
    let y = states_near(&scenario, 5);
    let expected = rates_of(&scenario, &y);
    for coupling in [Coupling::Full, Coupling::Bordered] {
        let folder = tempfile::tempdir().unwrap();
        let found = run(folder.path(), &c_source(&scenario, coupling).unwrap(), &y);
        let (rates, entries) = found.split_at(y.len());
        for (i, (found, expected)) in rates.iter().zip(&expected).enumerate() {
            assert!((found - expected).abs() <= 1e-12 * (1.0 + expected.abs()), "{i}: {found} {expected}");
        }
        let pattern = pattern(sites.len(), coupling).unwrap();
        assert_eq!(pattern.rows.len(), entries.len());
        let mut by_blood = 0;
        for column in 0..y.len() {
            let mut dense = vec![0.0; y.len()];
            for e in pattern.columns[column]..pattern.columns[column + 1] {
                dense[pattern.rows[e]] = entries[e];
            }
            let h = 2e-5;
            let moved = |by: f64| {
                let mut y = y.clone();
                y[column] += by;
                rates_of(&scenario, &y)
            };
            let (a, b, c, d) = (moved(-2.0 * h), moved(-h), moved(h), moved(2.0 * h));
            for row in 0..y.len() {
                let numeric = (a[row] - 8.0 * b[row] + 8.0 * c[row] - d[row]) / (12.0 * h);
                let differs = (numeric - dense[row]).abs() > 2e-6 * (1.0 + numeric.abs());
                let block = |index: usize| index / 24;
                let far = block(row) != block(column) && block(row) < 3 && block(column) < 3;
                if coupling == Coupling::Bordered && far {
                    assert_eq!(dense[row], 0.0, "no entry between sites");
                    by_blood += usize::from(numeric.abs() > 1e-6);
                } else {
                    assert!(!differs, "row {row}, column {column}: {} {numeric}", dense[row]);
                }
            }
        }
        // Without the path through blood something is missing: interleukin 6 of 3 sites, at 2 other sites each.
        assert_eq!(by_blood > 0, coupling == Coupling::Bordered, "{by_blood}");
    }
}

#[test]
fn bacteria_that_never_come_have_no_derivatives() {
    let child = child("broken_tolerance", 1);
    let sites = Skeleton::get().select(3);
    let scenario = Scenario::flaring(&child, &sites, 1.0).unwrap();
    // States at which the rates of bacteria would be something if they were computed.
    let mut y = states_near(&scenario, 5);
    for site in 0..sites.len() {
        y[LOCAL_STATES * site + Local::B as usize] = 0.1;
        y[LOCAL_STATES * site + Local::Bf as usize] = 0.2;
    }
    let of_bacteria =
        |row: usize| row < LOCAL_STATES * sites.len() && row % LOCAL_STATES <= Local::Bf as usize;
    for coupling in [Coupling::Full, Coupling::Bordered] {
        let folder = tempfile::tempdir().unwrap();
        let found = run(folder.path(), &c_source(&scenario, coupling).unwrap(), &y);
        let (rates, entries) = found.split_at(y.len());
        let pattern = pattern(sites.len(), coupling).unwrap();
        assert!((0..y.len()).filter(|row| of_bacteria(*row)).all(|row| rates[row] == 0.0));
        for (row, entry) in pattern.rows.iter().zip(entries) {
            assert!(!of_bacteria(*row) || *entry == 0.0, "row {row}: {entry}");
        }
        assert!(entries.iter().any(|entry| *entry != 0.0));
    }
}

#[test]
fn entries_grow_as_said() {
    let count = |sites, coupling| pattern(sites, coupling).unwrap().rows.len() as f64;
    let bordered = count(40, Coupling::Bordered) / count(20, Coupling::Bordered);
    let full = count(400, Coupling::Full) / count(200, Coupling::Full);
    assert!((1.95..2.0).contains(&bordered), "{bordered}");
    assert!(full > 2.5, "{full}");
}
