//! Where lesions are: the skeleton of each family, coloured by the share of children.

use osteoflare_skeleton::{SiteId, Skeleton, View};

use super::{colour, label, open_section, skeleton};
use crate::data::{GroupData, Report, SiteShares};
use crate::text::{counted, escape, percent};

/// Shares at which the colour changes, in percent; a site without lesion has colour 0.
const STEPS: [u32; 7] = [2, 5, 10, 15, 20, 30, 50];
/// Sites named under a map.
const NAMED: usize = 5;

/// Class of a share of children.
fn heat(share: f64) -> usize {
    if share <= 0.0 { 0 } else { 1 + STEPS.iter().filter(|step| share * 100.0 > f64::from(**step)).count() }
}

pub(super) fn section(report: &Report) -> String {
    let mut html = open_section(
        "maps",
        "Where lesions are",
        "Share of children with a lesion on whole-body MRI at each place, as reported by the reader. Point at a bone, \
         tap it, or put the focus on a skeleton and use the arrow keys.",
    );
    html.push_str(
        "<div class=\"tools\"><fieldset class=\"switch\"><legend>Lesions</legend>\
         <label><input type=\"radio\" name=\"when\" value=\"0\" checked><span>at the first MRI</span></label>\
         <label><input type=\"radio\" name=\"when\" value=\"1\"><span>on any MRI</span></label></fieldset>",
    );
    html.push_str(&legend());
    html.push_str("</div>\n<div class=\"cards maps\">\n");
    for (place, family) in report.families.iter().enumerate() {
        html.push_str(&card(&report.groups[family.base], place));
    }
    html.push_str("</div>\n</section>\n");
    html
}

fn legend() -> String {
    let mut html = String::from("<ul class=\"heatlegend\" aria-label=\"Share of children\">");
    for step in 0..STEPS.len() + 2 {
        let text = match step {
            0 => "0".to_owned(),
            1 => format!("≤ {}", STEPS[0]),
            step if step == STEPS.len() + 1 => format!("> {} %", STEPS[STEPS.len() - 1]),
            step => format!("≤ {}", STEPS[step - 1]),
        };
        html.push_str(&format!("<li><i class=\"h{step}\"></i>{text}</li>"));
    }
    html.push_str("</ul>");
    html
}

fn card(group: &GroupData, place: usize) -> String {
    let mut html = format!("<article class=\"card map {}\" data-map=\"{place}\">", colour(place));
    html.push_str(&format!("<h3>{}</h3>", label(group)));
    if group.at_entry.of == 0 && group.ever.of == 0 {
        html.push_str("<p class=\"empty\">No child of this group had a whole-body MRI.</p></article>\n");
        return html;
    }
    let whom = if group.presented_only { "who came to the clinic" } else { "of the group" };
    let with =
        |shares: &SiteShares| format!("MRI of {} {whom}", counted(shares.of as usize, "child", "children"));
    html.push_str(&format!(
        "<p class=\"note\" data-note=\"0\">{}</p><p class=\"note\" data-note=\"1\" hidden>{}, at any time</p>",
        with(&group.at_entry),
        with(&group.ever)
    ));
    html.push_str("<div class=\"pair\">");
    for view in View::ALL {
        let name = match view {
            View::Front => "from the front",
            View::Back => "from behind",
        };
        let text = format!(
            "Skeleton {name}, {}: share of children with an MRI lesion by site. The numbers stand in the table below.",
            group.label
        );
        let paint = |site: SiteId| format!("h{}", heat(group.at_entry.share(site)));
        html.push_str(&format!(
            "<figure>{}<figcaption>{name}</figcaption></figure>",
            skeleton::view(view, &text, true, paint)
        ));
    }
    html.push_str("</div>");
    html.push_str(&named_sites(&group.at_entry, 0));
    html.push_str(&named_sites(&group.ever, 1));
    html.push_str(&table(group));
    html.push_str("</article>\n");
    html
}

/// Sites with a lesion, the most frequent first.
fn ranked(shares: &SiteShares) -> Vec<SiteId> {
    let mut sites: Vec<SiteId> = (0..shares.children.len() as u16).map(SiteId).collect();
    sites.retain(|site| shares.children[site.index()] > 0);
    sites.sort_by_key(|site| (std::cmp::Reverse(shares.children[site.index()]), *site));
    sites
}

fn named_sites(shares: &SiteShares, when: usize) -> String {
    let hidden = if when == 0 { "" } else { " hidden" };
    let sites = ranked(shares);
    if sites.is_empty() {
        return format!("<p class=\"empty\" data-note=\"{when}\"{hidden}>No lesion at any site.</p>");
    }
    let items: String = sites
        .iter()
        .take(NAMED)
        .map(|site| {
            let name = Skeleton::get().site(*site).label();
            format!("<li><span>{}</span><b>{}</b></li>", escape(&name), percent(shares.share(*site)))
        })
        .collect();
    format!("<ol class=\"named\" data-note=\"{when}\"{hidden}>{items}</ol>")
}

/// Every site with a lesion, as text.
fn table(group: &GroupData) -> String {
    let sites = ranked(&group.ever);
    if sites.is_empty() {
        return String::new();
    }
    let rows: String = sites
        .iter()
        .map(|site| {
            let cell = |shares: &SiteShares| {
                format!(
                    "<td>{} <small>({})</small></td>",
                    percent(shares.share(*site)),
                    shares.children[site.index()]
                )
            };
            format!(
                "<tr><th scope=\"row\">{}</th>{}{}</tr>",
                escape(&Skeleton::get().site(*site).label()),
                cell(&group.at_entry),
                cell(&group.ever)
            )
        })
        .collect();
    format!(
        "<details><summary>{}</summary><div class=\"scroll\"><table class=\"sites\"><thead><tr><th scope=\"col\">Site</th>\
         <th scope=\"col\">first MRI</th><th scope=\"col\">any MRI</th></tr></thead><tbody>{rows}</tbody></table></div>\
         </details>",
        if sites.len() == 1 {
            "The one site as a table".to_owned()
        } else {
            format!("All {} sites as a table", sites.len())
        }
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_step_where_the_legend_says() {
        assert_eq!([0.0, 0.001, 0.02, 0.021, 0.5, 0.51].map(heat), [0, 1, 1, 2, 7, 8]);
    }
}
