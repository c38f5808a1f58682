//! Suggestions for misspelled names.

/// E.g. `"; did you mean mnist?"`; empty if no known name is close. The measure and the limit are
/// those of clap, which suggests options.
pub(crate) fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    const NEAR: f64 = 0.7;
    let likeness = |name: &str| strsim::jaro(typed, name);
    let nearest = known
        .into_iter()
        .max_by(|a, b| likeness(a).total_cmp(&likeness(b)))
        .filter(|name| likeness(name) > NEAR);
    nearest.map_or(String::new(), |name| format!("; did you mean {name}?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_similar_name_is_suggested() {
        let known = ["mnist", "fashion-mnist"];
        assert_eq!(nearest("mnits", known), "; did you mean mnist?");
        assert_eq!(nearest("fashionmnist", known), "; did you mean fashion-mnist?");
        assert_eq!(nearest("holiday/photos", known), "");
    }
}
