//! The drawing: every site is there, inside the page, on the right side.

use osteoflare_skeleton::{
    Fill, Side, Skeleton, VIEW_HEIGHT, VIEW_WIDTH, View, draw_order, outline, skeleton_svg,
};

/// All coordinates of a path in pairs.
fn points(path: &str) -> Vec<(f64, f64)> {
    let numbers: Vec<f64> = path
        .split(|c: char| c.is_ascii_alphabetic() || c == ' ')
        .filter(|word| !word.is_empty())
        .map(|word| word.parse().unwrap_or_else(|_| panic!("not a number: {word}")))
        .collect();
    numbers.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect()
}

#[test]
fn every_site_is_drawn_in_some_view() {
    let skeleton = Skeleton::get();
    for id in skeleton.ids() {
        assert!(View::ALL.iter().any(|&view| outline(id, view).is_some()), "{}", skeleton.site(id).id);
    }
}

#[test]
fn the_draw_order_names_each_drawn_site_once() {
    for view in View::ALL {
        let mut order = draw_order(view).to_vec();
        order.sort_unstable();
        let drawn: Vec<_> = Skeleton::get().ids().filter(|&id| outline(id, view).is_some()).collect();
        assert_eq!(order, drawn);
    }
}

#[test]
fn outlines_lie_on_the_page_and_have_area() {
    for view in View::ALL {
        for id in Skeleton::get().ids() {
            let Some(path) = outline(id, view) else { continue };
            let points = points(path);
            let span = |pick: fn(&(f64, f64)) -> f64| {
                let values: Vec<f64> = points.iter().map(pick).collect();
                (
                    values.iter().copied().fold(f64::MAX, f64::min),
                    values.iter().copied().fold(f64::MIN, f64::max),
                )
            };
            let ((left, right), (top, bottom)) = (span(|p| p.0), span(|p| p.1));
            let name = &Skeleton::get().site(id).id;
            assert!(left >= 0.0 && right <= VIEW_WIDTH && top >= 0.0 && bottom <= VIEW_HEIGHT, "{name}");
            assert!(right - left > 2.5 && bottom - top > 2.5, "{name} is too small to hit");
            assert!(path.starts_with('M') && path.ends_with('Z'), "{name}");
        }
    }
}

#[test]
fn left_is_on_the_viewers_right_in_front_and_on_the_left_behind() {
    let skeleton = Skeleton::get();
    for view in View::ALL {
        for id in skeleton.ids() {
            let site = skeleton.site(id);
            let Some(path) = outline(id, view) else { continue };
            let points = points(path);
            let middle = points.iter().map(|p| p.0).sum::<f64>() / points.len() as f64 - VIEW_WIDTH / 2.0;
            let to_patients_left = if view == View::Front { middle } else { -middle };
            match site.side {
                Side::Left => assert!(to_patients_left > 2.0, "{} {view:?}", site.id),
                Side::Right => assert!(to_patients_left < -2.0, "{} {view:?}", site.id),
                Side::Midline => assert!(to_patients_left.abs() < 0.3, "{} {view:?}", site.id),
            }
        }
    }
}

#[test]
fn the_document_carries_names_and_fills() {
    let skeleton = Skeleton::get();
    let painted = skeleton.find("tibia_distal_metaphysis_L").unwrap();
    let svg = skeleton_svg(View::Front, |id| {
        (id == painted).then(|| Fill {
            colour: "#d1495b".into(),
            opacity: 0.5,
            remark: Some("W < 1 & more".into()),
        })
    });
    assert_eq!(svg.matches("data-site=").count(), draw_order(View::Front).len());
    assert_eq!(svg.matches("class=\"osf-paint\"").count(), 1);
    assert!(svg.contains("fill:#d1495b;fill-opacity:0.500"));
    assert!(svg.contains("<title>tibia, distal metaphysis, left: W &lt; 1 &amp; more</title>"));
    assert!(svg.contains("viewBox=\"0 0 400 900\""));
    assert_eq!(svg.matches("<g ").count(), svg.matches("</g>").count());
    let behind = skeleton_svg(View::Back, |_| None);
    assert!(!behind.contains("osf-paint\" d") && !behind.contains("osf-tooth\" d"));
}
