//! How many children have how many lesions, by two instruments, with a published shape.

use super::scale::{Scale, ticks};
use super::svg::{Anchor, Svg};
use crate::text::percent;

/// A published shape: share of children per count, lowest and highest; as many bins as the histograms.
pub(crate) struct Reference {
    pub low: Vec<f64>,
    pub high: Vec<f64>,
}

const WIDTH: f64 = 348.0;
const HEIGHT: f64 = 216.0;
const LEFT: f64 = 40.0;
const RIGHT: f64 = 8.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 38.0;

/// Two histograms side by side; `mri` and `clinical` hold children per count, the last bin all above. `class` gives
/// the colour.
pub(crate) fn histogram(
    mri: &[u32],
    clinical: &[u32],
    reference: Option<&Reference>,
    class: &str,
    label: &str,
) -> String {
    let mut svg = Svg::new(WIDTH, HEIGHT, &format!("fig {class}"), label);
    let shares = |counts: &[u32]| -> Vec<f64> {
        let all: u32 = counts.iter().sum();
        counts.iter().map(|count| f64::from(*count) / f64::from(all.max(1))).collect()
    };
    let (mri_shares, clinical_shares) = (shares(mri), shares(clinical));
    let most = mri_shares.iter().chain(&clinical_shares).fold(0.05f64, |most, share| most.max(*share));
    let marks = ticks(most, 4);
    let top = marks.last().copied().unwrap_or(1.0);
    let y = Scale::new([0.0, top], [HEIGHT - BOTTOM, TOP]);
    for mark in &marks {
        svg.line([LEFT, y.at(*mark), WIDTH - RIGHT, y.at(*mark)], if *mark == 0.0 { "ax" } else { "grid" });
        svg.label([LEFT - 5.0, y.at(*mark) + 3.5], Anchor::End, "tick", &percent(*mark));
    }
    let bins = mri.len();
    let slot = (WIDTH - LEFT - RIGHT) / bins as f64;
    let x = |bin: f64| LEFT + (bin + 0.5) * slot;
    if let Some(reference) = reference {
        let inner = 1..bins - 1;
        let high = inner.clone().map(|bin| [x(bin as f64), y.within(reference.high[bin])]);
        let low = inner.rev().map(|bin| [x(bin as f64), y.within(reference.low[bin])]);
        svg.polygon(high.chain(low), "refband");
    }
    for bin in 0..bins {
        let name = bin_name(bin, bins);
        let bars = [
            (mri_shares[bin], mri[bin], -0.44, "bar", "on MRI"),
            (clinical_shares[bin], clinical[bin], 0.02, "bar hollow", "on examination"),
        ];
        for (share, count, offset, style, instrument) in bars {
            if count > 0 {
                let tip = format!("{name} {instrument}: {count} children, {}", percent(share));
                let place = [x(bin as f64 + offset), y.at(share), 0.42 * slot, y.at(0.0) - y.at(share)];
                svg.rect(place, style, &tip);
            }
        }
        if bin % 2 == 0 || bins <= 12 {
            let name = if bin + 1 == bins { format!("{bin}+") } else { bin.to_string() };
            svg.label([x(bin as f64), HEIGHT - BOTTOM + 14.0], Anchor::Middle, "tick", &name);
        }
    }
    if let Some(reference) = reference {
        // The last bin holds a whole tail; a line into it would look like a rise.
        let middle = reference.low.iter().zip(&reference.high).enumerate().take(bins - 1).skip(1);
        svg.polyline(middle.map(|(k, (low, high))| [x(k as f64), y.within(0.5 * (low + high))]), "refline");
    }
    svg.label([0.5 * (LEFT + WIDTH - RIGHT), HEIGHT - 6.0], Anchor::Middle, "axis", "lesions per child");
    svg.finish()
}

fn bin_name(bin: usize, bins: usize) -> String {
    match bin {
        0 => "no lesion".to_owned(),
        1 => "1 lesion".to_owned(),
        _ if bin + 1 == bins => format!("{bin} lesions or more"),
        _ => format!("{bin} lesions"),
    }
}
