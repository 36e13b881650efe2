use serde_json::Value;

/// Holds an answer to a documented shape: every documented key is there and has the documented type.
///
/// The shape is JSON whose leaves name types: `int`, `number`, `string`, `bool`, `array`, `object`, `date`
/// (`2026-04-01`), `time` (`2026-04-01T08:00:00`, local, without a zone), `any`; a leading `?` allows null. Any
/// other leaf is the value itself.
/// An array of one shape holds every element to it, and there must be one.
#[track_caller]
pub fn assert_shape(value: &Value, shape: &Value) {
    let mut faults = Vec::new();
    compare("$", value, shape, &mut faults);
    assert!(faults.is_empty(), "shape differs:\n  {}\nin {value:#}", faults.join("\n  "));
}

fn compare(at: &str, value: &Value, shape: &Value, faults: &mut Vec<String>) {
    match shape {
        Value::Object(fields) => {
            let Value::Object(actual) = value else {
                faults.push(format!("{at} is not an object: {value}"));
                return;
            };
            for (key, inner) in fields {
                match actual.get(key) {
                    Some(found) => compare(&format!("{at}.{key}"), found, inner, faults),
                    None => faults.push(format!("{at}.{key} is missing")),
                }
            }
        }
        Value::Array(inner) => match value {
            Value::Array(elements) if !elements.is_empty() => {
                for (index, element) in elements.iter().enumerate() {
                    compare(&format!("{at}[{index}]"), element, &inner[0], faults);
                }
            }
            _ => faults.push(format!("{at} is not a filled array: {value}")),
        },
        Value::String(kind) => {
            let (nullable, kind) = kind.strip_prefix('?').map_or((false, kind.as_str()), |kind| (true, kind));
            let absent = nullable && value.is_null();
            if !absent && !is(value, kind) {
                faults.push(format!("{at} is not {kind}: {value}"));
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {
            if value != shape {
                faults.push(format!("{at} is not {shape}: {value}"));
            }
        }
    }
}

fn is(value: &Value, kind: &str) -> bool {
    match kind {
        "any" => true,
        "int" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "bool" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "date" => value.as_str().is_some_and(|text| matches(text, "0000-00-00")),
        "time" => value.as_str().is_some_and(|text| matches(text, "0000-00-00T00:00:00")),
        literal => value == literal,
    }
}

fn matches(text: &str, pattern: &str) -> bool {
    text.len() == pattern.len()
        && text.bytes().zip(pattern.bytes()).all(|(found, wanted)| match wanted {
            b'0' => found.is_ascii_digit(),
            _ => found == wanted,
        })
}

/// A text longer than any field may hold.
pub fn long_text() -> Value {
    Value::String("x".repeat(20_000))
}
