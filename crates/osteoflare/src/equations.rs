//! The equations as they are run: recorded from the kinetics and written out.

use std::fmt::Write;

use osteoflare_kinetics::local::{self, Circulation, Effects, Host, Site};
use osteoflare_kinetics::parameters::Parameters;
use osteoflare_kinetics::scalar::{Expression, Node, Symbol, record};
use osteoflare_kinetics::state::{ANTIGENS, LOCAL, SYSTEMIC};
use osteoflare_kinetics::systemic::{self, Imports};
use serde_json::{Value, json};

/// What the names in the equations mean that are neither states nor parameters.
const NAMES: [(&str, &str); 24] = [
    ("kappa", "susceptibility of the site"),
    ("q_1..q_5", "share of each antigen class at the site"),
    ("growth", "relative growth of the adjoining plate"),
    ("rem", "remodelling activity at the present age"),
    ("volume", "volume of the site"),
    ("c_10", "myeloid IL-10 competence of the host"),
    ("c_reg", "regulatory competence of the host"),
    ("A_1..A_5", "self-reactivity of the host per antigen class"),
    ("A_F", "foreign reactivity of the host"),
    ("penetration", "penetration of antibiotics into bone"),
    ("e_COX", "drug effect: inhibition of cyclo-oxygenase"),
    ("e_GC", "drug effect: glucocorticoid"),
    ("e_TNF", "drug effect: TNF neutralised"),
    ("e_IL1", "drug effect: IL-1 blocked"),
    ("e_IL17", "drug effect: IL-17 neutralised"),
    ("e_JAK", "drug effect: JAK inhibited"),
    ("e_MTX", "drug effect: methotrexate"),
    ("e_BP", "drug effect: bisphosphonate"),
    ("e_ABX", "drug effect: antibiotic"),
    ("IL6_blood", "IL-6 in blood, sum of the spill-over of all sites"),
    ("pres_1..pres_5", "antigen presented by all sites, per class"),
    ("pamp", "bacterial load of all sites as innate sensors see it"),
    ("E_s1..E_s5", "circulating self-reactive clonotypes"),
    ("u1, u2 …", "intermediate values, in the order of computing"),
];

/// One group of equations.
struct System {
    title: &'static str,
    intermediates: Vec<(String, String)>,
    equations: Vec<(&'static str, String)>,
}

fn numbered(name: &str) -> [Symbol; ANTIGENS] {
    std::array::from_fn(|k| Symbol::named(format!("{name}{}", k + 1)))
}

fn effects() -> Effects<Symbol> {
    Effects {
        cox: Symbol::named("e_COX"),
        gc: Symbol::named("e_GC"),
        tnf: Symbol::named("e_TNF"),
        il1: Symbol::named("e_IL1"),
        il17: Symbol::named("e_IL17"),
        jak: Symbol::named("e_JAK"),
        mtx: Symbol::named("e_MTX"),
        bp: Symbol::named("e_BP"),
        abx: Symbol::named("e_ABX"),
    }
}

fn host() -> Host<Symbol> {
    Host {
        il10_competence: Symbol::named("c_10"),
        regulatory_competence: Symbol::named("c_reg"),
        self_reactivity: numbered("A_"),
        foreign_reactivity: Symbol::named("A_F"),
        antibiotic_penetration: Symbol::named("penetration"),
    }
}

fn parameters() -> Parameters<Symbol> {
    Parameters::from_fn(|symbol| Symbol::named(symbol))
}

fn systems() -> [System; 2] {
    let site = record(|| {
        let states = LOCAL.map(|state| Symbol::named(state.symbol));
        let site = Site {
            kappa: Symbol::named("kappa"),
            antigens: numbered("q_"),
            growth: Symbol::named("growth"),
            remodelling: Symbol::named("rem"),
            volume: Symbol::named("volume"),
        };
        let blood = Circulation {
            effectors: numbered("E_s"),
            regulators: Symbol::named("G_s"),
            foreign: Symbol::named("F"),
            priming: Symbol::named("U"),
            il6: Symbol::named("IL6_blood"),
        };
        local::derivatives(&states, &site, &blood, &effects(), &host(), &parameters()).to_vec()
    });
    let blood = record(|| {
        let states = SYSTEMIC.map(|state| Symbol::named(state.symbol));
        let imports = Imports {
            presentation: numbered("pres_"),
            il6: Symbol::named("IL6_blood"),
            pamp: Symbol::named("pamp"),
        };
        systemic::derivatives(&states, &imports, &effects(), &host(), &parameters()).to_vec()
    });
    [
        System::written("At every site", &site, LOCAL.iter().map(|state| state.symbol)),
        System::written("In the blood", &blood, SYSTEMIC.iter().map(|state| state.symbol)),
    ]
}

impl System {
    fn written(
        title: &'static str,
        expression: &Expression,
        symbols: impl Iterator<Item = &'static str>,
    ) -> System {
        let mut writer = Writer::new(expression);
        let equations = symbols.zip(&expression.roots).map(|(symbol, root)| (symbol, writer.write(*root, 0)));
        let equations = equations.collect();
        System { title, intermediates: writer.intermediates, equations }
    }
}

/// Writes nodes as text; what is used more than once gets a name.
struct Writer<'a> {
    nodes: &'a [Node],
    uses: Vec<u32>,
    names: Vec<Option<String>>,
    intermediates: Vec<(String, String)>,
}

fn operands(node: &Node) -> impl Iterator<Item = usize> {
    let pair = match *node {
        Node::Constant(_) | Node::Name(_) => [None, None],
        Node::Add(a, b) | Node::Subtract(a, b) | Node::Multiply(a, b) | Node::Divide(a, b) => {
            [Some(a), Some(b)]
        }
        Node::Negate(a) | Node::SquareRoot(a) | Node::Power(a, _) => [Some(a), None],
    };
    pair.into_iter().flatten()
}

impl<'a> Writer<'a> {
    fn new(expression: &'a Expression) -> Self {
        let nodes = expression.nodes.as_slice();
        // Only what the results need counts as a use.
        let mut uses = vec![0; nodes.len()];
        for root in &expression.roots {
            uses[*root] += 1;
        }
        for index in (0..nodes.len()).rev() {
            if uses[index] > 0 {
                operands(&nodes[index]).for_each(|operand| uses[operand] += 1);
            }
        }
        Writer { nodes, uses, names: vec![None; nodes.len()], intermediates: Vec::new() }
    }

    /// The node as an operand of something that binds with strength `outer`: 1 sum, 2 product, 3 power.
    fn write(&mut self, index: usize, outer: u8) -> String {
        if let Some(name) = &self.names[index] {
            return name.clone();
        }
        let compound = operands(&self.nodes[index]).next().is_some();
        if compound && self.uses[index] > 1 {
            let text = self.compose(index, 0);
            let name = format!("u{}", self.intermediates.len() + 1);
            self.intermediates.push((name.clone(), text));
            self.names[index] = Some(name.clone());
            return name;
        }
        self.compose(index, outer)
    }

    /// Whether a node is nothing but zero.
    fn is_zero(&self, index: usize) -> bool {
        match self.nodes[index] {
            Node::Constant(value) => value == 0.0,
            Node::Multiply(a, b) => self.is_zero(a) || self.is_zero(b),
            _ => false,
        }
    }

    fn compose(&mut self, index: usize, outer: u8) -> String {
        match self.nodes[index] {
            Node::Add(a, b) if self.is_zero(a) => return self.write(b, outer),
            Node::Add(a, b) | Node::Subtract(a, b) if self.is_zero(b) => return self.write(a, outer),
            _ => {}
        }
        let (strength, text) = match self.nodes[index].clone() {
            Node::Constant(value) => (4, value.to_string()),
            Node::Name(name) => (4, name),
            Node::Add(a, b) => (1, format!("{} + {}", self.write(a, 1), self.write(b, 1))),
            Node::Subtract(a, b) => (1, format!("{} - {}", self.write(a, 1), self.write(b, 2))),
            Node::Multiply(a, b) => (2, format!("{}*{}", self.write(a, 2), self.write(b, 2))),
            Node::Divide(a, b) => (2, format!("{}/{}", self.write(a, 2), self.write(b, 3))),
            Node::Negate(a) => (1, format!("-{}", self.write(a, 2))),
            Node::SquareRoot(a) => (4, format!("sqrt({})", self.write(a, 0))),
            Node::Power(a, exponent) => (3, format!("{}^{exponent}", self.write(a, 4))),
        };
        if strength < outer { format!("({text})") } else { text }
    }
}

/// The equations for people.
pub fn text() -> String {
    let mut text = String::new();
    for system in systems() {
        let _ = writeln!(text, "{} (per day)\n", system.title);
        for (name, value) in &system.intermediates {
            let _ = writeln!(text, "  {name} = {value}");
        }
        text.push('\n');
        for (symbol, value) in &system.equations {
            let _ = writeln!(text, "  d{symbol}/dt = {value}");
        }
        text.push('\n');
    }
    text.push_str(
        "Names besides states (`osteoflare model states`) and parameters (`osteoflare model parameters`)\n\n",
    );
    for (name, meaning) in NAMES {
        let _ = writeln!(text, "  {name:<16} {meaning}");
    }
    text
}

/// The equations for programs.
pub fn json() -> Value {
    let systems: Vec<Value> = systems()
        .iter()
        .map(|system| {
            let intermediates =
                system.intermediates.iter().map(|(name, value)| json!({ "name": name, "value": value }));
            let equations =
                system.equations.iter().map(|(state, rate)| json!({ "state": state, "rate": rate }));
            json!({
                "title": system.title,
                "intermediates": intermediates.collect::<Vec<_>>(),
                "equations": equations.collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({ "systems": systems, "names": NAMES.map(|(name, meaning)| json!({ "name": name, "meaning": meaning })) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    /// Evaluates written text: sums, products, quotients, powers, roots.
    struct Reader<'a> {
        rest: &'a str,
        values: &'a HashMap<String, f64>,
    }

    impl Reader<'_> {
        fn eat(&mut self, token: &str) -> bool {
            self.rest = self.rest.trim_start();
            match self.rest.strip_prefix(token) {
                Some(rest) => {
                    self.rest = rest;
                    true
                }
                None => false,
            }
        }

        fn sum(&mut self) -> f64 {
            let mut value = if self.eat("-") { -self.product() } else { self.product() };
            loop {
                if self.eat("+") {
                    value += self.product();
                } else if self.eat("-") {
                    value -= self.product();
                } else {
                    return value;
                }
            }
        }

        fn product(&mut self) -> f64 {
            let mut value = self.power();
            loop {
                if self.eat("*") {
                    value *= self.power();
                } else if self.eat("/") {
                    value /= self.power();
                } else {
                    return value;
                }
            }
        }

        fn power(&mut self) -> f64 {
            let base = self.atom();
            if self.eat("^") { base.powf(self.atom()) } else { base }
        }

        fn atom(&mut self) -> f64 {
            if self.eat("sqrt(") {
                let value = self.sum().sqrt();
                assert!(self.eat(")"));
                return value;
            }
            if self.eat("(") {
                let value = self.sum();
                assert!(self.eat(")"));
                return value;
            }
            let end = self
                .rest
                .find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.')))
                .unwrap_or(self.rest.len());
            let (word, rest) = self.rest.split_at(end);
            self.rest = rest;
            word.parse().unwrap_or_else(|_| self.values[word])
        }
    }

    #[test]
    fn what_is_written_is_what_is_run() {
        let p = osteoflare_kinetics::parameters::Parameters::<f64>::default();
        let mut values: HashMap<String, f64> = osteoflare_kinetics::parameters::all()
            .iter()
            .map(|parameter| (parameter.symbol.clone(), parameter.default))
            .collect();
        let mut next = 0.0;
        let mut give = |name: &str| {
            next += 0.013;
            let value = 0.1 + next % 0.7;
            values.insert(name.to_owned(), value);
            value
        };
        let states = LOCAL.map(|state| give(state.symbol));
        let mut five = |name: &str| std::array::from_fn(|k| give(&format!("{name}{}", k + 1)));
        let (antigens, effectors, self_reactivity) = (five("q_"), five("E_s"), five("A_"));
        let site = Site {
            kappa: give("kappa"),
            antigens,
            growth: give("growth"),
            remodelling: give("rem"),
            volume: give("volume"),
        };
        let blood = Circulation {
            effectors,
            regulators: give("G_s"),
            foreign: give("F"),
            priming: give("U"),
            il6: give("IL6_blood"),
        };
        let drug = Effects {
            cox: give("e_COX"),
            gc: give("e_GC"),
            tnf: give("e_TNF"),
            il1: give("e_IL1"),
            il17: give("e_IL17"),
            jak: give("e_JAK"),
            mtx: give("e_MTX"),
            bp: give("e_BP"),
            abx: give("e_ABX"),
        };
        let host = Host {
            il10_competence: give("c_10"),
            regulatory_competence: give("c_reg"),
            self_reactivity,
            foreign_reactivity: give("A_F"),
            antibiotic_penetration: give("penetration"),
        };
        let expected = local::derivatives(&states, &site, &blood, &drug, &host, &p);
        let [written, _] = systems();
        for (name, text) in &written.intermediates {
            let value = Reader { rest: text, values: &values }.sum();
            values.insert(name.clone(), value);
        }
        assert_eq!(written.equations.len(), expected.len());
        for ((symbol, text), expected) in written.equations.iter().zip(expected) {
            let found = Reader { rest: text, values: &values }.sum();
            assert!(
                (found - expected).abs() <= 1e-9 * expected.abs().max(1.0),
                "d{symbol}/dt: {found} {expected}"
            );
        }
    }
}
