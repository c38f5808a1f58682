//! As much JSON as the files and settings of this crate need: objects with known fields, lists, text and unsigned integers.
//!
//! Not `serde_json`: reading and printing floats, which none of these have, would be half of the WebAssembly module that a
//! page loads. What is read is hostile until checked: nothing here recurses, and nothing is held but copies of text.

use std::fmt::Write as _;

/// What is wrong, and where.
pub(crate) type Result<T> = std::result::Result<T, String>;

/// Most characters of what was read that a message repeats.
const SHOWN: usize = 40;

/// Reads values one after the other; each method reads one or says what it expected instead.
pub(crate) struct Reader<'a> {
    text: &'a str,
    /// In bytes.
    at: usize,
    /// Whether an object or list was opened and nothing in it read yet.
    opened: bool,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            opened: false,
        }
    }

    /// Nothing may follow the value that was read.
    pub(crate) fn end(&mut self) -> Result<()> {
        match self.peek() {
            None => Ok(()),
            Some(_) => self.expected("the end"),
        }
    }

    /// The opening bracket of an object, `{`, or a list, `[`.
    pub(crate) fn open(&mut self, bracket: u8) -> Result<()> {
        self.token(bracket, if bracket == b'{' { "an object" } else { "a list" })?;
        self.opened = true;
        Ok(())
    }

    /// Whether the object or list goes on; if not, its closing bracket has been read.
    pub(crate) fn more(&mut self, closing: u8) -> Result<bool> {
        let first = std::mem::take(&mut self.opened);
        match self.peek() {
            Some(byte) if byte == closing => {
                self.at += 1;
                Ok(false)
            }
            _ if first => Ok(true),
            _ => self.token(b',', "a comma or a closing bracket").map(|()| true),
        }
    }

    /// The next key of an object, if there is one.
    pub(crate) fn key(&mut self) -> Result<Option<String>> {
        if !self.more(b'}')? {
            return Ok(None);
        }
        let key = self.string()?;
        self.token(b':', "a colon")?;
        Ok(Some(key))
    }

    /// An object with these fields, in any order, each at most once, the first `required` of them always; `read` reads the
    /// value of the n-th.
    pub(crate) fn fields(
        &mut self,
        names: &[&str],
        required: usize,
        read: &mut dyn FnMut(&mut Self, usize) -> Result<()>,
    ) -> Result<()> {
        self.open(b'{')?;
        let mut seen = 0_u32;
        while let Some(key) = self.key()? {
            let Some(field) = names.iter().position(|name| *name == key) else {
                return Err(unknown("field", &key, names));
            };
            if seen & 1 << field != 0 {
                return Err(format!("field {key} is there twice"));
            }
            seen |= 1 << field;
            read(self, field)?;
        }
        match names[..required].get(seen.trailing_ones() as usize) {
            Some(missing) => Err(format!("field {missing} is missing")),
            None => Ok(()),
        }
    }

    /// Text that is one of `names`: which.
    pub(crate) fn one_of(&mut self, names: &[&str]) -> Result<usize> {
        let text = self.string()?;
        let found = names.iter().position(|name| *name == text);
        found.ok_or_else(|| unknown("value", &text, names))
    }

    /// An unsigned integer.
    pub(crate) fn number(&mut self) -> Result<u64> {
        self.peek();
        let digits = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        let number = &self.rest()[..digits];
        let behind = self.rest().as_bytes().get(digits);
        let whole = !matches!(behind, Some(b'.' | b'e' | b'E')) && (digits == 1 || !number.starts_with('0'));
        match number.parse() {
            Ok(value) if whole => {
                self.at += digits;
                Ok(value)
            }
            _ => self.expected("an unsigned integer of 64 bits"),
        }
    }

    /// As [`Reader::number`], where it must fit a size.
    pub(crate) fn size(&mut self) -> Result<usize> {
        let number = self.number()?;
        usize::try_from(number).map_err(|_| format!("{number} is too large"))
    }

    /// Text.
    pub(crate) fn string(&mut self) -> Result<String> {
        self.token(b'"', "text in quotes")?;
        let mut string = String::new();
        loop {
            let plain = self
                .rest()
                .bytes()
                .take_while(|byte| !matches!(byte, b'"' | b'\\' | ..0x20));
            let plain = plain.count();
            string.push_str(&self.rest()[..plain]);
            self.at += plain;
            match self.rest().as_bytes().first() {
                Some(b'"') => break,
                Some(b'\\') => string.push(self.escape()?),
                _ => return self.expected("a closing quote"),
            }
        }
        self.at += 1;
        Ok(string)
    }

    /// From a backslash on.
    fn escape(&mut self) -> Result<char> {
        let character = match self.rest().as_bytes().get(1) {
            Some(&byte @ (b'"' | b'\\' | b'/')) => byte.into(),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            _ => return self.code_point(),
        };
        self.at += 2;
        Ok(character)
    }

    /// `\uXXXX`, or two of them that are a surrogate pair.
    fn code_point(&mut self) -> Result<char> {
        let unit = |text: &str| {
            let digits = text.strip_prefix("\\u")?.get(..4)?;
            // `from_str_radix` would also take a sign.
            let all = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
            u32::from_str_radix(digits, 16).ok().filter(|_| all)
        };
        let first = unit(self.rest());
        let second = self.rest().get(6..).and_then(unit);
        let (length, point) = match (first, second) {
            (Some(high @ 0xd800..0xdc00), Some(low @ 0xdc00..0xe000)) => {
                (12, Some(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00)))
            }
            _ => (6, first),
        };
        match point.and_then(char::from_u32) {
            Some(character) => {
                self.at += length;
                Ok(character)
            }
            None => self.expected("an escape of JSON"),
        }
    }

    fn token(&mut self, byte: u8, what: &str) -> Result<()> {
        if self.peek() != Some(byte) {
            return self.expected(what);
        }
        self.at += 1;
        Ok(())
    }

    /// The next byte that is no space.
    fn peek(&mut self) -> Option<u8> {
        let spaces = self.rest().bytes();
        self.at += spaces.take_while(|byte| b" \t\n\r".contains(byte)).count();
        self.rest().bytes().next()
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn expected<T>(&self, what: &str) -> Result<T> {
        Err(match self.rest().chars().next() {
            Some(got) => format!(
                "expected {what}, got {} at byte {}",
                quoted(got.encode_utf8(&mut [0; 4])),
                self.at
            ),
            None => format!("expected {what}, got the end"),
        })
    }
}

fn unknown(what: &str, got: &str, names: &[&str]) -> String {
    let end = got.char_indices().nth(SHOWN).map_or(got.len(), |(end, _)| end);
    format!(
        "unknown {what} {}; expected one of {}",
        quoted(&got[..end]),
        names.join(", ")
    )
}

/// Text as a JSON string.
pub(crate) fn quoted(text: &str) -> String {
    let mut json = String::with_capacity(text.len() + 2);
    json.push('"');
    for character in text.chars() {
        let letter = match character {
            '"' | '\\' => character,
            '\u{8}' => 'b',
            '\u{c}' => 'f',
            '\n' => 'n',
            '\r' => 'r',
            '\t' => 't',
            ..' ' => {
                // Writing to a string cannot fail.
                let _ = write!(json, "\\u{:04x}", u32::from(character));
                continue;
            }
            _ => {
                json.push(character);
                continue;
            }
        };
        json.push('\\');
        json.push(letter);
    }
    json.push('"');
    json
}

/// Numbers as a list, for messages. Here and in [`quoted`] rather than by `{:?}`, which brings tables of Unicode and a pretty
/// printer.
pub(crate) fn list<T: ToString>(numbers: &[T]) -> String {
    let numbers: Vec<String> = numbers.iter().map(T::to_string).collect();
    format!("[{}]", numbers.join(", "))
}

#[cfg(test)]
mod tests;
