//! Long bones of arm and leg, split into parts, and the patella.

use super::geometry::{Point, Shape, along};
use super::piece::{Piece, paired};

pub(super) fn pieces() -> Vec<Piece> {
    let mut all = humerus();
    all.extend(radius());
    all.extend(ulna());
    all.extend(femur());
    all.extend(tibia());
    all.extend(fibula());
    all
}

/// A slice of a straight bone: from and to as shares of the axis, half widths, rounding of the corners.
struct Slice(&'static str, f64, f64, &'static [f64], f64);

fn sliced(bone: &str, axis: [Point; 2], front: i16, back: i16, slices: &[Slice]) -> Vec<Piece> {
    slices
        .iter()
        .map(|Slice(part, from, to, widths, radius)| {
            let line = [along(&axis, *from), along(&axis, *to)];
            paired(format!("{bone}_{part}"), front, back, Shape::band(&line, widths, *radius))
        })
        .collect()
}

fn humerus() -> Vec<Piece> {
    sliced(
        "humerus",
        [(89.0, 208.0), (107.0, 334.0)],
        26,
        36,
        &[
            Slice("proximal_epiphysis", 0.0, 0.083, &[7.0, 10.6, 11.4, 10.6], 6.0),
            Slice("proximal_metaphysis", 0.097, 0.25, &[10.2, 9.4, 7.4, 5.8, 5.0], 2.0),
            Slice("diaphysis", 0.257, 0.755, &[4.9, 4.5, 4.3, 4.3, 4.7], 1.0),
            Slice("distal_metaphysis", 0.762, 0.905, &[4.8, 5.6, 7.8, 11.2], 2.0),
            Slice("distal_epiphysis", 0.919, 0.985, &[11.4, 12.0, 11.0], 4.0),
        ],
    )
}

fn radius() -> Vec<Piece> {
    sliced(
        "radius",
        [(113.6, 337.0), (132.5, 430.0)],
        27,
        37,
        &[
            Slice("proximal_epiphysis", 0.0, 0.05, &[4.6, 5.2, 4.8], 2.0),
            Slice("proximal_metaphysis", 0.066, 0.2, &[4.4, 3.4, 3.3, 3.8], 1.5),
            Slice("diaphysis", 0.207, 0.747, &[3.6, 3.4, 3.3, 3.4, 3.7], 1.0),
            Slice("distal_metaphysis", 0.754, 0.912, &[3.8, 4.6, 6.0, 7.4], 1.5),
            Slice("distal_epiphysis", 0.93, 0.985, &[7.6, 7.9, 7.0], 2.5),
        ],
    )
}

fn ulna() -> Vec<Piece> {
    sliced(
        "ulna",
        [(103.2, 335.5), (119.5, 430.0)],
        27,
        38,
        &[
            Slice("proximal_epiphysis", 0.0, 0.055, &[4.6, 6.0, 5.8], 2.5),
            Slice("proximal_metaphysis", 0.071, 0.23, &[5.6, 4.8, 4.0, 3.6], 1.5),
            Slice("diaphysis", 0.237, 0.777, &[3.5, 3.1, 2.9, 2.7, 2.7], 1.0),
            Slice("distal_metaphysis", 0.784, 0.917, &[2.7, 2.9, 3.6, 4.0], 1.5),
            Slice("distal_epiphysis", 0.934, 0.985, &[4.2, 4.4, 3.4], 2.0),
        ],
    )
}

fn femur() -> Vec<Piece> {
    let neck: &[Point] = &[
        (49.5, 441.5),
        (57.0, 447.0),
        (62.0, 452.5),
        (66.0, 463.0),
        (72.4, 467.5),
        (71.0, 480.0),
        (68.6, 495.0),
        (56.4, 495.0),
        (54.6, 482.0),
        (50.5, 471.0),
        (41.5, 462.5),
    ];
    let trochanter: &[Point] =
        &[(62.6, 449.5), (68.0, 445.5), (73.0, 449.5), (74.2, 458.0), (72.8, 466.0), (67.0, 462.0)];
    let mut all = vec![
        paired("femur_proximal_metaphysis", 28, 46, Shape::polygon(neck, 4.0)),
        paired("femur_proximal_epiphysis", 29, 47, Shape::ellipse((42.0, 450.5), 11.2, 11.0)),
        paired("femur_greater_trochanter", 29, 47, Shape::polygon(trochanter, 3.5)),
    ];
    all.extend(sliced(
        "femur",
        [(62.6, 497.0), (45.6, 642.0)],
        28,
        46,
        &[
            Slice("diaphysis", -0.004, 0.665, &[6.4, 5.9, 5.7, 5.7, 6.2, 7.2], 1.5),
            Slice("distal_metaphysis", 0.672, 0.875, &[7.4, 9.0, 12.0, 15.6, 17.0], 2.5),
        ],
    ));
    let condyles = |notch: f64| {
        [
            (28.6, 625.5),
            (45.8, 626.6),
            (63.2, 627.5),
            (64.4, 634.0),
            (61.0, 641.5),
            (54.0, 643.0),
            (47.5, 641.5 - notch),
            (43.5, 641.5 - notch),
            (37.0, 643.0),
            (29.5, 641.0),
            (26.8, 633.5),
        ]
    };
    all.push(paired("femur_distal_epiphysis", 28, -1, Shape::polygon(&condyles(1.5), 4.5)));
    all.push(paired("femur_distal_epiphysis", -1, 46, Shape::polygon(&condyles(7.0), 4.5)));
    all.push(paired(
        "patella",
        32,
        -1,
        Shape::polygon(
            &[
                (37.2, 615.0),
                (45.5, 611.0),
                (53.8, 615.0),
                (55.0, 622.0),
                (50.0, 630.0),
                (45.5, 633.0),
                (41.0, 630.0),
                (36.0, 622.0),
            ],
            5.0,
        ),
    ));
    all
}

fn tibia() -> Vec<Piece> {
    let mut all = sliced(
        "tibia",
        [(45.0, 645.0), (42.0, 796.0)],
        28,
        46,
        &[
            Slice("proximal_epiphysis", 0.0, 0.07, &[15.5, 17.2, 16.8], 4.0),
            Slice("proximal_metaphysis", 0.083, 0.27, &[16.2, 12.8, 9.8, 8.2, 7.6], 2.0),
            Slice("diaphysis", 0.277, 0.776, &[7.4, 6.6, 6.2, 5.9, 5.9], 1.5),
            Slice("distal_metaphysis", 0.782, 0.925, &[6.0, 6.8, 8.4, 10.4], 2.0),
        ],
    );
    // The medial malleolus reaches farther down than the joint.
    all.push(paired(
        "tibia_distal_epiphysis",
        28,
        46,
        Shape::polygon(
            &[
                (31.6, 786.6),
                (52.8, 787.0),
                (52.6, 795.6),
                (39.5, 796.0),
                (36.5, 803.0),
                (32.6, 803.5),
                (30.8, 797.0),
            ],
            2.5,
        ),
    ));
    all
}

fn fibula() -> Vec<Piece> {
    sliced(
        "fibula",
        [(63.6, 655.0), (56.6, 808.5)],
        27,
        45,
        &[
            Slice("proximal_epiphysis", 0.0, 0.05, &[3.0, 4.8, 4.8], 2.5),
            Slice("proximal_metaphysis", 0.062, 0.19, &[4.4, 3.4, 2.8], 1.2),
            Slice("diaphysis", 0.196, 0.784, &[2.7, 2.5, 2.5, 2.5], 0.8),
            Slice("distal_metaphysis", 0.79, 0.89, &[2.6, 3.0, 4.0], 1.2),
            Slice("distal_epiphysis", 0.902, 1.0, &[4.2, 4.6, 4.0, 2.2], 3.0),
        ],
    )
}
