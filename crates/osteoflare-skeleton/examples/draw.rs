//! Writes the skeleton as an SVG document: `cargo run -p osteoflare-skeleton --example draw -- front > front.svg`.
//!
//! A second argument `groups` paints every site in the colour of its group, which shows that sites can be told apart.

use osteoflare_skeleton::{Fill, Skeleton, View, skeleton_svg};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let view = if arguments.iter().any(|a| a == "back") { View::Back } else { View::Front };
    let groups = arguments.iter().any(|a| a == "groups");
    let svg = skeleton_svg(view, |id| {
        groups.then(|| {
            let site = Skeleton::get().site(id);
            let hue = (site.group() as u32 * 47 + u32::from(id.0) * 23) % 360;
            Fill::new(format!("hsl({hue} 65% 60%)"))
        })
    });
    print!("{svg}");
}
