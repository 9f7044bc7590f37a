//! The skeleton, drawn once and used many times.

use std::sync::OnceLock;

use osteoflare_skeleton::{SiteId, Skeleton, VIEW_HEIGHT, VIEW_WIDTH, View, outline, skeleton_svg};

use crate::text::escape;

/// A piece of a view, in the order of painting.
enum Piece {
    Site(SiteId),
    /// Part of the drawing that is no site: class and path.
    Decoration(String, String),
}

/// The pieces of a view. The drawing of the skeleton crate is the only source of its decorations.
fn pieces(view: View) -> &'static [Piece] {
    static FRONT: OnceLock<Vec<Piece>> = OnceLock::new();
    static BACK: OnceLock<Vec<Piece>> = OnceLock::new();
    let cell = match view {
        View::Front => &FRONT,
        View::Back => &BACK,
    };
    cell.get_or_init(|| {
        let svg = skeleton_svg(view, |_| None);
        svg.lines().filter_map(piece).collect()
    })
}

fn piece(line: &str) -> Option<Piece> {
    if line.starts_with("<g class=\"osf-site\"") {
        Skeleton::get().find(attribute(line, "data-site")?).map(Piece::Site)
    } else if line.starts_with("<path class=\"osf-") {
        let class = attribute(line, "class")?.trim_start_matches("osf-").to_owned();
        Some(Piece::Decoration(class, attribute(line, "d")?.to_owned()))
    } else {
        None
    }
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let start = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    tag[start..].split('"').next()
}

fn letter(view: View) -> char {
    match view {
        View::Front => 'f',
        View::Back => 'b',
    }
}

/// Definitions of all outlines, as an invisible drawing.
pub(super) fn definitions() -> String {
    let mut svg = String::from("<svg class=\"defs\" width=\"0\" height=\"0\" aria-hidden=\"true\"><defs>\n");
    for view in View::ALL {
        let letter = letter(view);
        let mut decorations = 0;
        for piece in pieces(view) {
            match piece {
                Piece::Site(site) => {
                    if let Some(path) = outline(*site, view) {
                        svg.push_str(&format!("<path id=\"{letter}{}\" d=\"{path}\"/>\n", site.0));
                    }
                }
                Piece::Decoration(_, path) => {
                    svg.push_str(&format!("<path id=\"{letter}d{decorations}\" d=\"{path}\"/>\n"));
                    decorations += 1;
                }
            }
        }
    }
    svg.push_str("</defs></svg>\n");
    svg
}

/// One view; `class` says how a site is painted. `focusable` views answer to arrow keys.
pub(super) fn view(view: View, label: &str, focusable: bool, class: impl Fn(SiteId) -> String) -> String {
    let (sides, name) = match view {
        View::Front => (["R", "L"], "front"),
        View::Back => (["L", "R"], "back"),
    };
    let focus = if focusable { " tabindex=\"0\"" } else { "" };
    let mut svg = format!(
        "<svg class=\"bones\" viewBox=\"0 0 {VIEW_WIDTH} {VIEW_HEIGHT}\" role=\"img\" data-view=\"{name}\"{focus} \
         aria-label=\"{}\">",
        escape(label)
    );
    let letter = letter(view);
    let mut decorations = 0;
    for piece in pieces(view) {
        match piece {
            Piece::Site(site) => {
                let class = class(*site);
                svg.push_str(&format!(
                    "<use href=\"#{letter}{0}\" data-s=\"{0}\" class=\"{class}\"/>",
                    site.0
                ));
            }
            Piece::Decoration(class, _) => {
                svg.push_str(&format!("<use href=\"#{letter}d{decorations}\" class=\"{class}\"/>"));
                decorations += 1;
            }
        }
    }
    let right = VIEW_WIDTH - 26.0;
    svg.push_str(&format!(
        "<g class=\"marks\"></g><text class=\"side\" x=\"14\" y=\"26\">{}</text>\
         <text class=\"side\" x=\"{right}\" y=\"26\">{}</text></svg>",
        sides[0], sides[1]
    ));
    svg
}

/// Centre of a site's outline in a view, in drawing units.
pub(super) fn centre(site: SiteId, view: View) -> Option<[f64; 2]> {
    let path = outline(site, view)?;
    let numbers: Vec<f64> = path
        .split(|c: char| !(c.is_ascii_digit() || c == '.' || c == '-'))
        .filter_map(|text| text.parse().ok())
        .collect();
    let middle = |offset: usize| {
        let values = || numbers.iter().skip(offset).step_by(2).copied();
        0.5 * (values().fold(f64::INFINITY, f64::min) + values().fold(f64::NEG_INFINITY, f64::max))
    };
    (numbers.len() >= 2).then(|| [middle(0), middle(1)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_outline_is_defined_and_used() {
        let definitions = definitions();
        for of in View::ALL {
            let drawing = view(of, "x", true, |_| "h0".to_owned());
            for site in 0..Skeleton::get().sites().len() as u16 {
                let id = format!("\"{}{site}\"", letter(of));
                let seen = outline(SiteId(site), of).is_some();
                assert_eq!(definitions.contains(&format!("id={id}")), seen, "{id}");
                let used = format!("href=\"#{}{site}\"", letter(of));
                assert_eq!(drawing.contains(&used), seen, "{used}");
            }
        }
    }

    #[test]
    fn the_front_has_teeth_and_cartilage() {
        let classes: Vec<&str> = pieces(View::Front)
            .iter()
            .filter_map(|piece| match piece {
                Piece::Decoration(class, _) => Some(class.as_str()),
                Piece::Site(_) => None,
            })
            .collect();
        for class in ["far", "cartilage", "tooth"] {
            assert!(classes.contains(&class), "{class}");
        }
    }

    #[test]
    fn centres_lie_in_the_drawing_and_on_their_side() {
        let skeleton = Skeleton::get();
        let left = skeleton.find("tibia_proximal_metaphysis_L").unwrap();
        let [x, y] = centre(left, View::Front).unwrap();
        assert!(x > VIEW_WIDTH / 2.0 && x < VIEW_WIDTH && y > VIEW_HEIGHT / 2.0 && y < VIEW_HEIGHT);
        let [back, _] = centre(left, View::Back).unwrap();
        assert!((x + back - VIEW_WIDTH).abs() < 0.2);
    }
}
