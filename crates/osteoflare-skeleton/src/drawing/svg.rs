//! Renders a view as an SVG document.

use super::{VIEW_HEIGHT, VIEW_WIDTH, View, decoration, draw_order, outline};
use crate::site::SiteId;
use crate::skeleton::Skeleton;
use std::borrow::Cow;
use std::fmt::Write;

/// How a site is painted.
#[derive(Clone, Debug, PartialEq)]
pub struct Fill {
    /// A CSS colour, e.g. `#d1495b` or `var(--flare)`.
    pub colour: Cow<'static, str>,
    /// Opacity of the colour over the bone, 0 to 1.
    pub opacity: f64,
    /// A remark added to the title that a pointer reveals, e.g. `oedema 0.62`.
    pub remark: Option<String>,
}

impl Fill {
    /// An opaque colour without remark.
    pub fn new(colour: impl Into<Cow<'static, str>>) -> Fill {
        Fill { colour: colour.into(), opacity: 1.0, remark: None }
    }
}

/// The style of unpainted bone: custom properties of the page win, then the reader's light or dark scheme.
const STYLE: &str = "\
.osf-bone{fill:var(--osf-bone,#f4efe4);stroke:var(--osf-line,#6f675a);stroke-width:.7;stroke-linejoin:round}\
.osf-paint{stroke:var(--osf-line,#6f675a);stroke-width:.7;stroke-linejoin:round}\
.osf-bone.osf-hollow{fill:var(--osf-hollow,#d8d0c0)}\
.osf-cartilage{fill:var(--osf-cartilage,#dfe6ea)}\
.osf-far{fill:var(--osf-far,#eceae4)}\
.osf-tooth{fill:var(--osf-tooth,#fffdf8);stroke:var(--osf-line,#6f675a);stroke-width:.35}\
.osf-side{fill:currentColor;opacity:.55;font:600 15px system-ui,sans-serif}\
.osf-site{cursor:pointer}\
.osf-site:hover .osf-bone,.osf-site:hover .osf-paint{stroke:currentColor;stroke-width:1.4}\
@media (prefers-color-scheme:dark){\
.osf-bone{fill:var(--osf-bone,#3b4048);stroke:var(--osf-line,#9aa1ab)}\
.osf-paint{stroke:var(--osf-line,#9aa1ab)}\
.osf-bone.osf-hollow{fill:var(--osf-hollow,#24282e)}\
.osf-cartilage{fill:var(--osf-cartilage,#2c333b)}\
.osf-far{fill:var(--osf-far,#23272d)}\
.osf-tooth{fill:var(--osf-tooth,#5a606a);stroke:var(--osf-line,#9aa1ab)}}";

/// An SVG document of one view; `fill` says how each site is painted, `None` leaves the bone neutral.
///
/// Every site is a group with its identifier in `data-site` and its name in `<title>`. Neutral colours follow the
/// reader's light or dark scheme and can be set by the custom properties `--osf-bone`, `--osf-line`, `--osf-hollow`,
/// `--osf-cartilage`, `--osf-far` and `--osf-tooth`; lettering takes `currentColor`.
pub fn skeleton_svg(view: View, fill: impl Fn(SiteId) -> Option<Fill>) -> String {
    let skeleton = Skeleton::get();
    let (name, sides) = match view {
        View::Front => ("Skeleton from the front", ["R", "L"]),
        View::Back => ("Skeleton from behind", ["L", "R"]),
    };
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {VIEW_WIDTH} {VIEW_HEIGHT}\" role=\"img\" \
         aria-label=\"{name}\" data-view=\"{}\"><style>{STYLE}</style>\n",
        view.as_str()
    );
    // The front view shows parts that belong to no site: each group is drawn before the first site of a bone.
    let mut undrawn = match view {
        View::Front => {
            let parts = decoration();
            vec![
                ("c3", "osf-far", &parts.far_ribs),
                ("rib_1", "osf-cartilage", &parts.cartilages),
                ("maxilla", "osf-tooth", &parts.teeth),
            ]
        }
        View::Back => Vec::new(),
    };
    // Writing to a String cannot fail, so its results are dropped.
    for &id in draw_order(view) {
        let Some(path) = outline(id, view) else { continue };
        let site = skeleton.site(id);
        undrawn.retain(|(bone, class, paths)| {
            if *bone == site.bone {
                for path in *paths {
                    let _ = writeln!(svg, "<path class=\"{class}\" d=\"{path}\"/>");
                }
            }
            *bone != site.bone
        });
        let hollow = view == View::Front && matches!(site.bone.as_str(), "sphenoid_bone" | "ethmoid_bone");
        let bone_class = if hollow { "osf-bone osf-hollow" } else { "osf-bone" };
        let fill = fill(id);
        let remark = fill.as_ref().and_then(|fill| fill.remark.as_deref());
        let title = match remark {
            Some(remark) => format!("{}: {remark}", site.label()),
            None => site.label(),
        };
        let _ = write!(
            svg,
            "<g class=\"osf-site\" data-site=\"{}\"><title>{}</title><path class=\"{bone_class}\" d=\"{path}\"/>",
            site.id,
            escape(&title)
        );
        if let Some(fill) = fill {
            let _ = write!(
                svg,
                "<path class=\"osf-paint\" d=\"{path}\" style=\"fill:{};fill-opacity:{:.3}\"/>",
                escape(&fill.colour),
                fill.opacity.clamp(0.0, 1.0)
            );
        }
        svg.push_str("</g>\n");
    }
    for (x, letter) in [(14.0, sides[0]), (VIEW_WIDTH - 24.0, sides[1])] {
        let _ = writeln!(svg, "<text class=\"osf-side\" x=\"{x}\" y=\"26\">{letter}</text>");
    }
    svg.push_str("</svg>\n");
    svg
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
