//! The right-hand side of a scenario at one moment, and its sparse Jacobian, as C for other people's integrators.
//!
//! States are ordered site by site ([`LOCAL`] order), then the circulation. Inputs are those of day 0 and stay constant:
//! no events, no growth. The Jacobian is in compressed columns.

use std::collections::HashMap;
use std::fmt::Write;

use osteoflare_kinetics::parameters;
use osteoflare_kinetics::state::{ANTIGENS, LOCAL, LOCAL_STATES, SYSTEMIC, SYSTEMIC_STATES};

use crate::equations::{
    EFFECTS, Equations, IL6_BLOOD, PAMP, SITE_CONSTANTS, TRAITS, effect_values, numbered,
};
use crate::expression::{Graph, Id, Jacobian, Term, UnitError, jacobian};
use crate::scenario::Scenario;

/// How complete the Jacobian is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coupling {
    /// Every derivative. Sites meet at once through interleukin 6 in blood, so every site's interleukin 6 reaches
    /// rates of every site: the number of entries grows with the square of the number of sites.
    Full,
    /// Without that one path: blocks, a border and a corner. Enough for Newton's iteration.
    Bordered,
}

/// Compressed columns of the Jacobian.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// First entry of every column, and the number of entries.
    pub columns: Vec<usize>,
    /// Row of every entry, ascending in each column.
    pub rows: Vec<usize>,
}

/// Derivatives that the Jacobian is put together from.
struct Derivatives {
    graph: Graph,
    /// Rates of a site by its own states.
    block: Jacobian,
    /// Rates of a site by the first eight states of the circulation.
    border: Jacobian,
    /// Rates of a site by interleukin 6 in blood.
    il6: Jacobian,
    /// Presentation, spill and germs of a site by its states.
    outputs: Jacobian,
    /// Rates of the circulation by its own states.
    corner: Jacobian,
    /// Rates of the circulation by presentation of each class, interleukin 6 and bacterial load.
    sums: Jacobian,
}

/// Names of the sums over sites, in the order of the columns of `Derivatives::sums`.
fn sum_names() -> Vec<String> {
    numbered("pres_").into_iter().chain([IL6_BLOOD.to_owned(), PAMP.to_owned()]).collect()
}

impl Derivatives {
    fn of(equations: &Equations) -> Derivatives {
        let mut graph = equations.graph.clone();
        let rates: Vec<Id> = equations.site.rates.iter().map(|(_, id)| *id).collect();
        let blood: Vec<Id> = equations.blood.rates.iter().map(|(_, id)| *id).collect();
        let outputs: Vec<Id> = equations.site.outputs.iter().take(3).map(|(_, id)| *id).collect();
        let local = LOCAL.map(|s| s.symbol);
        let shared = SYSTEMIC.map(|s| s.symbol);
        let sums = sum_names();
        let sums: Vec<&str> = sums.iter().map(String::as_str).collect();
        Derivatives {
            block: jacobian(&mut graph, &rates, &local),
            border: jacobian(&mut graph, &rates, &shared),
            il6: jacobian(&mut graph, &rates, &[IL6_BLOOD]),
            outputs: jacobian(&mut graph, &outputs, &local),
            corner: jacobian(&mut graph, &blood, &shared),
            sums: jacobian(&mut graph, &blood, &sums),
            graph,
        }
    }

    /// Rows of the circulation that column `state` of any site reaches.
    fn shared_rows(&self, state: usize) -> Vec<usize> {
        let gives = |output: usize| self.outputs.entries.iter().any(|e| e.0 == output && e.1 == state);
        let reads = |row: usize, sum: usize| self.sums.entries.iter().any(|e| e.0 == row && e.1 == sum);
        (0..SYSTEMIC_STATES)
            .filter(|row| (0..sum_names().len()).any(|sum| gives(output_of_sum(sum)) && reads(*row, sum)))
            .collect()
    }

    fn pattern(&self, sites: usize, coupling: Coupling) -> Pattern {
        let mut pattern = Pattern { columns: vec![0], rows: Vec::new() };
        let blood = sites * LOCAL_STATES;
        let spills = |state: usize| self.outputs.entries.iter().any(|e| e.0 == 1 && e.1 == state);
        for site in 0..sites {
            for state in 0..LOCAL_STATES {
                for other in 0..sites {
                    let through_blood = spills(state) && (other == site || coupling == Coupling::Full);
                    let rows = (0..LOCAL_STATES).filter(|row| {
                        let own =
                            other == site && self.block.entries.iter().any(|e| e.0 == *row && e.1 == state);
                        own || through_blood && self.il6.entries.iter().any(|e| e.0 == *row)
                    });
                    pattern.rows.extend(rows.map(|row| other * LOCAL_STATES + row));
                }
                pattern.rows.extend(self.shared_rows(state).into_iter().map(|row| blood + row));
                pattern.columns.push(pattern.rows.len());
            }
        }
        for state in 0..SYSTEMIC_STATES {
            for site in 0..sites {
                let rows = self.border.entries.iter().filter(|e| e.1 == state);
                pattern.rows.extend(rows.map(|e| site * LOCAL_STATES + e.0));
            }
            let rows = self.corner.entries.iter().filter(|e| e.1 == state);
            pattern.rows.extend(rows.map(|e| blood + e.0));
            pattern.columns.push(pattern.rows.len());
        }
        pattern
    }
}

/// Which output of a site a sum gathers.
fn output_of_sum(sum: usize) -> usize {
    match sum {
        s if s < ANTIGENS => 0,
        s if s == ANTIGENS => 1,
        _ => 2,
    }
}

/// Sparsity of the Jacobian of a model with `sites` sites, states ordered site by site, then the circulation.
///
/// # Errors
/// [`UnitError`] if the equations add unlike things.
pub fn pattern(sites: usize, coupling: Coupling) -> Result<Pattern, UnitError> {
    Ok(Derivatives::of(&Equations::read()?).pattern(sites, coupling))
}

/// C source with `osteoflare_initial`, `osteoflare_rates` and `osteoflare_jacobian`; its head explains them.
///
/// # Errors
/// [`UnitError`] if the equations add unlike things.
pub fn c_source(scenario: &Scenario, coupling: Coupling) -> Result<String, UnitError> {
    let equations = Equations::read()?;
    let derivatives = Derivatives::of(&equations);
    let pattern = derivatives.pattern(scenario.sites.len(), coupling);
    let mut c = String::new();
    head(&mut c, scenario, &pattern, coupling);
    constants(&mut c, scenario, &equations);
    initial(&mut c, scenario);
    integers(&mut c, "osteoflare_columns", &pattern.columns);
    integers(&mut c, "osteoflare_rows", &pattern.rows);
    functions(&mut c, &equations, &derivatives);
    driver(&mut c, &derivatives, coupling);
    Ok(c)
}

fn head(c: &mut String, scenario: &Scenario, pattern: &Pattern, coupling: Coupling) {
    let n = scenario.sites.len();
    let kind = match coupling {
        Coupling::Full => "all derivatives",
        Coupling::Bordered => "all derivatives but those of other sites through interleukin 6 in blood",
    };
    let germs = u8::from((0..n).any(|position| scenario.is_infected(position)));
    let _ = write!(
        c,
        "/* Osteoflare {}: {}\n   Written by a program from the equations that it runs. Research use only; not a medical device.\n   \
         States: {LOCAL_STATES} of each of {n} sites, then {SYSTEMIC_STATES} of the circulation. Time in days; inputs constant.\n   \
         Jacobian in compressed columns: {kind}. */\n#include <math.h>\n\n\
         #define OSTEOFLARE_SITES {n}\n#define OSTEOFLARE_STATES {}\n#define OSTEOFLARE_NONZEROS {}\n\n\
         /* Where no bacteria ever come, their rates are nothing: rounding errors must not multiply like germs. */\n\
         #define OSTEOFLARE_GERMS {germs}\n\n",
        env!("CARGO_PKG_VERSION"),
        scenario.title.replace("*/", ""),
        n * LOCAL_STATES + SYSTEMIC_STATES,
        pattern.rows.len(),
    );
}

fn constants(c: &mut String, scenario: &Scenario, equations: &Equations) {
    let read = equations.names_read_by(|output| !matches!(output, "pain" | "temperature"));
    let values = scenario.parameter_values();
    for info in parameters::all().iter().filter(|info| read.contains(info.symbol.as_str())) {
        let _ = writeln!(c, "static const double p_{} = {:?};", info.symbol, values(&info.symbol));
    }
    let host = &scenario.host;
    let traits = [
        host.il10_competence,
        host.regulatory_competence,
        host.foreign_reactivity,
        host.antibiotic_penetration,
    ];
    for ((name, _), value) in TRAITS.iter().zip(traits) {
        let _ = writeln!(c, "static const double p_{name} = {value:?};");
    }
    for (name, value) in numbered("A_").iter().zip(host.self_reactivity) {
        let _ = writeln!(c, "static const double p_{name} = {value:?};");
    }
    let effects = scenario.windows.first().map_or([0.0; 9], |w| effect_values(&w.effects));
    for ((name, _), value) in EFFECTS.iter().zip(effects) {
        let _ = writeln!(c, "static const double p_{name} = {value:?};");
    }
    let _ = writeln!(
        c,
        "\n/* kappa, growth, remodelling, volume, nociception, antigen shares 1 to {ANTIGENS} of every site */"
    );
    let _ = writeln!(c, "static const double site_constants[OSTEOFLARE_SITES][{}] = {{", 5 + ANTIGENS);
    for site in &scenario.sites {
        let k = &site.kinetic;
        let row = [k.kappa, k.growth, k.remodelling, k.volume, site.nociception];
        let text: Vec<String> = row.iter().chain(&k.antigens).map(|v| format!("{v:?}")).collect();
        let _ = writeln!(c, "  {{{}}},", text.join(", "));
    }
    c.push_str("};\n\n");
}

fn initial(c: &mut String, scenario: &Scenario) {
    let _ = writeln!(c, "const double osteoflare_initial[OSTEOFLARE_STATES] = {{");
    for row in
        scenario.local.iter().map(<[f64; LOCAL_STATES]>::as_slice).chain([scenario.systemic.as_slice()])
    {
        let text: Vec<String> = row.iter().map(|v| format!("{v:?}")).collect();
        let _ = writeln!(c, "  {},", text.join(", "));
    }
    c.push_str("};\n\n");
}

fn integers(c: &mut String, name: &str, values: &[usize]) {
    let _ = writeln!(c, "const int {name}[{}] = {{", values.len());
    for row in values.chunks(24) {
        let text: Vec<String> = row.iter().map(usize::to_string).collect();
        let _ = writeln!(c, "  {},", text.join(", "));
    }
    c.push_str("};\n\n");
}

/// C names of what the equations read.
fn c_name(name: &str) -> String {
    if let Some(s) = LOCAL.iter().position(|state| state.symbol == name) {
        return format!("y[{s}]");
    }
    if let Some(s) = SYSTEMIC.iter().position(|state| state.symbol == name) {
        return format!("z[{s}]");
    }
    if let Some(k) = SITE_CONSTANTS.iter().position(|(constant, _)| *constant == name) {
        return format!("k[{k}]");
    }
    if let Some(q) = numbered("q_").iter().position(|share| share == name) {
        return format!("k[{}]", SITE_CONSTANTS.len() + q);
    }
    if let Some(s) = sum_names().iter().position(|sum| sum == name) {
        return format!("s[{s}]");
    }
    format!("p_{name}")
}

/// Straight-line code for the roots: every shared node once.
fn body(c: &mut String, graph: &Graph, roots: &[Id], target: impl Fn(usize) -> String) {
    let uses = graph.uses(roots);
    let mut text: HashMap<Id, String> = HashMap::new();
    for (id, term) in graph.terms().iter().enumerate() {
        if uses[id] == 0 {
            continue;
        }
        let of = |id: &Id| text[id].as_str();
        let written = match term {
            Term::Constant(value, _) => format!("({value:?})"),
            Term::Name(name) => c_name(&graph.names()[*name]),
            Term::Add(a, b) => format!("({} + {})", of(a), of(b)),
            Term::Subtract(a, b) => format!("({} - {})", of(a), of(b)),
            Term::Multiply(a, b) => format!("({} * {})", of(a), of(b)),
            Term::Divide(a, b) => format!("({} / {})", of(a), of(b)),
            Term::Negate(a) => format!("(-{})", of(a)),
            Term::SquareRoot(a) => format!("sqrt({})", of(a)),
            Term::Power(a, exponent) => format!("pow({}, {exponent:?})", of(a)),
            Term::Exponential(a) => format!("exp({})", of(a)),
        };
        let leaf = matches!(term, Term::Constant(..) | Term::Name(_));
        if uses[id] > 1 && !leaf {
            let _ = writeln!(c, "  const double v{id} = {written};");
            text.insert(id, format!("v{id}"));
        } else {
            text.insert(id, written);
        }
    }
    for (index, root) in roots.iter().enumerate() {
        let _ = writeln!(c, "  {} = {};", target(index), text[root]);
    }
}

fn functions(c: &mut String, equations: &Equations, d: &Derivatives) {
    let site = "const double *y, const double *k, const double *z, const double *s";
    let ids = |list: &[(&'static str, Id)]| list.iter().map(|(_, id)| *id).collect::<Vec<_>>();
    let slopes = |j: &Jacobian| j.entries.iter().map(|e| e.2).collect::<Vec<_>>();
    let unused = "  (void)y; (void)k; (void)z; (void)s;\n";
    let mut function = |name: &str, graph: &Graph, roots: &[Id]| {
        let _ = writeln!(c, "static void {name}({site}, double *out) {{\n{unused}");
        body(c, graph, roots, |i| format!("out[{i}]"));
        c.push_str("}\n\n");
    };
    function("site_rates", &equations.graph, &ids(&equations.site.rates));
    function("site_outputs", &equations.graph, &ids(&equations.site.outputs[..3]));
    function("blood_rates", &equations.graph, &ids(&equations.blood.rates));
    function("site_block", &d.graph, &slopes(&d.block));
    function("site_border", &d.graph, &slopes(&d.border));
    function("site_il6", &d.graph, &slopes(&d.il6));
    function("site_output_slopes", &d.graph, &slopes(&d.outputs));
    function("blood_corner", &d.graph, &slopes(&d.corner));
    function("blood_sums", &d.graph, &slopes(&d.sums));
}

fn table(c: &mut String, name: &str, j: &Jacobian) {
    let text: Vec<String> = j.entries.iter().map(|(row, column, _)| format!("{{{row}, {column}}}")).collect();
    let _ = writeln!(
        c,
        "#define N_{name} {}\nstatic const int {name}[][2] = {{{}}};",
        j.entries.len(),
        text.join(", ")
    );
}

fn driver(c: &mut String, d: &Derivatives, coupling: Coupling) {
    for (name, j) in [
        ("BLOCK", &d.block),
        ("BORDER", &d.border),
        ("IL6", &d.il6),
        ("OUTPUTS", &d.outputs),
        ("CORNER", &d.corner),
        ("SUMS", &d.sums),
    ] {
        table(c, name, j);
    }
    let full = u8::from(coupling == Coupling::Full);
    let text = DRIVER
        .replace("@LOCAL@", &LOCAL_STATES.to_string())
        .replace("@SHARED@", &SYSTEMIC_STATES.to_string())
        .replace("@ANTIGENS@", &ANTIGENS.to_string())
        .replace("@SHARES@", &SITE_CONSTANTS.len().to_string())
        .replace("@FULL@", &full.to_string());
    c.push_str(&text);
}

/// The parts put together; placeholders between @.
const DRIVER: &str = r"
#define LOCAL @LOCAL@
#define SHARED @SHARED@
#define SUMS_OF_SITES (@ANTIGENS@ + 2)

/* Sums over sites: presentation by class, interleukin 6 in blood, bacterial load. */
static void gather(const double *y, double *s) {
  const double *z = y + LOCAL * OSTEOFLARE_SITES;
  for (int j = 0; j < SUMS_OF_SITES; j++) s[j] = 0.0;
  for (int i = 0; i < OSTEOFLARE_SITES; i++) {
    double out[3];
    site_outputs(y + LOCAL * i, site_constants[i], z, s, out);
    for (int j = 0; j < @ANTIGENS@; j++) s[j] += site_constants[i][@SHARES@ + j] * out[0];
    s[@ANTIGENS@] += out[1];
    s[@ANTIGENS@ + 1] += out[2];
  }
}

/* Derivatives of all states, per day. */
void osteoflare_rates(const double *y, double *dy) {
  const double *z = y + LOCAL * OSTEOFLARE_SITES;
  double s[SUMS_OF_SITES];
  gather(y, s);
  for (int i = 0; i < OSTEOFLARE_SITES; i++) {
    site_rates(y + LOCAL * i, site_constants[i], z, s, dy + LOCAL * i);
    if (!OSTEOFLARE_GERMS) dy[LOCAL * i] = dy[LOCAL * i + 1] = 0.0;
  }
  blood_rates(y, site_constants[0], z, s, dy + LOCAL * OSTEOFLARE_SITES);
}

/* Entries of the Jacobian in the order of osteoflare_columns and osteoflare_rows. */
void osteoflare_jacobian(const double *y, double *values) {
  static const int full = @FULL@;
  const double *z = y + LOCAL * OSTEOFLARE_SITES;
  double s[SUMS_OF_SITES], sums[N_SUMS], sum_slope[SHARED][SUMS_OF_SITES] = {{0}};
  static double il6[OSTEOFLARE_SITES][LOCAL], border[OSTEOFLARE_SITES][N_BORDER];
  gather(y, s);
  blood_sums(y, site_constants[0], z, s, sums);
  for (int e = 0; e < N_SUMS; e++) sum_slope[SUMS[e][0]][SUMS[e][1]] = sums[e];
  for (int i = 0; i < OSTEOFLARE_SITES; i++) {
    double slopes[N_IL6];
    for (int r = 0; r < LOCAL; r++) il6[i][r] = 0.0;
    site_il6(y + LOCAL * i, site_constants[i], z, s, slopes);
    for (int e = 0; e < N_IL6; e++) il6[i][IL6[e][0]] = slopes[e];
    site_border(y + LOCAL * i, site_constants[i], z, s, border[i]);
  }
  double dense[LOCAL][LOCAL];
  for (int i = 0; i < OSTEOFLARE_SITES; i++) {
    const double *k = site_constants[i];
    double block[N_BLOCK], slopes[N_OUTPUTS], given[3][LOCAL] = {{0}};
    site_block(y + LOCAL * i, k, z, s, block);
    site_output_slopes(y + LOCAL * i, k, z, s, slopes);
    for (int e = 0; e < N_OUTPUTS; e++) given[OUTPUTS[e][0]][OUTPUTS[e][1]] = slopes[e];
    for (int r = 0; r < LOCAL; r++)
      for (int c = 0; c < LOCAL; c++) dense[r][c] = 0.0;
    for (int e = 0; e < N_BLOCK; e++) dense[BLOCK[e][0]][BLOCK[e][1]] = block[e];
    for (int c = 0; c < LOCAL; c++) {
      const int column = LOCAL * i + c;
      for (int e = osteoflare_columns[column]; e < osteoflare_columns[column + 1]; e++) {
        const int row = osteoflare_rows[e];
        double value = 0.0;
        if (row < LOCAL * OSTEOFLARE_SITES) {
          const int other = row / LOCAL, r = row % LOCAL;
          if (!OSTEOFLARE_GERMS && r < 2) {
            values[e] = 0.0;
            continue;
          }
          if (other == i) value = dense[r][c];
          if (full || other == i) value += il6[other][r] * given[1][c];
        } else {
          const int r = row - LOCAL * OSTEOFLARE_SITES;
          for (int j = 0; j < @ANTIGENS@; j++) value += sum_slope[r][j] * k[@SHARES@ + j] * given[0][c];
          value += sum_slope[r][@ANTIGENS@] * given[1][c] + sum_slope[r][@ANTIGENS@ + 1] * given[2][c];
        }
        values[e] = value;
      }
    }
  }
  double corner[N_CORNER];
  blood_corner(y, site_constants[0], z, s, corner);
  for (int c = 0; c < SHARED; c++) {
    int e = osteoflare_columns[LOCAL * OSTEOFLARE_SITES + c];
    for (int i = 0; i < OSTEOFLARE_SITES; i++)
      for (int b = 0; b < N_BORDER; b++)
        if (BORDER[b][1] == c) values[e++] = !OSTEOFLARE_GERMS && BORDER[b][0] < 2 ? 0.0 : border[i][b];
    for (int b = 0; b < N_CORNER; b++)
      if (CORNER[b][1] == c) values[e++] = corner[b];
  }
}
";
