//! How many lesions children have at entry, by MRI and by examination.

use osteoflare_evidence::Evidence;

use super::{colour, label, open_section};
use crate::chart::{Reference, histogram};
use crate::data::{GroupData, LARGEST_BIN, Report};
use crate::text::{escape, number};

/// Records of the published numbers that the reference shape was fitted to.
const REFERENCE_RECORDS: [&str; 2] = ["dang.lesions", "dang.unifocal"];
/// Means and sizes of the negative binomial that meet those numbers; assumed form.
const REFERENCE_MEANS: [f64; 2] = [6.6, 7.6];
const REFERENCE_SIZES: [f64; 2] = [1.2, 1.5];

pub(super) fn section(report: &Report) -> String {
    let mut html = open_section(
        "lesions",
        "How many lesions",
        "Lesions per child at entry. Whole-body MRI (filled) sees silent lesions; examination (outlined) sees those that \
         hurt, are tender or swollen. The two differ, in the clinic as here.",
    );
    let reference = reference();
    html.push_str("<div class=\"cards histograms\">\n");
    for (place, family) in report.families.iter().enumerate() {
        html.push_str(&card(&report.groups[family.base], place, &reference));
    }
    html.push_str("</div>\n");
    html.push_str(&caption());
    html.push_str("</section>\n");
    html
}

fn card(group: &GroupData, place: usize, reference: &Reference) -> String {
    let mut html = format!(
        "<article class=\"card\"><h3 class=\"{}\"><i class=\"swatch\"></i>{}</h3>",
        colour(place),
        label(group)
    );
    let (mri, clinical) = (total(&group.mri_lesions), total(&group.clinical_lesions));
    if mri + clinical == 0 {
        html.push_str("<p class=\"empty\">Nobody of this group was examined or had an MRI.</p></article>\n");
        return html;
    }
    let text = format!(
        "{}: lesions per child at entry. MRI: {}. Examination: {}.",
        group.label,
        describe(&group.mri_lesions),
        describe(&group.clinical_lesions)
    );
    let shape = group.presented_only.then_some(reference);
    html.push_str(&histogram(&group.mri_lesions, &group.clinical_lesions, shape, &colour(place), &text));
    html.push_str(&format!(
        "<p class=\"note\">MRI in {mri} children: {}. Examination of {clinical}: {}.</p></article>\n",
        describe(&group.mri_lesions),
        describe(&group.clinical_lesions)
    ));
    html
}

fn total(counts: &[u32]) -> u32 {
    counts.iter().sum()
}

/// Median and mean of counts; the last bin counts as its lower end.
fn describe(counts: &[u32]) -> String {
    let all = total(counts);
    if all == 0 {
        return "none".to_owned();
    }
    let mut left = 0;
    let median = counts.iter().position(|count| {
        left += count;
        2 * left >= all
    });
    let sum: f64 = counts.iter().enumerate().map(|(lesions, count)| lesions as f64 * f64::from(*count)).sum();
    format!("median {}, mean {}", median.unwrap_or(0), number(sum / f64::from(all)))
}

/// Range of the published shape over its means and sizes: one lesion plus a negative binomial.
fn reference() -> Reference {
    let mut low = vec![f64::INFINITY; LARGEST_BIN + 1];
    let mut high = vec![0.0f64; LARGEST_BIN + 1];
    for mean in REFERENCE_MEANS {
        for size in REFERENCE_SIZES {
            for (lesions, share) in shifted_negative_binomial(mean, size).into_iter().enumerate() {
                low[lesions] = low[lesions].min(share);
                high[lesions] = high[lesions].max(share);
            }
        }
    }
    Reference { low, high }
}

/// Shares of 0 to [`LARGEST_BIN`] (and above) of one plus a negative binomial.
fn shifted_negative_binomial(mean: f64, size: f64) -> Vec<f64> {
    let step = mean / (size + mean);
    let mut shares = vec![0.0];
    let mut share = (size / (size + mean)).powf(size);
    for more in 0..LARGEST_BIN - 1 {
        shares.push(share);
        share *= step * (size + more as f64) / (more as f64 + 1.0);
    }
    shares.push(1.0 - shares.iter().sum::<f64>());
    shares
}

fn caption() -> String {
    let cited: Vec<String> = REFERENCE_RECORDS
        .iter()
        .filter_map(|id| Evidence::embedded().find(id))
        .map(|record| record.source.citation())
        .collect();
    let Some(citation) = cited.first() else { return String::new() };
    format!(
        "<p class=\"note\"><i class=\"key refband\"></i> Dotted line and band: a published shape for CNO on whole-body MRI, \
         one lesion plus a negative binomial with mean {}–{} and size {}–{}. The form is assumed; mean and size meet the \
         median of 6 (range 1–27) and 7 % with one lesion of {}. It says nothing about bacterial disease.</p>",
        REFERENCE_MEANS[0],
        REFERENCE_MEANS[1],
        REFERENCE_SIZES[0],
        REFERENCE_SIZES[1],
        escape(citation)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_meets_the_published_numbers() {
        for id in REFERENCE_RECORDS {
            assert!(Evidence::embedded().find(id).is_some(), "{id}");
        }
        let shares = shifted_negative_binomial(7.1, 1.35);
        assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        // 5 of 75 had one lesion: 2.9 to 14.7 % (Wilson).
        assert!(shares[1] > 0.029 && shares[1] < 0.147, "{}", shares[1]);
        let below: f64 = shares[..6].iter().sum();
        assert!(below < 0.5 && below + shares[6] + shares[7] > 0.5, "median near 6");
    }

    #[test]
    fn medians_of_counts() {
        assert_eq!(describe(&[0, 3, 1]), "median 1, mean 1.25");
        assert_eq!(describe(&[0, 0]), "none");
    }
}
