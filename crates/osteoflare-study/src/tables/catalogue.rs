//! The catalogue of tables and columns.

use std::sync::OnceLock;

use osteoflare_clinic::digest::{ColumnKind, PatientDigest};

use super::sheet::{Column, Kind, Table};

/// Every table of a results folder.
pub struct Layout {
    /// One row per patient.
    pub patients: Table,
    /// One row per true spell.
    pub spells: Table,
    /// One row per visit.
    pub visits: Table,
    /// One row per visit, site and method with a finding.
    pub findings: Table,
    /// One row per blood test.
    pub laboratory: Table,
    /// One row per visit: what published instruments say.
    pub scores: Table,
    /// One row per event.
    pub events: Table,
    /// One row per prescribed course.
    pub treatments: Table,
    /// One row per sample of a site.
    pub course_local: Table,
    /// One row per sample of the circulation.
    pub course_systemic: Table,
    /// One row per patient that could not be computed.
    pub failures: Table,
    /// One row per site of the skeleton.
    pub sites: Table,
}

impl Layout {
    /// The tables written for every chunk of patients, in the order of writing.
    pub fn per_chunk(&self) -> [&Table; 11] {
        [
            &self.patients,
            &self.spells,
            &self.visits,
            &self.findings,
            &self.laboratory,
            &self.scores,
            &self.events,
            &self.treatments,
            &self.course_local,
            &self.course_systemic,
            &self.failures,
        ]
    }

    /// Every table.
    pub fn all(&self) -> impl Iterator<Item = &Table> {
        self.per_chunk().into_iter().chain([&self.sites])
    }
}

/// The layout of this version.
pub fn layout() -> &'static Layout {
    static LAYOUT: OnceLock<Layout> = OnceLock::new();
    LAYOUT.get_or_init(|| Layout {
        patients: patients(),
        spells: table(
            "spells",
            "One true spell: marrow oedema of a site above the MRI threshold for at least six weeks.",
            &[
                ("site", "1", Kind::Text, "Identifier of the site."),
                ("start_day", "d", Kind::Number, "First day above the threshold, from day 0."),
                ("end_day", "d", Kind::Number, "Last day above the threshold, from day 0."),
            ],
        ),
        visits: table(
            "visits",
            "One visit to the clinic.",
            &[
                ("visit", "1", Kind::Count, "Number of the visit within the patient, from 0."),
                ("day", "d", Kind::Number, "Day of the visit, from day 0."),
                ("age_years", "y", Kind::Number, "Age at the visit."),
                ("kind", "1", Kind::Text, "Reason: presentation, scheduled, flare or control."),
                ("examined", "1", Kind::Boolean, "Whether the patient was examined."),
                ("examined_sites?", "1", Kind::Count, "Sites with a finding on examination."),
                ("painful_sites?", "1", Kind::Count, "Sites with pain above 3 of 10 on examination."),
                ("worst_pain_nrs?", "0-10", Kind::Number, "Worst pain of the last week."),
                ("temperature_c?", "°C", Kind::Number, "Body temperature."),
                ("fever_since_last_visit?", "1", Kind::Boolean, "Fever noticed since the previous visit."),
                ("physician_global?", "0-10", Kind::Number, "Physician's global assessment of activity."),
                ("patient_global?", "0-10", Kind::Number, "Patient's or parent's global assessment."),
                ("mri_done", "1", Kind::Boolean, "Whether a whole-body MRI was done."),
                ("mri_lesions?", "1", Kind::Count, "Lesions reported on the MRI."),
                (
                    "bright_marrow_sites?",
                    "1",
                    Kind::Count,
                    "Sites of bright marrow reported as of no significance.",
                ),
                ("radiographs", "1", Kind::Count, "Radiographs taken."),
                ("laboratory_done", "1", Kind::Boolean, "Whether blood was taken."),
            ],
        ),
        findings: table(
            "findings",
            "One finding: a site with something to report at one visit by one method.",
            &[
                ("visit", "1", Kind::Count, "Number of the visit within the patient, from 0."),
                ("day", "d", Kind::Number, "Day of the visit, from day 0."),
                ("method", "1", Kind::Text, "examination, mri, bright_marrow or radiograph."),
                ("site", "1", Kind::Text, "Identifier of the site."),
                ("pain_nrs?", "0-10", Kind::Number, "Examination: pain at the site."),
                ("tender?", "1", Kind::Boolean, "Examination: tender on palpation."),
                ("swelling?", "1", Kind::Boolean, "Examination: swelling."),
                ("grade?", "1-3", Kind::Count, "MRI: extent, mild to extensive."),
                ("appearance?", "1", Kind::Text, "Radiograph: normal, lytic, mixed or sclerotic."),
                ("hyperostosis?", "1", Kind::Boolean, "Radiograph: hyperostosis or periosteal new bone."),
            ],
        ),
        laboratory: table(
            "laboratory",
            "One blood test.",
            &[
                ("visit", "1", Kind::Count, "Number of the visit within the patient, from 0."),
                ("day", "d", Kind::Number, "Day of the visit, from day 0."),
                ("crp_mg_l?", "mg/L", Kind::Number, "C-reactive protein as measured."),
                ("esr_mm_h?", "mm/h", Kind::Number, "Erythrocyte sedimentation rate as measured."),
                ("leukocytes_e9_l?", "10^9/L", Kind::Number, "Leukocytes as counted."),
                ("haemoglobin_g_l?", "g/L", Kind::Number, "Haemoglobin as measured."),
                ("platelets_e9_l?", "10^9/L", Kind::Number, "Platelets as counted."),
                ("bands_per_ul?", "1/uL", Kind::Number, "Neutrophil bands as counted."),
            ],
        ),
        scores: table(
            "scores",
            "Published instruments at one visit, on what the clinic saw in the 92 days before; missing where they leave it open.",
            &[
                ("visit", "1", Kind::Count, "Number of the visit within the patient, from 0."),
                ("day", "d", Kind::Number, "Day of the visit, from day 0."),
                ("kind", "1", Kind::Text, "Reason: presentation, scheduled, flare or control."),
                ("nbods_lowest", "points", Kind::Number, "NBODS 2023: fewest points possible."),
                ("nbods_highest", "points", Kind::Number, "NBODS 2023: most points possible."),
                ("nbods_positive?", "1", Kind::Boolean, "NBODS 2023: nonbacterial rather than bacterial."),
                ("jansson_2009_lowest", "points", Kind::Number, "Jansson score 2009: fewest points possible."),
                ("jansson_2009_highest", "points", Kind::Number, "Jansson score 2009: most points possible."),
                ("jansson_2009_positive?", "1", Kind::Boolean, "Jansson score 2009: at least 39 points."),
                ("jansson_2007_positive?", "1", Kind::Boolean, "Jansson criteria 2007 fulfilled."),
                ("bristol_positive?", "1", Kind::Boolean, "Bristol criteria 2016 fulfilled."),
                ("cdas_lowest", "points", Kind::Number, "Clinical disease activity score: smallest possible sum."),
                ("cdas_highest?", "points", Kind::Number, "Clinical disease activity score: largest possible sum; missing where it has no bound."),
                ("active?", "1", Kind::Boolean, "Active disease as in the CARRA treatment plans."),
                ("clinically_inactive?", "1", Kind::Boolean, "No pain, no active place, no fever, normal CRP and ESR."),
                ("inactive?", "1", Kind::Boolean, "Clinically inactive, and no marrow oedema on MRI."),
                ("pedcno30?", "1", Kind::Boolean, "PedCNO30 response against the presentation."),
                ("pedcno50?", "1", Kind::Boolean, "PedCNO50 response against the presentation."),
                ("pedcno70?", "1", Kind::Boolean, "PedCNO70 response against the presentation."),
                ("pedcno90?", "1", Kind::Boolean, "PedCNO90 response against the presentation."),
            ],
        ),
        events: table(
            "events",
            "One event the clinic noticed.",
            &[
                ("day", "d", Kind::Number, "Day, from day 0."),
                (
                    "event",
                    "1",
                    Kind::Text,
                    "presentation, remission, relapse, treatment_start, treatment_stop, culture_positive, culture_sterile, biopsy_inflammation or biopsy_unremarkable.",
                ),
                ("site?", "1", Kind::Text, "Identifier of the site, where the event has one."),
                ("detail?", "1", Kind::Text, "The drug of a treatment event."),
            ],
        ),
        treatments: table(
            "treatments",
            "One prescribed course of a drug.",
            &[
                ("drug", "1", Kind::Text, "Generic name."),
                ("start_day", "d", Kind::Number, "First day, from day 0."),
                ("stop_day?", "d", Kind::Number, "Day after the last, from day 0; missing while it goes on."),
            ],
        ),
        course_local: table(
            "course_local",
            "One sample of the true state of a site that is not at rest.",
            &[
                ("day", "d", Kind::Sample, "Day, from day 0."),
                ("site", "1", Kind::Text, "Identifier of the site."),
                ("macrophages", "r.u.", Kind::Sample, "Inflammatory macrophages (1 = established lesion)."),
                ("oedema", "r.u.", Kind::Sample, "Marrow oedema; MRI sees it above 0.35."),
                ("bone", "1", Kind::Sample, "Mineralised bone relative to normal."),
                ("new_bone", "r.u.", Kind::Sample, "New periosteal and endosteal bone."),
                ("bacteria", "10^6 CFU/mL", Kind::Sample, "Bacteria, planktonic and sheltered."),
                ("pain", "0-10", Kind::Sample, "True pain."),
                (
                    "rs",
                    "1",
                    Kind::Sample,
                    "Regeneration number of the site: a focus sustains itself from 1 on.",
                ),
            ],
        ),
        course_systemic: table(
            "course_systemic",
            "One sample of the true state of the circulation.",
            &[
                ("day", "d", Kind::Sample, "Day, from day 0."),
                ("crp_mg_l", "mg/L", Kind::Sample, "True C-reactive protein."),
                ("esr_mm_h", "mm/h", Kind::Sample, "True erythrocyte sedimentation rate."),
                ("temperature_c", "°C", Kind::Sample, "True body temperature."),
                ("effectors", "r.u.", Kind::Sample, "Circulating self-reactive effectors, all clonotypes."),
                ("regulators", "r.u.", Kind::Sample, "Circulating regulatory pool."),
                ("inflamed_sites", "1", Kind::Count, "Sites with oedema above the MRI threshold."),
            ],
        ),
        failures: table(
            "failures",
            "One patient that could not be computed.",
            &[("problem", "1", Kind::Text, "What went wrong.")],
        ),
        sites: sites(),
    })
}

/// Columns as `(name, unit, kind, meaning)`; a name that ends in `?` may be missing.
type Short = (&'static str, &'static str, Kind, &'static str);

fn column(&(name, unit, kind, meaning): &Short) -> Column {
    let nullable = name.ends_with('?');
    Column { name: name.trim_end_matches('?').into(), unit, kind, nullable, meaning: meaning.into() }
}

/// A table whose rows belong to a patient.
fn table(name: &'static str, meaning: &'static str, columns: &[Short]) -> Table {
    let keys = [
        ("group", "1", Kind::Text, "Study group."),
        ("patient", "1", Kind::Count, "Number of the patient within the group, from 0."),
    ];
    Table { name, meaning, columns: keys.iter().chain(columns).map(column).collect() }
}

/// Columns of hidden truth and of cost that stand before those of the digest.
const PATIENT_TRUTH: &[Short] = &[
    ("sex", "1", Kind::Text, "Sex: female or male."),
    ("age_at_start_years", "y", Kind::Number, "Age at day 0."),
    ("followed_until_day", "d", Kind::Number, "Last day of observation, from day 0."),
    ("truth_theta", "1", Kind::Number, "Negative-selection threshold of the host."),
    ("truth_il10_competence", "1", Kind::Number, "Myeloid IL-10 competence of the host (1 = healthy)."),
    ("truth_regulatory_competence", "1", Kind::Number, "Regulatory competence of the host (1 = median)."),
    (
        "truth_self_reactivity_growth_cartilage",
        "1",
        Kind::Number,
        "Self-reactivity against growth-cartilage antigen.",
    ),
    (
        "truth_self_reactivity_loaded_limb",
        "1",
        Kind::Number,
        "Self-reactivity against antigen of loaded lower limbs.",
    ),
    (
        "truth_self_reactivity_axial",
        "1",
        Kind::Number,
        "Self-reactivity against antigen of spine and chest wall.",
    ),
    (
        "truth_self_reactivity_pelvis",
        "1",
        Kind::Number,
        "Self-reactivity against antigen of pelvis and entheses.",
    ),
    (
        "truth_self_reactivity_short_bones",
        "1",
        Kind::Number,
        "Self-reactivity against antigen of short bones.",
    ),
    ("truth_foreign_reactivity", "1", Kind::Number, "Reactivity against foreign antigen."),
    ("truth_rs_max_at_start", "1", Kind::Number, "Largest regeneration number of any site on day 0."),
    ("truth_spells", "1", Kind::Count, "True spells."),
    ("truth_sites_ever", "1", Kind::Count, "Sites with a true spell."),
    ("truth_infected_sites", "1", Kind::Count, "Sites with an established infection."),
    ("truth_sterile_at_end", "1", Kind::Boolean, "Whether no bacteria were left at the end."),
    ("work_steps", "1", Kind::Number, "Accepted steps of the solver."),
    ("work_rejected", "1", Kind::Number, "Rejected steps of the solver."),
    ("work_site_rhs", "1", Kind::Number, "Right-hand sides of one site that were computed."),
];

/// Columns of self-reactivity, in the order of the antigen classes.
pub(crate) const SELF_REACTIVITY: [&str; 5] = [
    "truth_self_reactivity_growth_cartilage",
    "truth_self_reactivity_loaded_limb",
    "truth_self_reactivity_axial",
    "truth_self_reactivity_pelvis",
    "truth_self_reactivity_short_bones",
];

fn patients() -> Table {
    let digest = PatientDigest::columns().iter().skip(2).map(|column| Column {
        name: column.name.clone().into(),
        unit: column.unit,
        kind: match column.kind {
            ColumnKind::Boolean => Kind::Boolean,
            ColumnKind::Count => Kind::Count,
            ColumnKind::Number => Kind::Number,
            ColumnKind::Text => Kind::Text,
        },
        nullable: true,
        meaning: column.meaning.into(),
    });
    let lists = PatientDigest::list_columns().iter().map(|list| Column {
        name: list.name.into(),
        unit: "1",
        kind: Kind::Sites,
        nullable: false,
        meaning: list.meaning.into(),
    });
    let mut table = table(
        "patients",
        "One patient: hidden traits, cost, and what the clinic saw in one row.",
        PATIENT_TRUTH,
    );
    table.columns.extend(digest);
    table.columns.extend(lists);
    table
}

fn sites() -> Table {
    let columns: &[Short] = &[
        ("site", "1", Kind::Text, "Identifier of the site."),
        ("bone", "1", Kind::Text, "Bone without side."),
        ("part", "1", Kind::Text, "Part of the bone."),
        ("side", "1", Kind::Text, "Side of the body."),
        ("region", "1", Kind::Text, "Region of the body."),
        ("tissue", "1", Kind::Text, "Class of tissue."),
        ("mirror?", "1", Kind::Text, "The same place on the other side."),
        ("load", "1", Kind::Number, "Relative mechanical stress (1 = proximal tibial metaphysis)."),
        ("growth", "1", Kind::Number, "Relative longitudinal growth (1 = distal femoral metaphysis)."),
        ("perfusion", "1", Kind::Number, "How sluggish the sinusoidal flow is."),
        ("volume", "1", Kind::Number, "Volume relative to the proximal tibial metaphysis."),
    ];
    Table {
        name: "sites",
        meaning: "One site of the skeleton.",
        columns: columns.iter().map(column).collect(),
    }
}
