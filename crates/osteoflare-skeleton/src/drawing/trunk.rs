//! Spine, ribs, sternum and shoulder girdle.

use super::geometry::{Point, Shape, along, bezier};
use super::piece::{Piece, midline, paired};

/// Hides a piece in one view.
const NO: i16 = -1;
/// Top of T1.
const THORAX_TOP: f64 = 198.0;
/// Height of a thoracic vertebra with its disc.
const THORACIC: f64 = 10.5;

pub(super) fn pieces() -> Vec<Piece> {
    let mut all = spine();
    all.extend(ribs());
    all.extend(sternum());
    all.extend(shoulder_girdle());
    all
}

/// Middle of the vertebra `t{number}`.
fn thoracic_level(number: usize) -> f64 {
    THORAX_TOP + THORACIC * (number as f64 - 0.5)
}

fn spine() -> Vec<Piece> {
    let mut all = Vec::new();
    for number in 1..=7 {
        let top = 131.0 + 9.5 * (number - 1) as f64;
        let half = 7.6 + 0.35 * number as f64;
        let process = if number == 1 { 7.0 } else { 4.0 };
        // The mandible hides the upper neck from the front.
        let front = if number <= 2 { NO } else { 10 };
        all.push(midline(format!("c{number}"), front, 24, vertebra(top, 8.3, half, process, 0.5)));
    }
    for number in 1..=12 {
        let top = THORAX_TOP + THORACIC * (number - 1) as f64;
        let half = 8.2 + 0.2 * number as f64;
        all.push(midline(format!("t{number}"), 10, 40, vertebra(top, 9.2, half, 3.6, 0.35)));
    }
    for number in 1..=5 {
        let top = 324.5 + 14.8 * (number - 1) as f64;
        let half = 10.8 + 0.5 * number as f64;
        all.push(midline(format!("l{number}"), 10, 40, vertebra(top, 13.3, half, 7.5, 0.45)));
    }
    all
}

/// A vertebra: body with a process at either side.
fn vertebra(top: f64, height: f64, half: f64, process: f64, level: f64) -> Shape {
    let at = |share: f64| top + share * height;
    Shape::symmetric(
        &[
            (0.0, at(0.04)),
            (half, at(0.0)),
            (half - 1.0, at(level - 0.18)),
            (half + process, at(level - 0.12)),
            (half + process, at(level + 0.14)),
            (half - 1.2, at(level + 0.24)),
            (half, at(1.0)),
            (0.0, at(0.96)),
        ],
        2.2,
    )
}

/// Most lateral point of each rib: distance from the midline and drop below its vertebra.
const RIB_SIDE: [Point; 12] = [
    (27.0, 6.0),
    (41.0, 11.0),
    (51.0, 15.5),
    (58.0, 19.0),
    (63.0, 22.0),
    (66.5, 24.5),
    (68.5, 26.5),
    (69.0, 28.0),
    (67.5, 29.0),
    (63.0, 30.0),
    (52.0, 30.0),
    (36.0, 24.0),
];

/// Where the bone of each rib ends in front and its cartilage begins; ribs 11 and 12 end at the side.
const RIB_END: [Point; 10] = [
    (16.0, 219.0),
    (20.5, 236.0),
    (22.0, 250.5),
    (23.5, 264.5),
    (26.0, 278.0),
    (30.0, 291.5),
    (35.0, 304.5),
    (41.5, 316.0),
    (48.5, 326.0),
    (54.5, 335.0),
];

fn ribs() -> Vec<Piece> {
    let mut all = Vec::new();
    for number in 1..=12 {
        let name = format!("rib_{number}");
        let (front, back) = (rib_in_front(number), rib_behind(number));
        match front {
            Some(line) => {
                all.push(paired(
                    &name,
                    14,
                    NO,
                    Shape::band(&line, &[1.4, 2.4, 2.9, 2.9, 2.9, 3.0, 3.1, 2.7], f64::INFINITY),
                ));
                all.push(paired(
                    &name,
                    NO,
                    30,
                    Shape::band(&back, &[2.0, 2.4, 2.6, 2.5, 1.8], f64::INFINITY),
                ));
            }
            None => {
                all.push(paired(&name, 8, 30, Shape::band(&back, &[1.8, 2.4, 2.4, 2.0, 1.0], f64::INFINITY)));
            }
        }
    }
    all
}

/// Line of the posterior part, from the spine to the side.
fn rib_behind(number: usize) -> Vec<Point> {
    let (x, drop) = RIB_SIDE[number - 1];
    let level = thoracic_level(number);
    let start = (12.5 + 0.15 * number as f64, level - 0.5);
    if number >= 11 {
        return bezier(
            start,
            (0.4 * x, level + 0.1 * drop),
            (0.75 * x, level + 0.45 * drop),
            (x, level + drop),
        );
    }
    bezier(start, (0.62 * x, level - 4.0), (1.01 * x, level + 0.2 * drop), (x, level + drop))
}

/// Line of the part seen in front: the turn at the side, then down to the beginning of the cartilage.
fn rib_in_front(number: usize) -> Option<Vec<Point>> {
    let end = *RIB_END.get(number - 1)?;
    let behind = rib_behind(number);
    let turn = 0.74;
    let side = behind[behind.len() - 1];
    let height = end.1 - side.1;
    let mut line: Vec<Point> =
        (0..5).map(|k| along(&behind, turn + (1.0 - turn) * f64::from(k) / 5.0)).collect();
    line.extend(bezier(
        side,
        (side.0 - 0.5, side.1 + 0.7 * height + 3.0),
        (0.5 * side.0 + 0.5 * end.0, end.1 + 2.0),
        end,
    ));
    Some(line)
}

/// Shapes of the posterior ribs, drawn as decoration far behind in the front view.
pub(super) fn far_ribs() -> Vec<Shape> {
    (1..=10).map(|number| Shape::band(&rib_behind(number), &[1.6, 1.9, 2.0, 2.0], f64::INFINITY)).collect()
}

/// Lines of the costal cartilages, drawn as decoration in the front view.
pub(super) fn cartilages() -> Vec<Shape> {
    let notch = [212.0, 230.5, 242.0, 252.5, 262.5, 271.5, 279.0];
    (1..=10)
        .map(|number: usize| {
            let (x, y) = RIB_END[number - 1];
            let line = match notch.get(number - 1) {
                Some(&level) => {
                    bezier((x - 1.0, y), (0.7 * x, y + 1.0), (0.5 * x + 3.0, level + 1.0), (7.0, level))
                }
                None => {
                    let above = RIB_END[number - 2];
                    bezier(
                        (x - 1.0, y),
                        (x - 6.0, y + 1.0),
                        (above.0 - 5.0, y - 3.0),
                        (above.0 - 6.0, above.1 - 1.0),
                    )
                }
            };
            Shape::band(&line, &[2.2, 1.9], f64::INFINITY)
        })
        .collect()
}

fn sternum() -> Vec<Piece> {
    vec![
        midline(
            "manubrium",
            16,
            NO,
            Shape::symmetric(
                &[
                    (0.0, 208.5),
                    (6.0, 206.5),
                    (11.5, 209.0),
                    (10.5, 216.0),
                    (7.0, 222.0),
                    (6.0, 228.5),
                    (0.0, 228.8),
                ],
                2.5,
            ),
        ),
        midline(
            "body_of_sternum",
            16,
            NO,
            Shape::symmetric(
                &[
                    (0.0, 230.0),
                    (5.6, 230.2),
                    (6.2, 245.0),
                    (7.6, 262.0),
                    (7.0, 275.0),
                    (4.2, 282.0),
                    (2.6, 290.0),
                    (0.0, 294.0),
                ],
                3.0,
            ),
        ),
    ]
}

fn shoulder_girdle() -> Vec<Piece> {
    let clavicle = bezier((9.5, 208.5), (34.0, 210.0), (52.0, 192.0), (82.0, 202.5));
    let third = |from: f64, to: f64| -> Vec<Point> {
        (0..=6).map(|k| along(&clavicle, from + (to - from) * f64::from(k) / 6.0)).collect()
    };
    let scapula_back: &[Point] = &[
        (29.0, 213.0),
        (38.0, 209.5),
        (60.0, 212.0),
        (74.0, 204.0),
        (86.0, 203.0),
        (89.0, 209.0),
        (80.0, 213.0),
        (77.0, 222.0),
        (73.0, 231.0),
        (62.0, 251.0),
        (52.0, 276.0),
        (45.0, 284.0),
        (39.0, 279.0),
        (33.0, 250.0),
        (29.5, 228.0),
    ];
    let scapula_front: &[Point] = &[
        (40.0, 211.0),
        (60.0, 210.0),
        (76.0, 204.0),
        (87.0, 204.0),
        (88.0, 209.0),
        (79.0, 214.0),
        (78.0, 225.0),
        (74.0, 233.0),
        (66.0, 255.0),
        (56.0, 278.0),
        (48.0, 284.0),
        (42.0, 272.0),
    ];
    vec![
        paired("clavicle_medial_third", 18, 6, Shape::band(&third(0.0, 0.325), &[4.4, 4.2, 3.4, 3.0], 2.2)),
        paired("clavicle_middle_third", 18, 6, Shape::band(&third(0.345, 0.655), &[2.9, 2.7, 2.7, 2.9], 1.5)),
        paired("clavicle_lateral_third", 18, 6, Shape::band(&third(0.675, 1.0), &[2.9, 3.2, 3.8, 3.2], 2.2)),
        paired("scapula", 6, NO, Shape::polygon(scapula_front, 5.0)),
        paired("scapula", NO, 34, Shape::polygon(scapula_back, 5.0)),
    ]
}
