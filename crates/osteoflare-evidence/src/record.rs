//! One published number.

use serde::Serialize;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$item_doc:meta])* $item:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        pub enum $name {
            $($(#[$item_doc])* #[serde(rename = $text)] $item,)+
        }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [$name] = &[$($name::$item,)+];

            /// The word used in the file.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$item => $text,)+ }
            }

            /// The value for a word of the file.
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|item| item.as_str() == word)
            }
        }
    };
}

words! {
    /// What a number is about.
    Topic {
        /// Who the patients were and what they had at presentation.
        Cohort = "cohort",
        /// Where the lesions sat.
        Sites = "sites",
        /// What happened over time.
        NaturalHistory = "natural_history",
        /// What treatment did.
        Treatment = "treatment",
        /// Bacterial osteomyelitis and how the two are told apart.
        Bacterial = "bacterial",
        /// Incidence in populations.
        Epidemiology = "epidemiology",
        /// Imaging, also of healthy children.
        Mri = "mri",
        /// Trials and registries.
        Trial = "trial",
        /// Numbers needed to design trials.
        TrialDesign = "trial_design",
    }
}

words! {
    /// What kind of number it is.
    Kind {
        /// Fraction from 0 to 1.
        Proportion = "proportion",
        /// Arithmetic mean.
        Mean = "mean",
        /// Median.
        Median = "median",
        /// Count.
        Count = "count",
        /// Rate.
        Rate = "rate",
        /// Ratio.
        Ratio = "ratio",
        /// Odds ratio.
        OddsRatio = "odds_ratio",
        /// Hazard ratio.
        HazardRatio = "hazard_ratio",
        /// Ratio of rates.
        RateRatio = "rate_ratio",
        /// Correlation coefficient.
        Correlation = "correlation",
        /// Agreement beyond chance.
        Kappa = "kappa",
        /// P value.
        PValue = "p_value",
        /// Most frequent value.
        Mode = "mode",
        /// Middle of a range.
        Midrange = "midrange",
        /// Given as about so much.
        Approx = "approx",
        /// Computed from other records.
        Derived = "derived",
        /// Yes or no.
        Flag = "flag",
        /// A finding in words.
        Text = "text",
        /// Range of several proportions.
        ProportionRange = "proportion_range",
    }
}

words! {
    /// What `lower` and `upper` are.
    Spread {
        /// First and third quartile of the patients.
        Iqr = "iqr",
        /// Smallest and largest value.
        Range = "range",
        /// 95 % confidence interval as reported.
        Ci95 = "ci95",
        /// Mean minus and plus one standard deviation.
        Sd = "mean-/+1sd",
        /// Mean minus and plus one standard error.
        Se = "mean-/+1se",
        /// A band read off a figure.
        Band = "band",
        /// Bounds thought plausible.
        Plausible = "plausible",
        /// A range whose nature the report leaves open.
        RangeAsReported = "range as reported",
        /// Range over several questions of a survey.
        RangeOverItems = "range over items",
    }
}

/// Where a number was published.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Source {
    /// Authors.
    pub author: String,
    /// Year.
    pub year: Option<i32>,
    /// Journal, volume and pages.
    pub journal: Option<String>,
    /// Digital object identifier.
    pub doi: Option<String>,
    /// PubMed number.
    pub pmid: Option<String>,
    /// Part of the publication that was read.
    #[serde(rename = "where")]
    pub location: String,
    /// Whether the identifiers were seen (`seen`, `recalled`, `partly_recalled`, `none`).
    pub identifiers: String,
}

impl Source {
    /// The citation in one line.
    pub fn citation(&self) -> String {
        let mut text = self.author.clone();
        if let Some(year) = self.year {
            text.push_str(&format!(" {year}"));
        }
        if let Some(journal) = &self.journal {
            text.push_str(&format!(". {journal}"));
        }
        if let Some(doi) = &self.doi {
            text.push_str(&format!(", doi {doi}"));
        } else if let Some(pmid) = &self.pmid {
            text.push_str(&format!(", PMID {pmid}"));
        }
        text
    }
}

/// One published number.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EvidenceRecord {
    /// Stable key, `cohort.what`.
    pub id: String,
    /// What it is about.
    pub topic: Topic,
    /// Key of the cohort; records of one cohort come from the same or overlapping patients.
    pub cohort: String,
    /// What was measured.
    pub quantity: String,
    /// In whom.
    pub population: String,
    /// The number, in `unit`; proportions are fractions. Missing for findings in words.
    pub value: Option<f64>,
    /// Lower bound of the spread.
    pub lower: Option<f64>,
    /// Upper bound of the spread.
    pub upper: Option<f64>,
    /// What the bounds are.
    pub interval: Option<Spread>,
    /// What kind of number it is.
    pub kind: Kind,
    /// Numerator, where the source gave one.
    pub count: Option<u64>,
    /// Denominator: patients unless the note says lesions, bones or sites.
    pub n: Option<u64>,
    /// Unit.
    pub unit: String,
    /// When it was measured.
    pub time: Option<String>,
    /// Where it was published.
    pub source: Source,
    /// The number was written down from memory and not seen.
    pub recalled: bool,
    /// Remarks.
    pub note: Option<String>,
}
