//! Our reader and writer against `serde_json`, by example and at random.

use proptest::prelude::*;

use super::*;

/// What a reader of `{"a": number, "b"?: list of text}` makes of `text`.
fn read(text: &str) -> Result<(u64, Vec<String>)> {
    let (mut a, mut b) = (0, Vec::new());
    let mut reader = Reader::new(text);
    reader.fields(&["a", "b"], 1, &mut |reader, field| {
        match field {
            0 => a = reader.number()?,
            _ => {
                reader.open(b'[')?;
                while reader.more(b']')? {
                    b.push(reader.string()?);
                }
            }
        }
        Ok(())
    })?;
    reader.end()?;
    Ok((a, b))
}

#[test]
fn fields_come_in_any_order_with_spaces_between() {
    let text = " {\n\"b\" : [ \"x\" , \"\\u0041\\n\\ud83d\\ude00\" ] ,\t\"a\":18446744073709551615 }\r\n";
    assert_eq!(read(text), Ok((u64::MAX, vec!["x".into(), "A\n😀".into()])));
    assert_eq!(read(r#"{"a":0,"b":[]}"#), Ok((0, vec![])));
    assert_eq!(read(r#"{"a":7}"#), Ok((7, vec![])));
}

#[test]
fn errors_say_what_was_expected_and_what_came() {
    for (text, message) in [
        ("", "expected an object, got the end"),
        ("[]", r#"expected an object, got "[" at byte 0"#),
        ("{}", "field a is missing"),
        (r#"{"a":1,"a":1}"#, "field a is there twice"),
        (r#"{"c":1}"#, r#"unknown field "c"; expected one of a, b"#),
        (r#"{"a":1,}"#, r#"expected text in quotes, got "}" at byte 7"#),
        (r#"{"a":1"#, "expected a comma or a closing bracket, got the end"),
        (r#"{"a" 1}"#, r#"expected a colon, got "1" at byte 5"#),
        (
            r#"{"a":-1}"#,
            r#"expected an unsigned integer of 64 bits, got "-" at byte 5"#,
        ),
        (r#"{"a":1} x"#, r#"expected the end, got "x" at byte 8"#),
        (
            r#"{"a":1,"b":["\ud800"]}"#,
            r#"expected an escape of JSON, got "\\" at byte 13"#,
        ),
        (
            "{\"a\":1,\"b\":[\"\n\"]}",
            r#"expected a closing quote, got "\n" at byte 13"#,
        ),
    ] {
        assert_eq!(read(text), Err(message.into()), "{text}");
    }
}

#[test]
fn numbers_that_are_no_unsigned_integers_are_refused() {
    for number in [
        "",
        "01",
        "1.0",
        "1e3",
        "1E3",
        "+1",
        "18446744073709551616",
        "null",
        "\"1\"",
    ] {
        assert!(read(&format!("{{\"a\":{number}}}")).is_err(), "{number}");
    }
}

proptest! {
    #[test]
    fn text_is_written_and_read_as_serde_json_does(text: String) {
        let json = quoted(&text);
        prop_assert_eq!(&json, &serde_json::to_string(&text).unwrap());
        prop_assert_eq!(Reader::new(&json).string(), Ok(text));
    }

    #[test]
    fn strings_are_taken_and_refused_as_by_serde_json(pieces in prop::collection::vec(
        prop_oneof![
            Just("\\u"), Just("\\"), Just("d83d"), Just("de00"), Just("00e9"), Just("n"), Just("\""), Just("é"), Just("\u{1f}"),
            Just("+041"), Just("/"),
        ],
        0..6,
    )) {
        let json = format!("\"{}\"", pieces.concat());
        let mut reader = Reader::new(&json);
        let ours = reader.string().and_then(|text| reader.end().map(|()| text));
        prop_assert_eq!(ours.ok(), serde_json::from_str::<String>(&json).ok(), "{}", json);
    }
}
