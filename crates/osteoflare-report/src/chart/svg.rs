//! Writing SVG.

use std::fmt::Write;

use crate::text::{escape, xy};

/// Where a text is held.
#[derive(Clone, Copy)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// An SVG under construction. Marks are styled by classes of the page.
pub(crate) struct Svg {
    text: String,
}

impl Svg {
    /// A drawing of that many units, described by `label`.
    pub fn new(width: f64, height: f64, class: &str, label: &str) -> Svg {
        let text = format!(
            "<svg class=\"{class}\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">",
            xy(width),
            xy(height),
            escape(label)
        );
        Svg { text }
    }

    // Writing to a String cannot fail, so the results of `write!` are dropped below.

    pub fn line(&mut self, [x1, y1, x2, y2]: [f64; 4], class: &str) {
        let (x1, y1, x2, y2) = (xy(x1), xy(y1), xy(x2), xy(y2));
        let _ =
            write!(self.text, "<line class=\"{class}\" x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\"/>");
    }

    /// A rectangle; `tip` names it for a pointer.
    pub fn rect(&mut self, [x, y, width, height]: [f64; 4], class: &str, tip: &str) {
        let (x, y, width, height) = (xy(x), xy(y), xy(width.max(0.0)), xy(height.max(0.0)));
        let _ = write!(
            self.text,
            "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"{}",
            titled("rect", tip)
        );
    }

    pub fn circle(&mut self, [x, y]: [f64; 2], radius: f64, class: &str, tip: &str) {
        let (x, y, radius) = (xy(x), xy(y), xy(radius));
        let _ = write!(
            self.text,
            "<circle class=\"{class}\" cx=\"{x}\" cy=\"{y}\" r=\"{radius}\"{}",
            titled("circle", tip)
        );
    }

    /// A line through points.
    pub fn polyline(&mut self, points: impl IntoIterator<Item = [f64; 2]>, class: &str) {
        let mut data = String::new();
        for [x, y] in points {
            let _ = write!(data, "{}{},{}", if data.is_empty() { "" } else { " " }, xy(x), xy(y));
        }
        if !data.is_empty() {
            let _ = write!(self.text, "<polyline class=\"{class}\" points=\"{data}\"/>");
        }
    }

    /// A closed area through points.
    pub fn polygon(&mut self, points: impl IntoIterator<Item = [f64; 2]>, class: &str) {
        let mut data = String::new();
        for [x, y] in points {
            let _ = write!(data, "{}{},{}", if data.is_empty() { "" } else { " " }, xy(x), xy(y));
        }
        if !data.is_empty() {
            let _ = write!(self.text, "<polygon class=\"{class}\" points=\"{data}\"/>");
        }
    }

    pub fn label(&mut self, [x, y]: [f64; 2], anchor: Anchor, class: &str, text: &str) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let (x, y, text) = (xy(x), xy(y), escape(text));
        let _ = write!(
            self.text,
            "<text class=\"{class}\" x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\">{text}</text>"
        );
    }

    pub fn finish(mut self) -> String {
        self.text.push_str("</svg>");
        self.text
    }
}

/// The end of an element with an optional title.
fn titled(element: &str, tip: &str) -> String {
    if tip.is_empty() { "/>".to_owned() } else { format!("><title>{}</title></{element}>", escape(tip)) }
}
