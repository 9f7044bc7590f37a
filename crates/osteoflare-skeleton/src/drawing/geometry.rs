//! Plane geometry of the drawing: rounded polygons, bands along a line, ellipses.

use std::f64::consts::TAU;
use std::fmt::Write;

/// A point in drawing units; x grows to the patient's left, y downward.
pub(super) type Point = (f64, f64);

/// A closed outline: one or more polygons whose corners are rounded.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    rings: Vec<(Vec<Point>, f64)>,
}

impl Shape {
    /// A polygon; corners are rounded with at most `radius`.
    pub fn polygon(points: &[Point], radius: f64) -> Shape {
        Shape { rings: vec![(points.to_vec(), radius)] }
    }

    /// A polygon symmetric to the midline, given by its left half from top to bottom.
    pub fn symmetric(left_half: &[Point], radius: f64) -> Shape {
        let right_half = left_half.iter().rev().map(|&(x, y)| (-x, y));
        Shape { rings: vec![(left_half.iter().copied().chain(right_half).collect(), radius)] }
    }

    /// The shape and its reflection in the midline, as one.
    pub fn doubled(mut self) -> Shape {
        let reflected: Vec<_> = self
            .rings
            .iter()
            .map(|(points, radius)| (points.iter().map(|&(x, y)| (-x, y)).collect(), *radius))
            .collect();
        self.rings.extend(reflected);
        self
    }

    /// An ellipse with half axes `rx`, `ry`.
    pub fn ellipse(centre: Point, rx: f64, ry: f64) -> Shape {
        let points: Vec<Point> = (0..14)
            .map(|k| TAU * f64::from(k) / 14.0)
            .map(|angle| (centre.0 + rx * angle.cos(), centre.1 + ry * angle.sin()))
            .collect();
        Shape::polygon(&points, f64::INFINITY)
    }

    /// A band along a line of points with a half width at each of `half_widths`, spread evenly along the line.
    pub fn band(line: &[Point], half_widths: &[f64], radius: f64) -> Shape {
        let count = line.len().max(half_widths.len());
        let mut left = Vec::with_capacity(2 * count);
        let mut right = Vec::with_capacity(count);
        for k in 0..count {
            let t = k as f64 / (count - 1) as f64;
            let (x, y) = along(line, t);
            let (before, after) = (along(line, (t - 0.02).max(0.0)), along(line, (t + 0.02).min(1.0)));
            let (dx, dy) = (after.0 - before.0, after.1 - before.1);
            let length = dx.hypot(dy).max(1e-9);
            let half = interpolate(half_widths, t);
            let (nx, ny) = (-dy / length * half, dx / length * half);
            left.push((x + nx, y + ny));
            right.push((x - nx, y - ny));
        }
        left.extend(right.into_iter().rev());
        Shape { rings: vec![(left, radius)] }
    }

    /// SVG path data, with every point moved by `place` and one decimal.
    pub fn path(&self, place: impl Fn(Point) -> Point) -> String {
        let mut data = String::new();
        for (points, radius) in &self.rings {
            let points: Vec<Point> = points.iter().map(|&point| place(point)).collect();
            let count = points.len();
            for k in 0..count {
                let corner = points[k];
                let enter = toward(corner, points[(k + count - 1) % count], *radius);
                let leave = toward(corner, points[(k + 1) % count], *radius);
                let command = if k == 0 { 'M' } else { 'L' };
                // Writing to a String cannot fail.
                let _ = write!(
                    data,
                    "{command}{} {}Q{} {} {} {}",
                    Tenth(enter.0),
                    Tenth(enter.1),
                    Tenth(corner.0),
                    Tenth(corner.1),
                    Tenth(leave.0),
                    Tenth(leave.1)
                );
            }
            data.push('Z');
        }
        data
    }
}

/// A frame placed and turned on the page: `u` along its axis, `v` across, to the patient's left of the axis.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    origin: Point,
    along: Point,
    scale: f64,
}

impl Frame {
    /// A frame at `origin` whose axis points down, turned outward by `degrees`.
    pub fn new(origin: Point, degrees: f64, scale: f64) -> Frame {
        let angle = degrees.to_radians();
        Frame { origin, along: (angle.sin(), angle.cos()), scale }
    }

    /// The page point of `(u, v)`.
    pub fn at(&self, u: f64, v: f64) -> Point {
        let (dx, dy) = self.along;
        let (u, v) = (u * self.scale, v * self.scale);
        (self.origin.0 + u * dx + v * dy, self.origin.1 + u * dy - v * dx)
    }

    /// A polygon given in the frame.
    pub fn polygon(&self, points: &[Point], radius: f64) -> Shape {
        let points: Vec<Point> = points.iter().map(|&(u, v)| self.at(u, v)).collect();
        Shape::polygon(&points, radius * self.scale)
    }

    /// An ellipse given in the frame: centre and half axes along and across.
    pub fn ellipse(&self, centre: Point, ru: f64, rv: f64) -> Shape {
        let points: Vec<Point> = (0..12)
            .map(|k| TAU * f64::from(k) / 12.0)
            .map(|angle| (centre.0 + ru * angle.cos(), centre.1 + rv * angle.sin()))
            .collect();
        self.polygon(&points, f64::INFINITY)
    }

    /// A short tubular bone between two points of the frame: wide base, waist, head.
    pub fn short_tube(&self, from: Point, to: Point, half_width: f64) -> Shape {
        let widths = [0.75, 1.0, 0.72, 0.62, 0.66, 0.92, 0.7].map(|w| w * half_width * self.scale);
        Shape::band(&[self.at(from.0, from.1), self.at(to.0, to.1)], &widths, f64::INFINITY)
    }
}

/// Points of the cubic Bézier curve through its four control points.
pub(super) fn bezier(a: Point, b: Point, c: Point, d: Point) -> Vec<Point> {
    (0..=12)
        .map(|k| f64::from(k) / 12.0)
        .map(|t| {
            let s = 1.0 - t;
            let (wa, wb, wc, wd) = (s * s * s, 3.0 * s * s * t, 3.0 * s * t * t, t * t * t);
            (wa * a.0 + wb * b.0 + wc * c.0 + wd * d.0, wa * a.1 + wb * b.1 + wc * c.1 + wd * d.1)
        })
        .collect()
}

/// The point at share `t` of a line of evenly numbered points.
pub(super) fn along(line: &[Point], t: f64) -> Point {
    let position = t * (line.len() - 1) as f64;
    let k = (position.floor() as usize).min(line.len() - 2);
    let s = position - k as f64;
    (line[k].0 + s * (line[k + 1].0 - line[k].0), line[k].1 + s * (line[k + 1].1 - line[k].1))
}

fn interpolate(values: &[f64], t: f64) -> f64 {
    if values.len() == 1 {
        return values[0];
    }
    let position = t * (values.len() - 1) as f64;
    let k = (position.floor() as usize).min(values.len() - 2);
    values[k] + (position - k as f64) * (values[k + 1] - values[k])
}

fn toward(from: Point, to: Point, distance: f64) -> Point {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = dx.hypot(dy).max(1e-9);
    let share = (distance / length).min(0.5);
    (from.0 + share * dx, from.1 + share * dy)
}

/// A number printed with at most one decimal.
struct Tenth(f64);

impl std::fmt::Display for Tenth {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let tenths = (self.0 * 10.0).round() as i64;
        if tenths % 10 == 0 {
            write!(f, "{}", tenths / 10)
        } else {
            let sign = if tenths < 0 { "-" } else { "" };
            write!(f, "{sign}{}.{}", tenths.abs() / 10, tenths.abs() % 10)
        }
    }
}
