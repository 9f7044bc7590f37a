//! What instruments ask of a record: each fact once, for every instrument.

mod clinical;
mod disease;
mod image;
mod tissue;

use serde::{Deserialize, Serialize};

use crate::view::{Answer, Number, View};

pub(crate) use clinical::{fever, newest_assessment};
pub(crate) use disease::{
    blood_pathogen, infection_confirmed, is_other_mimicker_gene, low_vitamin_c, malignancy_confirmed,
};
pub(crate) use image::{
    lesion_clavicle as clavicle, lesions_of, multifocal, newest_whole_body, oedema_now, whole_body_imaging,
};
pub(crate) use tissue::{is_bone, is_from_bone, malignancy_in_tissue, tissues_without_malignancy};

/// A fact: a truth value or a number.
pub enum Value {
    /// Met, not met, unknown.
    Answer(Answer),
    /// A number within bounds.
    Number(Number),
}

macro_rules! facts {
    ($($name:ident = $missing:literal, $kind:ident => $how:expr;)+) => {
        /// Name of a fact, as definitions use it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[allow(missing_docs, reason = "each is described by what would have to be known")]
        pub enum Fact { $($name,)+ }

        impl Fact {
            /// What would have to be known.
            pub fn missing(self) -> &'static str {
                match self { $(Self::$name => $missing,)+ }
            }
        }

        /// The fact on a view.
        pub fn evaluate(view: &View<'_>, fact: Fact) -> Value {
            match fact { $(Fact::$name => Value::$kind($how(view)),)+ }
        }
    };
}

facts! {
    Crp = "CRP with its unit", Number => |v: &View<'_>| v.value("crp", "CRP with its unit");
    Bands = "neutrophil bands with their unit", Number => |v: &View<'_>| v.value("bands", "neutrophil bands with their unit");
    Platelets = "platelet count", Number => |v: &View<'_>| v.value("platelets", "platelet count");
    Age = "age", Number => |v: &View<'_>| v.age_at_moment();
    AgeAtOnset = "age at the first symptom", Number => |v: &View<'_>| v.age_at_onset_years();
    SymptomDuration = "how long bone symptoms have lasted", Number => |v: &View<'_>| v.symptom_duration_days();
    ObservedDays = "how long the illness has lasted", Number => clinical::observed_days;
    LesionCount = "number of lesions on imaging", Number => |v: &View<'_>| v.lesion_count();

    Multifocal = "number of lesions on whole-body imaging", Answer => image::multifocal;
    SeveralBones = "number of bones with a lesion", Answer => image::several_bones;
    LesionFemur = "places of all lesions", Answer => image::lesion_femur;
    LesionClavicle = "places of all lesions", Answer => image::lesion_clavicle;
    ClavicleAlone = "places of all lesions", Answer => image::clavicle_alone;
    LesionVertebraClavicleSternum = "places of all lesions", Answer => image::lesion_axial;
    Symmetric = "whether lesions are symmetric", Answer => |v: &View<'_>| v.symmetric();
    MarginalSclerosis = "whether a lesion has a sclerotic margin", Answer => image::marginal_sclerosis;
    LyticOrSclerotic = "what lesions look like on radiograph, CT or MRI", Answer => image::lytic_or_sclerotic;
    Hyperostosis = "whether there is hyperostosis", Answer => image::hyperostosis;
    TypicalRadiology = "radiograph or MRI with a description of lesions", Answer => image::typical_radiology;
    AbnormalImaging = "radiograph or MRI", Answer => image::abnormal_imaging;
    RadiographAndScan = "radiograph and bone scan", Answer => image::radiograph_and_scan;
    WholeBodyImaging = "whether the whole body was imaged", Answer => image::whole_body_imaging;
    OedemaWithinTwelveWeeks = "MRI of the last 12 weeks", Answer => image::oedema_within_12_weeks;
    OedemaNow = "MRI of the last 12 weeks", Answer => image::oedema_now;
    NoOedemaNow = "whole-body MRI of the last 12 weeks", Answer => image::no_oedema_now;
    ActiveSpine = "MRI of the spine", Answer => image::active_spine;
    TypicalDistribution = "places of all lesions, with parts of bones", Answer => image::typical_distribution;

    NormalTemperature = "body temperature, or whether there was fever", Answer => clinical::normal_temperature;
    NormalBloodCount = "haemoglobin, leukocytes and platelets", Answer => clinical::normal_blood_count;
    NormalCountGoodState = "blood count and general condition", Answer => clinical::normal_count_good_state;
    MarkersMildlyRaised = "CRP and ESR", Answer => clinical::markers_mildly_raised;
    NormalCrp = "CRP", Answer => |v: &View<'_>| v.is_normal("crp");
    NormalEsr = "ESR", Answer => |v: &View<'_>| v.is_normal("esr");
    LdhRaised = "LDH", Answer => |v: &View<'_>| v.is("ldh", crate::view::Level::High);
    BonePain = "whether bones hurt", Answer => clinical::bone_pain;
    PainNow = "pain at the moment", Answer => clinical::pain_now;
    NoPainNow = "pain at the moment", Answer => |v: &View<'_>| crate::view::not(clinical::pain_now(v));
    TenderOrWarmNow = "examination: tender or warm places", Answer => clinical::tender_or_warm_now;
    NoActiveSiteNow = "examination of the whole body", Answer => clinical::no_active_site_now;
    NoSystemicInflammation = "whether there was fever or other systemic features", Answer => clinical::no_systemic_inflammation;
    NoLocalInfection = "whether there were abscess, draining sinus or redness", Answer => clinical::no_local_infection;
    RelapsingOverSixMonths = "course over more than 6 months", Answer => clinical::relapsing_over_6_months;
    AntibioticsFailedAMonth = "antibiotics for a month and their effect", Answer => clinical::antibiotics_failed_a_month;
    NsaidFourWeeks = "how long NSAID were given", Answer => clinical::nsaid_4_weeks;
    SustainedAntibioticResponse = "whether antibiotics alone cured it for good", Answer => clinical::sustained_antibiotic_response;
    Contraindication = "contraindications to the study drug", Answer => disease::contraindication;

    InflammatoryBiopsy = "bone biopsy", Answer => tissue::inflammatory_biopsy;
    SterileInflammatoryBiopsy = "bone biopsy and its culture", Answer => tissue::sterile_inflammatory_biopsy;
    SterileOffAntibiotics = "culture of bone taken off antibiotics", Answer => tissue::sterile_off_antibiotics;
    BiopsyExcludesInfectionAndMalignancy = "bone biopsy that excludes infection and malignancy", Answer => tissue::excludes_infection_and_malignancy;

    PppOrPsoriasis = "skin: pustulosis or psoriasis", Answer => disease::ppp_or_psoriasis;
    OtherAutoimmune = "other autoimmune diseases", Answer => disease::other_autoimmune;
    FamilyAutoimmune = "diseases of relatives", Answer => disease::family_autoimmune;
    IbdPsoriasisOrPpp = "bowel disease, psoriasis, pustulosis", Answer => disease::ibd_psoriasis_or_ppp;
    OsteitisWithPppOrPsoriasis = "bone lesion, and skin: pustulosis or psoriasis", Answer => disease::osteitis_with_ppp_or_psoriasis;
    OsteitisWithSevereAcne = "bone lesion, and severe acne", Answer => disease::osteitis_with_severe_acne;
    OsteitisWithBowelDisease = "bone lesion, and bowel disease", Answer => disease::osteitis_with_bowel_disease;
    SterileOsteitisAdult = "age, and sterile hyperostosis or osteitis", Answer => disease::sterile_osteitis_adult;
    RecurrentMultifocalChild = "age, course and number of lesions", Answer => disease::recurrent_multifocal_child;
    MalignancyConfirmed = "whether malignancy was excluded", Answer => disease::malignancy_confirmed;
    MalignancyEver = "whether there ever was a malignancy", Answer => disease::malignancy_ever;
    TumourConfirmed = "whether a bone tumour was excluded", Answer => disease::tumour_confirmed;
    InfectionConfirmed = "whether infection was excluded", Answer => disease::infection_confirmed;
    VitaminCDeficiency = "vitamin C", Answer => disease::vitamin_c_deficiency;
    Hypophosphatasia = "alkaline phosphatase, or whether hypophosphatasia was excluded", Answer => disease::hypophosphatasia;
    OtherMimicker = "whether another disease explains it", Answer => disease::other_mimicker;
    CondensingLesion = "whether it is a non-inflammatory condensing lesion", Answer => disease::condensing_lesion;
    NoIdentifiableCause = "whether another cause was looked for", Answer => disease::no_identifiable_cause;
    ActiveDisease = "pain with tenderness or warmth, or MRI", Answer => clinical::active_disease;
}
