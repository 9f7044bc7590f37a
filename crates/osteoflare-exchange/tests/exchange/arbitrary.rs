//! Records of every shape.

use osteoflare_clinic::record::*;
use osteoflare_skeleton::{Part, Sex};
use proptest::collection::{btree_map, vec};
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;

fn word(words: &'static [&'static str]) -> impl Strategy<Value = Term> + Clone {
    prop_oneof![4 => select(words).prop_map(Term::from), 1 => "[a-z][a-z_;\\\\]{0,8}[a-z]".prop_map(Term::from)]
}

/// Text as people write it, with everything that formats trip over, but not empty.
fn text() -> impl Strategy<Value = String> + Clone {
    prop_oneof![
        "[A-Za-z,;\"'][A-Za-z ,;\"']{0,18}[A-Za-z,;\"']",
        Just("=1+2, \"quoted\"\nnext line; 100 % sure".to_owned()),
        Just("éü 骨 \u{1f9b4} 1..2".to_owned()),
        Just("5\u{a0}mg,\u{2009}twice \u{feff}daily".to_owned()),
        Just("12".to_owned()),
        Just("true".to_owned()),
        Just("2020-01-01".to_owned()),
    ]
}

fn number() -> impl Strategy<Value = f64> + Clone {
    prop_oneof![
        (0u32..1000).prop_map(f64::from),
        (0u32..100_000).prop_map(|n| f64::from(n) / 100.0),
        -1e6f64..1e6,
        Just(0.1 + 0.2),
        Just(0.0),
        Just(1e-7),
    ]
}

fn positive() -> impl Strategy<Value = f64> + Clone {
    number().prop_map(f64::abs)
}

fn date() -> impl Strategy<Value = Date> + Clone {
    (1900i32..2100, 1u8..13, 1u8..29).prop_map(|(y, m, d)| Date::new(y, m, d).unwrap())
}

fn when() -> impl Strategy<Value = When> + Clone {
    prop_oneof![
        (-4000i32..4000).prop_map(|day| When::Day(f64::from(day))),
        number().prop_map(When::Day),
        date().prop_map(When::Date)
    ]
}

fn range() -> impl Strategy<Value = Range> + Clone {
    prop_oneof![
        positive().prop_map(Range::exactly),
        (positive(), positive()).prop_map(|(a, b)| Range { low: a.min(b), high: a.max(b) }),
        positive().prop_map(|low| Range { low, high: f64::INFINITY }),
        positive().prop_map(|high| Range { low: f64::NEG_INFINITY, high }),
    ]
}

fn place() -> BoxedStrategy<Place> {
    use BodySide::*;
    (
        word(&[
            "tibia",
            "femur",
            "clavicle",
            "t4",
            "knee_region",
            "mandible",
            "shin",
            "tibia_proximal_metaphysis_L",
        ]),
        of(select(Part::ALL.to_vec())),
        of(select(vec![Left, Right, Both, Midline])),
        of(1u32..5),
    )
        .prop_map(|(bone, part, side, at_least)| Place { bone, part, side, at_least })
        .boxed()
}

fn course() -> impl Strategy<Value = CoursePattern> + Clone {
    use CoursePattern::*;
    select(vec![
        Continuous,
        Intermittent,
        RelapsingRemitting,
        Migrating,
        MigratingRelapsing,
        SingleEpisode,
        Progressive,
    ])
}

const DESCRIPTORS: &[&str] = &["marrow_oedema", "lytic", "sclerosis", "marginal_sclerosis", "hyperostosis"];

fn words() -> impl Strategy<Value = Vec<Term>> + Clone {
    vec(word(DESCRIPTORS), 0..4)
}

fn finding() -> BoxedStrategy<Finding> {
    let methods = select(vec![Method::History, Method::Examination, Method::Surgery, Method::Other]);
    (
        (
            word(&[
                "pain",
                "fever",
                "swelling",
                "tenderness",
                "multifocal",
                "palmoplantar_pustulosis",
                "weight_loss",
            ]),
            any::<bool>(),
            of(place()),
            of(0u8..11),
            of(word(&["mild", "high"])),
        ),
        (of(course()), of(range()), of(methods), of(when()), of(text())),
    )
        .prop_map(
            |((finding, present, place, severity, degree), (pattern, duration_days, method, when, note))| {
                Finding {
                    finding,
                    present,
                    place,
                    severity_0_10: severity.map(f64::from),
                    degree,
                    pattern,
                    duration_days,
                    method,
                    when,
                    note,
                }
            },
        )
        .boxed()
}

fn result(analytes: &'static [&'static str]) -> BoxedStrategy<LabResult> {
    use Qualitative::*;
    let qualitative = select(vec![
        Normal,
        Elevated,
        MildlyElevated,
        ModeratelyElevated,
        StronglyElevated,
        Low,
        MildlyLow,
        Undetectable,
        Abnormal,
        Positive,
        Negative,
    ]);
    let comparator =
        select(vec![Comparator::Less, Comparator::AtMost, Comparator::AtLeast, Comparator::Greater]);
    let unit = select(vec!["mg/l", "mg/dl", "mm/h", "10^9/l", "/ul", "g/dl", "°C", "%", "bananas"]);
    let reference = (of(positive()), of(positive()))
        .prop_filter("empty", |(low, high)| low.is_some() || high.is_some())
        .prop_map(|(low, high)| ReferenceRange { low, high });
    (
        (word(analytes), of(number()), of(comparator), of(unit)),
        (of(reference), of(qualitative), of(when()), of(text())),
    )
        .prop_map(|((analyte, value, comparator, unit), (reference, qualitative, when, note))| LabResult {
            analyte,
            value,
            comparator: comparator.filter(|_| value.is_some()),
            unit: unit.map(str::to_owned),
            reference,
            qualitative,
            when,
            note,
        })
        .boxed()
}

fn lesion() -> BoxedStrategy<Lesion> {
    (
        (place(), of(any::<bool>()), words(), words(), of(1u8..4)),
        (of(positive()), of(positive()), of(positive()), of(positive()), of(text())),
    )
        .prop_map(
            |(
                (place, active, descriptors, absent, extent_grade),
                (size_mm, volume_ml, signal, muscle, note),
            )| {
                Lesion {
                    place,
                    active,
                    descriptors,
                    absent,
                    extent_grade,
                    size_mm,
                    volume_ml,
                    signal,
                    muscle_signal: muscle,
                    note,
                }
            },
        )
        .boxed()
}

fn imaging() -> BoxedStrategy<ImagingStudy> {
    use Modality::*;
    (
        (
            select(vec![Radiograph, Mri, Ct, BoneScan, Pet, Ultrasound, Unspecified]),
            of(select(vec![Coverage::WholeBody, Coverage::Regional])),
            vec(place(), 0..3),
            of(any::<bool>()),
            vec(lesion(), 0..4),
            of(any::<bool>()),
        ),
        (
            of(select(vec![Focality::Unifocal, Focality::Multifocal])),
            of(any::<bool>()),
            words(),
            words(),
            vec(place(), 0..3),
            of(when()),
            of(text()),
        ),
    )
        .prop_map(
            |(
                (modality, coverage, shown, abnormal, lesions, all_lesions_listed),
                (focality, symmetric, descriptors, absent, bright_marrow, when, note),
            )| ImagingStudy {
                modality,
                coverage,
                shown,
                abnormal,
                lesions,
                all_lesions_listed,
                focality,
                symmetric,
                descriptors,
                absent,
                bright_marrow,
                when,
                note,
            },
        )
        .boxed()
}

fn biopsy() -> BoxedStrategy<Biopsy> {
    (
        any::<bool>(),
        of(word(&["bone", "bone_marrow", "lymph_node"])),
        of(place()),
        of(word(&["ct_guided", "open"])),
        vec(word(&["chronic_inflammation", "fibrosis"]), 0..3),
        vec(word(&["malignancy", "infection"]), 0..3),
        of(when()),
        of(text()),
    )
        .prop_map(|(done, tissue, place, method, findings, absent, when, note)| Biopsy {
            done,
            tissue,
            place,
            method,
            findings,
            absent,
            when,
            note,
        })
        .boxed()
}

fn culture() -> BoxedStrategy<Culture> {
    (
        word(&["bone", "blood", "pus"]),
        select(vec![CultureResult::Sterile, CultureResult::Positive, CultureResult::Contaminant]),
        of(select(vec!["Staphylococcus aureus", "Kingella kingae"])),
        of(any::<bool>()),
        of(place()),
        of(when()),
        of(text()),
    )
        .prop_map(|(specimen, result, organism, off_antibiotics, place, when, note)| Culture {
            specimen,
            result,
            organism: organism.map(str::to_owned),
            off_antibiotics,
            place,
            when,
            note,
        })
        .boxed()
}

fn gene() -> BoxedStrategy<GeneticFinding> {
    (
        select(vec!["LPIN2", "IL1RN", "FBLIM1"]),
        of(select(vec!["c.2T>G", "p.(Ser734Leu)"])),
        of(word(&["homozygous", "heterozygous"])),
        of(select(vec![Significance::Pathogenic, Significance::Uncertain, Significance::Benign])),
        of(when()),
    )
        .prop_map(|(gene, variant, zygosity, significance, when)| GeneticFinding {
            gene: gene.to_owned(),
            variant: variant.map(str::to_owned),
            zygosity,
            significance,
            when,
        })
        .boxed()
}

fn treatment() -> BoxedStrategy<Treatment> {
    use Response::*;
    let response = select(vec![CompleteSustained, Complete, Good, Partial, Transient, None, Worse]);
    (
        word(&["naproxen", "nsaid", "antibiotics", "pamidronate", "adalimumab", "methotrexate"]),
        of(when()),
        of(when()),
        of(range()),
        of(select(vec!["15 mg weekly", "1 mg/kg"])),
        of(any::<bool>()),
        of(response),
        of(text()),
    )
        .prop_map(|(drug, start, stop, duration_days, dose, alone, response, note)| Treatment {
            drug,
            start,
            stop,
            duration_days,
            dose: dose.map(str::to_owned),
            alone,
            response,
            note,
        })
        .boxed()
}

fn chaq() -> BoxedStrategy<Chaq> {
    use ChaqAnswer::*;
    let answer = select(vec![WithoutDifficulty, SomeDifficulty, MuchDifficulty, Unable, NotApplicable]);
    (
        btree_map(
            select(vec!["dress_and_fasten".to_owned(), "walk".to_owned(), "run".to_owned()]),
            answer,
            0..3,
        ),
        of(vec(select(vec!["walking".to_owned(), "grip".to_owned()]), 0..3)),
        of(0u8..25),
    )
        .prop_filter("empty", |(items, aids, index)| !items.is_empty() || aids.is_some() || index.is_some())
        .prop_map(|(items, aid_or_help, index)| Chaq {
            items,
            aid_or_help,
            disability_index: index.map(|index| f64::from(index) * 0.125),
        })
        .boxed()
}

fn assessment() -> BoxedStrategy<Assessment> {
    let scale = || of((0u8..101).prop_map(|value| f64::from(value) / 10.0));
    (of(when()), scale(), scale(), scale(), of(0u32..20), of(chaq()))
        .prop_map(
            |(
                when,
                pain_0_10,
                patient_global_0_10,
                physician_global_0_10,
                clinically_active_lesions,
                chaq,
            )| Assessment {
                when,
                pain_0_10,
                patient_global_0_10,
                physician_global_0_10,
                clinically_active_lesions,
                chaq,
            },
        )
        .boxed()
}

fn condition() -> BoxedStrategy<Condition> {
    let status = select(vec![Status::Present, Status::Past, Status::Suspected, Status::Excluded]);
    let kin = select(vec![Kin::Patient, Kin::FirstDegree, Kin::SecondDegree, Kin::Farther, Kin::Relative]);
    (word(&["psoriasis", "crohn_disease", "scurvy"]), status, of(kin), of(when()), of(text()))
        .prop_map(|(condition, status, of, when, note)| Condition { condition, status, of, when, note })
        .boxed()
}

fn diagnosis() -> BoxedStrategy<Diagnosis> {
    use DiagnosisKind::*;
    (
        word(&["cno", "bacterial_osteomyelitis", "ewing_sarcoma", "majeed_syndrome"]),
        select(vec![Initial, Considered, Working, Final]),
        of(text()),
        of(when()),
    )
        .prop_map(|(disease, kind, by, when)| Diagnosis { disease, kind, by, when })
        .boxed()
}

fn visit() -> BoxedStrategy<Visit> {
    use VisitKind::*;
    (when(), of(select(vec![Presentation, Scheduled, Flare, Control])), of(any::<bool>()))
        .prop_map(|(when, kind, whole_body_examined)| Visit { when, kind, whole_body_examined })
        .boxed()
}

fn origin() -> BoxedStrategy<Origin> {
    let virtual_patient =
        ("[a-z_]{1,8}", any::<u32>()).prop_map(|(group, index)| VirtualOrigin { group, index });
    (of(text()), of(text()), of(text()), of(text()), of(text()), of(virtual_patient))
        .prop_map(|(citation, doi, pmid, url, system, virtual_patient)| Origin {
            citation,
            doi,
            pmid,
            url,
            system,
            virtual_patient,
        })
        .prop_filter("empty", |origin| *origin != Origin::default())
        .boxed()
}

fn patient() -> BoxedStrategy<Patient> {
    (of(select(vec![Sex::Female, Sex::Male])), of(range()), of(range()), of(date()), vec(text(), 0..3))
        .prop_map(|(sex, age_years, age_at_onset_years, birth_date, background)| Patient {
            sex,
            age_years,
            age_at_onset_years,
            birth_date,
            background,
        })
        .boxed()
}

/// Any record that can be written down.
pub fn record() -> BoxedStrategy<Record> {
    (
        ("[A-Za-z0-9][A-Za-z0-9 ._/-]{0,10}[A-Za-z0-9]", of(origin()), of(date()), patient()),
        (of(when()), of(range()), of(course())),
        (vec(condition(), 0..3), vec(visit(), 0..3), vec(finding(), 0..4)),
        (
            vec(result(&["body_temperature", "weight"]), 0..2),
            vec(result(&["crp", "esr", "haemoglobin", "platelets", "blood_count"]), 0..4),
            vec(imaging(), 0..3),
        ),
        (vec(biopsy(), 0..3), vec(culture(), 0..3), vec(gene(), 0..3)),
        (vec(treatment(), 0..3), vec(assessment(), 0..3), vec(diagnosis(), 0..3)),
        (vec((text(), of(when())), 0..3), of(when()), vec(text(), 0..3)),
    )
        .prop_map(
            |(
                (id, origin, reference_date, patient),
                (symptom_onset, symptom_duration_days, course),
                (conditions, visits, findings),
                (vital_signs, laboratory, imaging),
                (biopsies, cultures, genetics),
                (treatments, assessments, diagnoses),
                (outcomes, followed_until, notes),
            )| Record {
                origin,
                reference_date,
                patient,
                history: History { symptom_onset, symptom_duration_days, course },
                conditions,
                visits,
                findings,
                vital_signs,
                laboratory,
                imaging,
                biopsies,
                cultures,
                genetics,
                treatments,
                assessments,
                diagnoses,
                outcomes: outcomes.into_iter().map(|(outcome, when)| Outcome { outcome, when }).collect(),
                followed_until,
                notes,
                ..Record::new(id)
            },
        )
        .boxed()
}
