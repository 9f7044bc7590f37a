//! From values to places.

/// A linear scale.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    from: [f64; 2],
    to: [f64; 2],
}

impl Scale {
    /// Maps the first range onto the second.
    pub fn new(from: [f64; 2], to: [f64; 2]) -> Scale {
        Scale { from, to }
    }

    pub fn at(&self, value: f64) -> f64 {
        let width = self.from[1] - self.from[0];
        let share = if width == 0.0 { 0.0 } else { (value - self.from[0]) / width };
        self.to[0] + share * (self.to[1] - self.to[0])
    }

    /// The place of a value, kept within the range.
    pub fn within(&self, value: f64) -> f64 {
        self.at(value.clamp(self.from[0].min(self.from[1]), self.from[0].max(self.from[1])))
    }
}

/// Round numbers from 0 to at least `most`, about `count` steps; the last is the end of the axis.
pub(super) fn ticks(most: f64, count: usize) -> Vec<f64> {
    let most = if most.is_finite() && most > 0.0 { most } else { 1.0 };
    let raw = most / count.max(1) as f64;
    let size = 10f64.powf(raw.log10().floor());
    let step = [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().map(|k| k * size).find(|step| *step >= raw * 0.999);
    let step = step.unwrap_or(10.0 * size);
    let steps = (most / step - 1e-9).ceil().max(1.0) as usize;
    (0..=steps).map(|k| k as f64 * step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_cover_and_are_round() {
        assert_eq!(ticks(1.0, 4), [0.0, 0.25, 0.5, 0.75, 1.0]);
        assert_eq!(ticks(137.0, 3), [0.0, 50.0, 100.0, 150.0]);
        assert_eq!(ticks(0.0, 3).last(), Some(&1.0));
        assert_eq!(ticks(f64::NAN, 2).last(), Some(&1.0));
    }

    #[test]
    fn scales_map_and_clamp() {
        let scale = Scale::new([0.0, 10.0], [100.0, 0.0]);
        assert_eq!((scale.at(5.0), scale.at(12.0), scale.within(12.0)), (50.0, -20.0, 0.0));
    }
}
