//! Every instruction set computes what plain numbers compute, to the bit.

use osteoflare_vector::{InstructionSet, Kernel, LANES, Part, Scalar, Vector, with_one_division};
use proptest::prelude::*;

/// Every operation on two vectors.
struct Everything<'a>(&'a [f64; LANES], &'a [f64; LANES]);

impl Kernel for Everything<'_> {
    type Output = Vec<[f64; LANES]>;

    #[inline(always)]
    fn run<V: Vector>(self) -> Self::Output {
        let (a, b) = (V::load(self.0), V::load(self.1));
        let mut out =
            vec![a + b, a - b, a * b, a / b, -a, a.abs().sqrt(), a.max(b), a.abs(), a.abs().powf(1.3)];
        out.extend(V::quotients([(a, b), (b, a), (a + b, V::constant(0.7))]));
        out.push(V::constant(a.sum()));
        out.push(V::apart(Twice(a)));
        out.into_iter().map(V::to_array).collect()
    }
}

struct Twice<V>(V);

impl<V: Vector> Part for Twice<V> {
    type Output = V;
    #[inline(always)]
    fn run(self) -> V {
        self.0 + self.0
    }
}

fn expected(a: &[f64; LANES], b: &[f64; LANES]) -> Vec<[f64; LANES]> {
    let each = |f: &dyn Fn(f64, f64) -> f64| std::array::from_fn(|i| f(a[i], b[i]));
    let mut out = vec![
        each(&|a, b| a + b),
        each(&|a, b| a - b),
        each(&|a, b| a * b),
        each(&|a, b| a / b),
        each(&|a, _| -a),
        each(&|a, _| a.abs().sqrt()),
        each(&|a, b| if a > b { a } else { b }),
        each(&|a, _| a.abs()),
        each(&|a, _| Scalar::powf(a.abs(), 1.3)),
    ];
    for i in 0..3 {
        out.push(each(&|a, b| with_one_division([(a, b), (b, a), (a + b, 0.7)])[i]));
    }
    out.push([a.iter().fold(0.0, |sum, x| sum + x); LANES]);
    out.push(each(&|a, _| a + a));
    out
}

fn bits(rows: &[[f64; LANES]]) -> Vec<u64> {
    rows.iter().flatten().map(|x| x.to_bits()).collect()
}

proptest! {
    #[test]
    fn every_operation(
        a in prop::array::uniform8(prop_oneof![Just(0.0), Just(-0.0), 1e-9..1e9_f64, -1e3..-1e-3_f64]),
        b in prop::array::uniform8(prop_oneof![1e-6..1e6_f64, -1e3..-1e-3_f64]),
    ) {
        let expected = expected(&a, &b);
        for set in InstructionSet::available() {
            let found = set.run(Everything(&a, &b));
            for (row, (x, y)) in found.iter().zip(&expected).enumerate() {
                let numbers = x.iter().zip(y).all(|(x, y)| x.to_bits() == y.to_bits() || x.is_nan() && y.is_nan());
                prop_assert!(numbers, "{:?}, row {}: {:?} and {:?}", set, row, x, y);
            }
        }
    }

    #[test]
    fn quotients_with_one_division_are_quotients(
        a in prop::array::uniform5(1e-6..1e6_f64),
        b in prop::array::uniform5(1e-6..1e6_f64),
    ) {
        let found = with_one_division(std::array::from_fn::<_, 5, _>(|i| (a[i], b[i])));
        for i in 0..5 {
            let quotient = a[i] / b[i];
            prop_assert!((found[i] - quotient).abs() <= 8.0 * f64::EPSILON * quotient);
        }
    }
}

#[test]
fn the_widest_available_is_the_best() {
    let all = InstructionSet::available();
    assert_eq!(all[0], InstructionSet::Portable);
    assert_eq!(all.last(), Some(&InstructionSet::best()));
    let same = bits(&InstructionSet::best().run(Everything(&[1.5; LANES], &[0.3; LANES])));
    assert_eq!(same, bits(&expected(&[1.5; LANES], &[0.3; LANES])));
}
