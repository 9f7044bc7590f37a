//! Names that were mistyped.

/// The candidate closest to `typed`, if one is close enough to be what was meant.
pub(crate) fn nearest<'a>(typed: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed = typed.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(&typed, &candidate.to_lowercase()), candidate))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
        .map(|(_, candidate)| candidate)
}

/// `; did you mean 'x'?`, or nothing.
pub(crate) fn hint<'a>(typed: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    match nearest(typed, candidates) {
        Some(name) => format!("; did you mean '{name}'?"),
        None => String::new(),
    }
}

/// ` is not known` with the likeliest meaning and everything that is allowed.
pub(crate) fn unknown(typed: &str, candidates: &[&str]) -> String {
    let hint = hint(typed, candidates.iter().copied());
    let separator = if hint.is_empty() { ";" } else { "" };
    format!("is not known{hint}{separator} allowed: {}", candidates.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typing_slip_finds_its_name() {
        let names = ["treatments", "exposures", "patients"];
        assert_eq!(nearest("treatmnts", names), Some("treatments"));
        assert_eq!(nearest("Patient", names), Some("patients"));
        assert_eq!(nearest("zzz", names), None);
    }
}
