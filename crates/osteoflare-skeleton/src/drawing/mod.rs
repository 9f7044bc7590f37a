//! A stylised child's skeleton, seen from the front and from behind, on which sites can be coloured and clicked.
//!
//! The drawing is computed: each bone is a few points in code. The patient's right is on the viewer's left in the
//! front view and on the viewer's right in the back view. Hands are turned palm forward.

mod foot;
mod geometry;
mod hand;
mod head;
mod limbs;
mod pelvis;
mod piece;
mod svg;
mod trunk;

pub use svg::{Fill, skeleton_svg};

use crate::site::SiteId;
use crate::skeleton::Skeleton;
use std::sync::OnceLock;

/// Width of a view in drawing units; the view box is `0 0 400 900`.
pub const VIEW_WIDTH: f64 = 400.0;
/// Height of a view in drawing units.
pub const VIEW_HEIGHT: f64 = 900.0;

/// From where the skeleton is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum View {
    /// From the front.
    Front,
    /// From behind.
    Back,
}

impl View {
    /// Both views.
    pub const ALL: [View; 2] = [View::Front, View::Back];

    /// `front` or `back`.
    pub fn as_str(self) -> &'static str {
        match self {
            View::Front => "front",
            View::Back => "back",
        }
    }

    /// Page x of a point `x` units to the patient's left of the midline.
    fn page_x(self, x: f64) -> f64 {
        match self {
            View::Front => VIEW_WIDTH / 2.0 + x,
            View::Back => VIEW_WIDTH / 2.0 - x,
        }
    }
}

/// SVG path data of a site in a view, in the view box `0 0 400 900`; `None` where other bones hide it.
pub fn outline(site: SiteId, view: View) -> Option<&'static str> {
    plates(view).by_site[site.index()].as_deref()
}

/// The sites seen in a view, from the farthest to the nearest: paint them in this order.
pub fn draw_order(view: View) -> &'static [SiteId] {
    &plates(view).order
}

/// Parts of the front view that belong to no site.
struct Decoration {
    far_ribs: Vec<String>,
    cartilages: Vec<String>,
    teeth: Vec<String>,
}

fn decoration() -> &'static Decoration {
    static DECORATION: OnceLock<Decoration> = OnceLock::new();
    let both = |shapes: Vec<geometry::Shape>| {
        shapes.into_iter().map(|shape| shape.doubled().path(|(x, y)| (View::Front.page_x(x), y))).collect()
    };
    DECORATION.get_or_init(|| Decoration {
        far_ribs: both(trunk::far_ribs()),
        cartilages: both(trunk::cartilages()),
        teeth: both(head::teeth()),
    })
}

struct Plate {
    by_site: Vec<Option<String>>,
    order: Vec<SiteId>,
}

fn plates(view: View) -> &'static Plate {
    static FRONT: OnceLock<Plate> = OnceLock::new();
    static BACK: OnceLock<Plate> = OnceLock::new();
    match view {
        View::Front => FRONT.get_or_init(|| draw(View::Front)),
        View::Back => BACK.get_or_init(|| draw(View::Back)),
    }
}

fn draw(view: View) -> Plate {
    let skeleton = Skeleton::get();
    let mut by_site = vec![None; skeleton.sites().len()];
    let mut layers = Vec::new();
    let pieces =
        [head::pieces(), trunk::pieces(), pelvis::pieces(), limbs::pieces(), hand::pieces(), foot::pieces()];
    for piece in pieces.into_iter().flatten() {
        let layer = match view {
            View::Front => piece.front,
            View::Back => piece.back,
        };
        let Some(layer) = layer else { continue };
        let sides: &[(&str, f64)] = if piece.paired { &[("_L", 1.0), ("_R", -1.0)] } else { &[("", 1.0)] };
        for (suffix, sign) in sides {
            let site = skeleton
                .find(&format!("{}{suffix}", piece.name))
                .expect("the drawing names sites of the table, which a test checks");
            by_site[site.index()] = Some(piece.shape.path(|(x, y)| (view.page_x(sign * x), y)));
            layers.push((layer, site));
        }
    }
    layers.sort_by_key(|&(layer, _)| layer);
    Plate { by_site, order: layers.into_iter().map(|(_, site)| site).collect() }
}
