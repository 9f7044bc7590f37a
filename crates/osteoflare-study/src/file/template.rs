//! A study to start from.

/// The text of a new study file. `name` must be a valid study name.
pub fn template(name: &str) -> String {
    include_str!("template.toml").replace("NAME", name)
}

/// Checks a name for a new study.
///
/// # Errors
/// What a name must look like.
pub fn check_name(name: &str) -> Result<(), &'static str> {
    super::fields::check_name(name)
}
