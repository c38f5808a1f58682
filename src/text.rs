//! Text and numbers as messages and files show them.

/// Text as a JSON string.
pub(crate) fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("text is JSON")
}

/// Numbers as a list, for messages. Not by `{:?}`, which brings a pretty printer into the page's modules.
pub(crate) fn list<T: ToString>(numbers: &[T]) -> String {
    let numbers: Vec<String> = numbers.iter().map(T::to_string).collect();
    format!("[{}]", numbers.join(", "))
}

/// The value whose name is `name`.
///
/// # Errors
/// A message with all names.
pub(crate) fn one_of<T: Copy>(name: &str, values: &[(&str, T)]) -> Result<T, String> {
    let found = values.iter().find(|(known, _)| *known == name);
    found.map(|(_, value)| *value).ok_or_else(|| {
        let names: Vec<&str> = values.iter().map(|(name, _)| *name).collect();
        format!(
            "unknown value {}; expected one of {}",
            quoted(name),
            names.join(", ")
        )
    })
}
