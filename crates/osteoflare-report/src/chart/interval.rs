//! Numbers with intervals on a line: a share, and two numbers beside each other.

use super::scale::Scale;
use super::svg::{Anchor, Svg};

/// A number with its interval.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span {
    pub value: f64,
    pub interval: Option<[f64; 2]>,
}

/// A share from 0 to 1 with its interval, as a bar.
pub(crate) fn share_bar(share: Span, label: &str) -> String {
    let mut svg = Svg::new(96.0, 9.0, "sharebar", label);
    let x = Scale::new([0.0, 1.0], [1.0, 95.0]);
    svg.rect([1.0, 2.5, 94.0, 4.0], "track", "");
    svg.rect([1.0, 2.5, x.within(share.value) - 1.0, 4.0], "fill", "");
    if let Some([low, high]) = share.interval {
        svg.line([x.within(low), 4.5, x.within(high), 4.5], "whisker");
    }
    svg.circle([x.within(share.value), 4.5], 2.6, "dot", "");
    svg.finish()
}

/// The axis of a comparison.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Forest {
    /// Shares from 0 to 1.
    Share,
    /// Ratios to the published number, logarithmic from a tenth to ten times.
    Ratio {
        /// The published number, positive.
        published: f64,
    },
    /// Signed relative changes from -1 to 1.
    Change,
}

const FOREST_WIDTH: f64 = 200.0;

impl Forest {
    fn place(self, value: f64) -> f64 {
        let (from, value) = match self {
            Forest::Share => ([0.0, 1.0], value),
            Forest::Change => ([-1.0, 1.0], value),
            Forest::Ratio { published } => ([-1.0, 1.0], (value / published).max(1e-9).log10()),
        };
        Scale::new(from, [8.0, FOREST_WIDTH - 8.0]).within(value)
    }

    fn marks(self) -> [(f64, &'static str); 3] {
        match self {
            Forest::Share => [(0.0, "0"), (0.5, "50 %"), (1.0, "100 %")],
            Forest::Change => [(-1.0, "−100 %"), (0.0, "0"), (1.0, "+100 %")],
            Forest::Ratio { published } => {
                [(0.1 * published, "÷ 10"), (published, "= published"), (10.0 * published, "× 10")]
            }
        }
    }

    fn draw_axis(self, svg: &mut Svg, baseline: f64) {
        for (place, (value, text)) in self.marks().into_iter().enumerate() {
            let anchor = [Anchor::Start, Anchor::Middle, Anchor::End][place];
            let x = [1.0, self.place(value), FOREST_WIDTH - 1.0][place];
            svg.label([x, baseline], anchor, "tick", text);
        }
    }
}

/// The published number above, the simulated below. What lies beyond the axis is drawn at its end.
pub(crate) fn forest(axis: Forest, published: Span, simulated: Span, class: &str, label: &str) -> String {
    let mut svg = Svg::new(FOREST_WIDTH, 37.0, &format!("forest {class}"), label);
    axis.draw_axis(&mut svg, 35.0);
    for (value, _) in axis.marks() {
        svg.line([axis.place(value), 1.0, axis.place(value), 25.0], "grid");
    }
    for (span, y, style) in [(published, 8.0, "pub"), (simulated, 18.0, "sim")] {
        if let Some([low, high]) = span.interval {
            svg.line([axis.place(low), y, axis.place(high), y], &format!("whisker {style}"));
        }
        svg.circle([axis.place(span.value), y], 3.6, &format!("dot {style}"), "");
    }
    svg.finish()
}
