//! One child over the years: skeleton, slider, strips. Drawn by `assets/child.js` from the embedded data.

use osteoflare_skeleton::View;

use super::{colour, label, open_section, skeleton};
use crate::data::{Family, RANKS, Report};
use crate::text::{counted, escape, percent};

/// Lower ends of the classes of oedema in the drawing, relative units; MRI sees it from the fifth class on.
const OEDEMA_STEPS: [&str; 9] = ["0", "0.05", "0.15", "0.25", "0.35", "0.5", "0.7", "0.9", "1.2"];

pub(super) fn section(report: &Report) -> String {
    let lead = format!(
        "The skeleton shows what is true: marrow oedema at each place, week by week. Rings and dots show what the clinic \
         saw at its last visit. Choose a bone to follow its regeneration number <i>R<sub>s</sub></i>: above 1 a focus \
         keeps itself alight, below 1 it dies out. {}",
        rule()
    );
    let mut html = open_section("children", "One child through the years", &lead);
    let shown = |family: &&Family| {
        let drawn = |life: &(usize, crate::data::Child)| !life.1.circulation.is_empty();
        family.chosen.iter().any(|chosen| chosen.lives.iter().any(drawn))
    };
    if !report.families.iter().any(|family| shown(&family)) {
        html.push_str(
            "<p class=\"empty\">No courses were stored, so no child can be followed.</p>\n</section>\n",
        );
        return html;
    }
    html.push_str("<div class=\"player card\" id=\"player\">\n<div class=\"choose\">");
    html.push_str(&choices(report));
    html.push_str("</div>\n<p class=\"who\" id=\"who\"></p>\n<div class=\"stage\">\n<div class=\"body\"><div class=\"pair\">");
    for view in View::ALL {
        let name = match view {
            View::Front => "from the front",
            View::Back => "from behind",
        };
        let text = format!("Skeleton {name}: marrow oedema of the chosen child at the chosen time");
        html.push_str(&format!(
            "<figure>{}<figcaption>{name}</figcaption></figure>",
            skeleton::view(view, &text, true, |_| "h0".to_owned())
        ));
    }
    html.push_str("</div>");
    html.push_str(&legend());
    html.push_str("</div>\n");
    html.push_str(
        "<div class=\"time\"><div class=\"transport\"><button id=\"play\" type=\"button\" aria-label=\"Play\">\
         <svg viewBox=\"0 0 24 24\" aria-hidden=\"true\"><path class=\"go\" d=\"M7 4v16l13-8z\"/><path class=\"hold\" \
         d=\"M6 4h4v16H6zM14 4h4v16h-4z\"/></svg></button>\
         <input id=\"when\" type=\"range\" min=\"0\" max=\"0\" value=\"0\" step=\"1\" aria-label=\"Time\">\
         <fieldset class=\"switch\"><legend>Strips</legend><label><input type=\"radio\" name=\"zoom\" value=\"all\" \
         checked><span>all</span></label><label><input type=\"radio\" name=\"zoom\" value=\"near\"><span>around the \
         presentation</span></label></fieldset></div>\
         <p id=\"now\" class=\"now\" aria-live=\"off\"></p>\n<div id=\"strips\" class=\"strips\"></div>\
         <p id=\"told\" class=\"told\"></p></div>\n</div>\n</div>\n",
    );
    html.push_str(
        "<noscript><p class=\"empty\">This part needs JavaScript; the courses below do not.</p></noscript>\n",
    );
    html.push_str("</section>\n");
    html
}

/// The rule of the choice, in words.
fn rule() -> String {
    let ranks: Vec<String> =
        RANKS.iter().map(|(role, rank)| format!("{} at rank {}", role.as_str(), percent(*rank))).collect();
    format!(
        "Children were chosen by rank, not by looks: those who came to the clinic, ordered by sites with a true spell of \
         inflammation, then spells, then highest measured CRP ({}).",
        ranks.join(", ")
    )
}

fn choices(report: &Report) -> String {
    let mut html = String::from("<div class=\"kids\" role=\"group\" aria-label=\"Child\">");
    for (place, family) in report.families.iter().enumerate() {
        let group = &report.groups[family.base];
        if family.chosen.iter().all(|chosen| chosen.lives.is_empty()) {
            html.push_str(&format!(
                "<div class=\"{}\"><span>{}</span><small class=\"empty\">nobody to show</small></div>",
                colour(place),
                label(group)
            ));
            continue;
        }
        html.push_str(&format!(
            "<div class=\"{}\"><span><i class=\"swatch\"></i>{}</span><span class=\"roles\">",
            colour(place),
            label(group)
        ));
        for (index, chosen) in family.chosen.iter().enumerate() {
            let Some((_, child)) = chosen.lives.first() else { continue };
            html.push_str(&format!(
                "<button type=\"button\" data-kid=\"{place},{index}\" aria-pressed=\"false\" title=\"Child {} of {}\">{}</button>",
                child.patient,
                counted(family.pool, "child", "children"),
                chosen.role.as_str()
            ));
        }
        html.push_str("</span></div>");
    }
    html.push_str(
        "</div><label class=\"arm\"><span>The same child under</span><select id=\"arm\"></select></label>",
    );
    html
}

fn legend() -> String {
    let steps: String = OEDEMA_STEPS
        .iter()
        .enumerate()
        .map(|(step, text)| format!("<li><i class=\"h{step}\"></i>{}</li>", escape(text)))
        .collect();
    format!(
        "<ul class=\"heatlegend\" aria-label=\"Marrow oedema from, relative units\">{steps}</ul>\
         <ul class=\"marklegend\"><li><svg viewBox=\"0 0 16 16\" aria-hidden=\"true\"><circle class=\"seen\" cx=\"8\" cy=\"8\" \
         r=\"5.5\"/></svg>lesion on the last MRI</li><li><svg viewBox=\"0 0 16 16\" aria-hidden=\"true\"><circle class=\"sore\" \
         cx=\"8\" cy=\"8\" r=\"3.6\"/></svg>painful, tender or swollen at the last visit</li></ul>\
         <p class=\"note\">Colour: marrow oedema in relative units; MRI sees it above 0.35. On the strips a dashed line marks the presentation, ▽ remission and ▲ relapse as the clinic saw them.</p>"
    )
}
