//! Text and numbers as messages and files show them.

/// Text as a JSON string.
pub(crate) fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("text is JSON")
}

/// Numbers as a list, for messages. Not by `{:?}`, which would add a pretty printer to the page's modules.
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

/// Most characters of a name from a file in a message.
const NAME: usize = 80;

/// Most characters of a message of the JSON reader, which may repeat a name of any length.
const REASON: usize = 300;

/// The beginning of a name from a file, for a message.
pub(crate) fn shown(name: &str) -> &str {
    beginning(name, NAME)
}

/// Why JSON was refused. Line and column are left out if the JSON is well-formed and only its values are wrong: then the message
/// names the field.
pub(crate) fn reason(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let reason = match message.rsplit_once(" at line ") {
        Some((reason, _)) if error.is_data() => reason,
        _ => &message,
    };
    beginning(reason, REASON).into()
}

fn beginning(text: &str, most: usize) -> &str {
    text.char_indices()
        .nth(most)
        .map_or(text, |(end, _)| &text[..end])
}
