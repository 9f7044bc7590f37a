//! The equations as a LaTeX document.

use std::fmt::Write;

use osteoflare_kinetics::parameters;
use osteoflare_kinetics::state::{LOCAL, SYSTEMIC};

use crate::equations::Equations;
use crate::expression::UnitError;
use crate::text::infix::{Notation, Strength};
use crate::text::{System, names, written};

struct Latex;

impl Notation for Latex {
    /// `I_17` becomes `I_{17}`, `CRP_max` `\mathit{CRP}_{max}`.
    fn name(&self, name: &str) -> String {
        let (base, index) = name.split_once('_').unwrap_or((name, ""));
        let base = match base {
            "kappa" | "nu" | "mu" | "chi" => format!("\\{base}"),
            one if one.chars().count() == 1 => one.to_owned(),
            many => format!("\\mathit{{{many}}}"),
        };
        if index.is_empty() { base } else { format!("{base}_{{\\mathrm{{{}}}}}", index.replace('_', ",")) }
    }
    fn product(&self, a: &str, b: &str) -> String {
        format!("{a} \\, {b}")
    }
    fn quotient(&self, a: &str, b: &str) -> (String, Strength) {
        (format!("\\frac{{{a}}}{{{b}}}"), Strength::Power)
    }
    fn quotient_encloses(&self) -> bool {
        true
    }
    fn power(&self, a: &str, exponent: f64) -> String {
        format!("{{{a}}}^{{{exponent}}}")
    }
    fn function(&self, name: &str, a: &str) -> String {
        match name {
            "sqrt" => format!("\\sqrt{{{a}}}"),
            _ => format!("\\{name}\\left({a}\\right)"),
        }
    }
    fn brackets(&self, inner: &str) -> String {
        format!("\\left({inner}\\right)")
    }
}

/// Text that is no formula.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' | '%' | '$' | '#' | '_' | '{' | '}' => {
                out.push('\\');
                out.push(c);
            }
            '\\' => out.push_str("\\textbackslash{}"),
            '~' => out.push_str("\\textasciitilde{}"),
            '^' => out.push_str("\\textasciicircum{}"),
            '<' => out.push_str("\\textless{}"),
            '>' => out.push_str("\\textgreater{}"),
            'γ' => out.push_str("$\\gamma$"),
            'δ' => out.push_str("$\\delta$"),
            'κ' => out.push_str("$\\kappa$"),
            '×' => out.push_str("$\\times$"),
            '°' => out.push_str("$^\\circ$"),
            c => out.push(c),
        }
    }
    out
}

/// A complete document: equations, states, parameters and what other names mean.
///
/// # Errors
/// [`UnitError`] if the equations add unlike things.
pub fn latex() -> Result<String, UnitError> {
    let equations = Equations::read()?;
    let mut text = format!(
        "\\documentclass[a4paper]{{article}}\n\\usepackage[margin=2cm]{{geometry}}\n\\usepackage[T1]{{fontenc}}\n\
         \\usepackage[utf8]{{inputenc}}\n\\usepackage{{amsmath}}\n\\usepackage{{breqn}}\n\\usepackage{{longtable}}\n\\begin{{document}}\n\
         \\section*{{Equations of Osteoflare {}}}\nWritten by a program from the code that is run. Research use only; not a \
         medical device. Time in days; $\\dot x$ is the change of $x$ per day.\n",
        env!("CARGO_PKG_VERSION")
    );
    for system in written(&equations, &Latex) {
        section(&mut text, &system);
    }
    table(
        &mut text,
        "States",
        ["symbol", "unit", "meaning"],
        LOCAL.iter().chain(&SYSTEMIC).map(|state| {
            [format!("${}$", Latex.name(state.symbol)), plain(state.unit), plain(state.meaning)]
        }),
    );
    let other = names().into_iter().map(|(name, meaning)| [plain(&name), String::new(), plain(&meaning)]);
    table(&mut text, "Other names", ["name", "", "meaning"], other);
    let read = equations.names_read_by(|_| true);
    let used = parameters::all().iter().filter(|p| read.contains(p.symbol.as_str()));
    table(
        &mut text,
        "Parameters",
        ["symbol", "default", "meaning and source"],
        used.map(|p| {
            let value = format!("{} {}", p.default, if p.unit == "1" { "" } else { &p.unit });
            [
                format!("${}$", Latex.name(&p.symbol)),
                plain(value.trim()),
                plain(&format!("{}. {}", p.meaning, p.source)),
            ]
        }),
    );
    text.push_str("\\end{document}\n");
    Ok(text)
}

fn section(text: &mut String, system: &System) {
    let _ = writeln!(text, "\\subsection*{{{}}}", system.title);
    let mut equation = |left: &str, right: &str| {
        let _ = writeln!(text, "\\begin{{dmath*}}\n{left} = {right}\n\\end{{dmath*}}");
    };
    for (name, formula) in &system.intermediates {
        equation(name, formula);
    }
    for (state, formula) in &system.rates {
        equation(&format!("\\dot{{{state}}}"), formula);
    }
    for (name, formula) in &system.outputs {
        equation(name, formula);
    }
}

fn table(text: &mut String, title: &str, header: [&str; 3], rows: impl Iterator<Item = [String; 3]>) {
    let _ = writeln!(
        text,
        "\\subsection*{{{title}}}\n\\begin{{longtable}}{{llp{{0.65\\textwidth}}}}\n{} \\\\ \\hline",
        header.join(" & ")
    );
    for row in rows {
        let _ = writeln!(text, "{} \\\\", row.join(" & "));
    }
    text.push_str("\\end{longtable}\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_states_have_indices() {
        assert_eq!(Latex.name("I_17"), "I_{\\mathrm{17}}");
        assert_eq!(Latex.name("k_ESR_up"), "k_{\\mathrm{ESR,up}}");
        assert_eq!(Latex.name("kappa"), "\\kappa");
        assert_eq!(Latex.name("kDN"), "\\mathit{kDN}");
    }

    #[test]
    fn the_document_is_balanced_and_complete() {
        let text = latex().unwrap();
        let count = |c: char| text.matches(c).count();
        let escaped = text.matches("\\{").count();
        assert_eq!(count('{') - escaped, count('}') - text.matches("\\}").count());
        assert_eq!(text.matches("\\left(").count(), text.matches("\\right)").count());
        for name in ["dmath*", "longtable", "document"] {
            assert_eq!(
                text.matches(&format!("\\begin{{{name}}}")).count(),
                text.matches(&format!("\\end{{{name}}}")).count()
            );
        }
        for state in LOCAL.iter().chain(&SYSTEMIC) {
            assert!(text.contains(&format!("\\dot{{{}}} = ", Latex.name(state.symbol))), "{}", state.symbol);
        }
    }
}
