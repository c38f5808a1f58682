//! Addresses that a lesson may name.

/// True for an address of a file of the lesson's site: a path, from the lesson's folder.
pub(crate) fn is_local(address: &str) -> bool {
    let is_special = address.starts_with("//") || address.starts_with(['#', '?']);
    !address.is_empty() && !is_tricky(address) && !has_scheme(address) && !is_special
}

/// True for an address on another site that a link may lead to.
pub(crate) fn is_elsewhere(address: &str) -> bool {
    let lower = address.to_ascii_lowercase();
    let rest = lower
        .strip_prefix("https://")
        .or_else(|| lower.strip_prefix("http://"));
    let Some(rest) = rest else { return false };
    let is_host = |letter: char| letter.is_ascii_alphanumeric() || ".-".contains(letter) || letter > '\u{a0}';
    let (host, rest) = rest.split_at(rest.find(|letter| !is_host(letter)).unwrap_or(rest.len()));
    let rest = rest.strip_prefix(':').map_or(Some(rest), after_port);
    let is_path = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']));
    !host.is_empty() && is_path && !is_tricky(address)
}

/// The text after a port number; `None` if there is no such number.
fn after_port(text: &str) -> Option<&str> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    (1..=5).contains(&digits).then(|| &text[digits..])
}

/// Spaces, control characters and backslashes: browsers drop or change them, so that an address is not what it looks like.
fn is_tricky(address: &str) -> bool {
    address
        .chars()
        .any(|letter| matches!(letter, '\0'..=' ' | '\u{7f}'..='\u{a0}' | '\u{2028}' | '\u{2029}' | '\\'))
}

fn has_scheme(address: &str) -> bool {
    let Some((scheme, _)) = address.split_once(':') else {
        return false;
    };
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"+.-".contains(&byte);
    scheme.as_bytes().first().is_some_and(u8::is_ascii_alphabetic) && scheme.bytes().all(is_letter)
}
