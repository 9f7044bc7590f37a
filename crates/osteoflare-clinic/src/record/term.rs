//! A word of one of the vocabularies, or one that nobody knows.

use std::{borrow::Cow, fmt};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A word: a finding, an analyte, a bone, a drug, a disease. Kept as written; [`crate::vocabulary`] says what it means.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Term(pub Cow<'static, str>);

impl Term {
    /// A word of the program itself, without copying it.
    pub const fn known(word: &'static str) -> Self {
        Self(Cow::Borrowed(word))
    }

    /// The word as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Term {
    fn from(word: &str) -> Self {
        Self(Cow::Owned(word.to_owned()))
    }
}

impl From<String> for Term {
    fn from(word: String) -> Self {
        Self(Cow::Owned(word))
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}
