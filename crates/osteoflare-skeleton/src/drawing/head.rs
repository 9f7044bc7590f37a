//! Skull, face and mandible.

use super::geometry::Shape;
use super::piece::{Piece, midline, paired};

/// Hides a piece in one view.
const NO: i16 = -1;

pub(super) fn pieces() -> Vec<Piece> {
    let mut all = front();
    all.extend(back());
    all
}

fn front() -> Vec<Piece> {
    vec![
        paired(
            "parietal_bone",
            50,
            NO,
            Shape::polygon(
                &[
                    (0.6, 27.5),
                    (17.0, 29.0),
                    (33.0, 37.0),
                    (45.0, 52.0),
                    (50.0, 73.0),
                    (45.0, 77.0),
                    (41.0, 60.0),
                    (28.0, 46.0),
                    (14.0, 41.0),
                    (0.6, 40.0),
                ],
                6.0,
            ),
        ),
        midline(
            "frontal_bone",
            51,
            NO,
            Shape::symmetric(
                &[
                    (0.0, 41.0),
                    (14.0, 42.0),
                    (27.0, 47.0),
                    (40.0, 61.0),
                    (44.0, 77.0),
                    (43.0, 91.0),
                    (40.5, 96.0),
                    (37.0, 91.0),
                    (30.0, 86.5),
                    (20.0, 86.0),
                    (11.0, 90.0),
                    (6.5, 97.0),
                    (4.0, 101.0),
                    (0.0, 101.5),
                ],
                7.0,
            ),
        ),
        paired(
            "temporal_bone",
            49,
            NO,
            Shape::polygon(
                &[
                    (46.0, 78.0),
                    (50.2, 75.0),
                    (51.0, 90.0),
                    (49.0, 106.0),
                    (45.0, 116.0),
                    (41.5, 113.0),
                    (43.5, 100.0),
                    (44.5, 90.0),
                ],
                4.0,
            ),
        ),
        midline("sphenoid_bone", 48, NO, Shape::ellipse((24.0, 98.5), 13.6, 12.0).doubled()),
        midline(
            "ethmoid_bone",
            48,
            NO,
            Shape::symmetric(&[(0.0, 104.0), (3.5, 108.0), (6.5, 117.0), (5.0, 122.5), (0.0, 124.5)], 4.0),
        ),
        paired(
            "zygomatic_bone",
            52,
            NO,
            Shape::polygon(
                &[
                    (41.0, 96.5),
                    (43.8, 98.0),
                    (43.5, 106.0),
                    (46.5, 110.0),
                    (43.0, 117.0),
                    (34.5, 126.0),
                    (28.5, 121.5),
                    (26.5, 113.5),
                    (33.0, 109.5),
                    (37.5, 104.0),
                ],
                3.0,
            ),
        ),
        paired(
            "maxilla",
            52,
            NO,
            Shape::polygon(
                &[
                    (4.6, 102.0),
                    (8.0, 99.0),
                    (11.5, 108.0),
                    (19.0, 113.0),
                    (25.8, 114.0),
                    (27.5, 122.0),
                    (31.5, 126.0),
                    (27.5, 131.0),
                    (25.0, 138.0),
                    (13.0, 140.5),
                    (0.6, 141.0),
                    (0.6, 126.5),
                    (6.5, 124.0),
                    (8.2, 117.0),
                ],
                2.5,
            ),
        ),
        paired(
            "mandible_ramus_condyle",
            47,
            NO,
            Shape::polygon(
                &[
                    (39.5, 119.0),
                    (42.5, 115.0),
                    (46.0, 116.0),
                    (46.4, 126.0),
                    (44.0, 142.0),
                    (39.4, 152.2),
                    (30.6, 149.6),
                    (33.0, 143.0),
                    (36.5, 137.0),
                    (38.0, 128.0),
                ],
                4.0,
            ),
        ),
        paired(
            "mandible_body",
            53,
            NO,
            Shape::polygon(
                &[
                    (10.6, 150.2),
                    (20.0, 149.4),
                    (30.0, 151.2),
                    (38.6, 154.2),
                    (32.0, 163.0),
                    (22.0, 169.5),
                    (10.6, 172.5),
                ],
                4.0,
            ),
        ),
        paired(
            "mandible_symphysis",
            53,
            NO,
            Shape::polygon(&[(0.6, 150.6), (9.4, 150.3), (9.4, 173.0), (5.0, 175.0), (0.6, 174.0)], 2.5),
        ),
    ]
}

fn back() -> Vec<Piece> {
    vec![
        paired(
            "parietal_bone",
            NO,
            50,
            Shape::polygon(
                &[
                    (0.6, 27.5),
                    (17.0, 29.0),
                    (33.0, 37.0),
                    (45.0, 52.0),
                    (50.5, 72.0),
                    (50.0, 90.0),
                    (40.0, 95.0),
                    (27.0, 92.0),
                    (13.0, 78.0),
                    (0.6, 69.0),
                ],
                9.0,
            ),
        ),
        midline(
            "occipital_bone",
            NO,
            51,
            Shape::symmetric(
                &[
                    (0.0, 70.5),
                    (12.5, 79.5),
                    (26.5, 93.5),
                    (38.0, 98.0),
                    (34.0, 113.0),
                    (25.0, 124.0),
                    (12.0, 129.0),
                    (0.0, 130.0),
                ],
                8.0,
            ),
        ),
        paired(
            "temporal_bone",
            NO,
            50,
            Shape::polygon(
                &[
                    (39.5, 96.5),
                    (50.2, 92.0),
                    (50.5, 104.0),
                    (46.0, 116.0),
                    (41.0, 126.0),
                    (36.0, 122.0),
                    (35.5, 113.0),
                ],
                4.0,
            ),
        ),
        paired(
            "mandible_ramus_condyle",
            NO,
            20,
            Shape::polygon(
                &[(36.0, 122.0), (44.0, 120.0), (43.5, 136.0), (38.5, 152.5), (31.5, 149.0), (35.0, 138.0)],
                4.0,
            ),
        ),
        paired(
            "mandible_body",
            NO,
            20,
            Shape::polygon(
                &[
                    (10.6, 157.0),
                    (22.0, 155.0),
                    (31.0, 150.0),
                    (38.0, 153.5),
                    (31.0, 162.0),
                    (22.0, 168.0),
                    (10.6, 171.0),
                ],
                4.0,
            ),
        ),
    ]
}

/// Teeth, drawn as decoration in the front view.
pub(super) fn teeth() -> Vec<Shape> {
    let widths = [4.6, 4.0, 4.2, 4.8, 5.2];
    let mut all = Vec::new();
    let mut x = 0.4;
    for (k, width) in widths.into_iter().enumerate() {
        let curve = 0.12 * (k * k) as f64;
        for (top, height) in [(139.5, 5.4), (145.3, 4.9)] {
            let (left, right) = (x, x + width - 0.5);
            let (top, bottom) = (top - curve, top + height - curve);
            all.push(Shape::polygon(&[(left, top), (right, top), (right, bottom), (left, bottom)], 1.3));
        }
        x += width;
    }
    all
}
