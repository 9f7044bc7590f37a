//! Ankle and foot, pointed as in an anatomical plate: from the front its back is seen, from behind its sole.

use super::geometry::{Frame, Point};
use super::piece::{Piece, paired};

/// Hides a piece in one view.
const NO: i16 = -1;

pub(super) fn pieces() -> Vec<Piece> {
    let frame = Frame::new((44.5, 798.0), 12.0, 1.26);
    let mut all = tarsus(frame);
    let metatarsals: [(Point, Point, f64); 5] = [
        ((28.4, -7.4), (44.5, -9.6), 3.7),
        ((27.0, -1.6), (46.5, -3.0), 2.7),
        ((27.4, 2.9), (46.0, 3.0), 2.6),
        ((27.6, 7.4), (44.4, 8.6), 2.5),
        ((26.4, 11.9), (42.4, 14.0), 2.7),
    ];
    let toes: [&[(&str, f64, f64, f64)]; 5] = [
        &[("proximal", 46.5, 55.0, 3.4), ("distal", 56.8, 63.5, 3.1)],
        &[("proximal", 48.4, 55.4, 2.3), ("middle", 56.8, 60.2, 2.1), ("distal", 61.6, 65.2, 2.0)],
        &[("proximal", 47.8, 54.4, 2.3), ("middle", 55.8, 59.0, 2.1), ("distal", 60.4, 63.8, 2.0)],
        &[("proximal", 46.2, 52.4, 2.2), ("middle", 53.8, 56.8, 2.0), ("distal", 58.2, 61.4, 1.9)],
        &[("proximal", 44.2, 50.0, 2.2), ("middle", 51.4, 54.2, 2.0), ("distal", 55.6, 58.6, 1.9)],
    ];
    for (ray, (from, to, half)) in metatarsals.into_iter().enumerate() {
        all.push(paired(format!("metatarsal_{}", ray + 1), 30, 30, frame.short_tube(from, to, half)));
        let turn = (to.1 - from.1) / (to.0 - from.0);
        for &(row, begin, end, half) in toes[ray] {
            let at = |u: f64| (u, to.1 + turn * (u - to.0));
            let name = format!("foot_{row}_phalanx_{}", ray + 1);
            all.push(paired(name, 31, 31, frame.short_tube(at(begin), at(end), half)));
        }
    }
    all
}

fn tarsus(frame: Frame) -> Vec<Piece> {
    let stone = |points: &[Point]| frame.polygon(points, 2.8);
    vec![
        paired(
            "talus",
            33,
            20,
            stone(&[(0.0, -7.5), (0.0, 7.5), (5.0, 8.4), (9.0, 4.4), (12.4, 1.2), (12.6, -6.0), (8.0, -7.2)]),
        ),
        paired(
            "calcaneus",
            31,
            NO,
            stone(&[(4.5, 6.0), (6.0, 11.6), (11.0, 13.6), (16.0, 12.8), (15.0, 5.0), (9.0, 4.0)]),
        ),
        paired(
            "calcaneus",
            NO,
            34,
            stone(&[
                (2.0, -3.0),
                (2.0, 5.0),
                (8.0, 9.0),
                (17.0, 9.6),
                (19.4, 3.5),
                (17.0, -3.0),
                (9.0, -6.6),
            ]),
        ),
        paired(
            "navicular",
            33,
            33,
            stone(&[(13.6, -9.4), (13.6, 1.6), (16.6, 3.0), (18.4, -1.0), (18.6, -8.4), (16.0, -10.4)]),
        ),
        paired(
            "cuboid",
            32,
            32,
            stone(&[(16.8, 4.6), (17.0, 12.6), (20.0, 14.4), (25.6, 13.6), (26.6, 5.6)]),
        ),
        paired(
            "medial_cuneiform",
            32,
            32,
            stone(&[(19.4, -10.0), (19.8, -4.6), (27.2, -4.4), (27.8, -10.6), (23.0, -11.4)]),
        ),
        paired(
            "intermediate_cuneiform",
            32,
            32,
            stone(&[(19.6, -3.8), (19.4, -0.2), (26.0, 0.2), (26.2, -3.6)]),
        ),
        paired("lateral_cuneiform", 32, 32, stone(&[(19.2, 0.6), (18.2, 3.6), (26.4, 4.8), (26.4, 1.0)])),
    ]
}
