//! Wrist and hand, palm forward, thumb away from the body.

use super::geometry::{Frame, Point};
use super::piece::{Piece, paired};

pub(super) fn pieces() -> Vec<Piece> {
    let frame = Frame::new((126.6, 432.0), 8.0, 1.1);
    let mut all = carpus(frame);
    let metacarpals: [(Point, Point, f64); 5] = [
        ((17.5, 16.0), (34.0, 25.0), 3.4),
        ((20.5, 8.2), (46.5, 11.4), 3.4),
        ((20.5, 1.2), (47.5, 2.4), 3.4),
        ((20.5, -5.4), (45.0, -6.6), 3.1),
        ((20.0, -11.4), (42.0, -15.0), 3.0),
    ];
    // Proximal, middle and distal phalanx of each finger: where they begin and end.
    let fingers: [&[(&str, Point, Point, f64)]; 5] = [
        &[("proximal", (36.5, 26.6), (48.0, 32.2), 3.0), ("distal", (50.2, 33.3), (58.5, 37.0), 2.6)],
        &[
            ("proximal", (49.2, 11.8), (65.5, 14.2), 2.9),
            ("middle", (67.6, 14.5), (77.2, 15.8), 2.6),
            ("distal", (79.2, 16.1), (86.2, 17.0), 2.3),
        ],
        &[
            ("proximal", (50.2, 2.6), (68.2, 3.3), 2.9),
            ("middle", (70.3, 3.4), (81.6, 3.8), 2.6),
            ("distal", (83.6, 3.9), (91.2, 4.2), 2.3),
        ],
        &[
            ("proximal", (47.6, -6.9), (64.6, -8.6), 2.7),
            ("middle", (66.7, -8.8), (77.6, -9.9), 2.4),
            ("distal", (79.6, -10.1), (86.8, -10.8), 2.2),
        ],
        &[
            ("proximal", (44.4, -15.6), (58.0, -18.8), 2.5),
            ("middle", (60.0, -19.3), (67.6, -21.0), 2.3),
            ("distal", (69.5, -21.5), (75.8, -22.9), 2.1),
        ],
    ];
    for (ray, (from, to, half)) in metacarpals.into_iter().enumerate() {
        all.push(paired(format!("metacarpal_{}", ray + 1), 30, 30, frame.short_tube(from, to, half)));
        for &(row, from, to, half) in fingers[ray] {
            let name = format!("hand_{row}_phalanx_{}", ray + 1);
            all.push(paired(name, 31, 31, frame.short_tube(from, to, half)));
        }
    }
    all
}

fn carpus(frame: Frame) -> Vec<Piece> {
    let stone = |points: &[Point]| frame.polygon(points, 2.6);
    vec![
        paired(
            "scaphoid",
            32,
            32,
            stone(&[(0.6, 4.6), (0.8, 9.6), (4.5, 13.4), (8.6, 13.2), (8.4, 8.4), (5.6, 4.2)]),
        ),
        paired("lunate", 32, 32, stone(&[(0.4, -3.6), (0.0, 3.6), (5.0, 3.6), (7.0, 0.0), (6.0, -3.4)])),
        paired(
            "triquetrum",
            32,
            32,
            stone(&[(1.4, -5.0), (2.4, -10.8), (6.6, -13.4), (9.8, -11.2), (7.0, -4.6)]),
        ),
        paired("pisiform", 34, -1, frame.ellipse((7.2, -12.2), 2.8, 2.6)),
        paired(
            "trapezium",
            32,
            32,
            stone(&[(10.0, 9.8), (9.6, 14.4), (13.6, 19.0), (17.6, 16.6), (17.0, 10.4)]),
        ),
        paired(
            "trapezoid",
            32,
            32,
            stone(&[(10.0, 5.0), (10.2, 8.8), (14.0, 9.4), (18.6, 9.8), (18.8, 5.6)]),
        ),
        paired("capitate", 32, 32, stone(&[(7.4, 2.6), (9.0, -2.2), (18.8, -2.0), (18.8, 4.4), (12.0, 4.4)])),
        paired(
            "hamate",
            32,
            32,
            stone(&[(8.4, -4.2), (11.6, -11.0), (18.0, -13.4), (18.8, -3.2), (11.0, -3.2)]),
        ),
    ]
}
