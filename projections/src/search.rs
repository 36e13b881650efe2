//! Text as it is searched: without regard to case and accents (contract 2.8).

/// Folds a text: small letters, no accents.
#[must_use]
pub fn fold(text: &str) -> String {
    text.chars()
        .flat_map(char::to_lowercase)
        .map(plain)
        .filter(|c| !('\u{300}'..='\u{36f}').contains(c))
        .collect()
}

/// The letter under the accents of the languages that our shops write.
const fn plain(letter: char) -> char {
    match letter {
        'á' | 'à' | 'â' | 'ä' | 'ã' | 'å' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ì' | 'î' | 'ï' | 'ı' => 'i',
        'ó' | 'ò' | 'ô' | 'ö' | 'õ' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'ñ' => 'n',
        'ç' => 'c',
        'ş' => 's',
        'ğ' => 'g',
        other => other,
    }
}

/// A text that is asked for: Postgres takes no NUL, and none is in what is kept.
#[must_use]
pub fn exact(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

/// A `LIKE` pattern that finds a text anywhere; `\` escapes.
#[must_use]
pub fn pattern(text: &str) -> String {
    let escaped = fold(exact(text).trim()).replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{escaped}%")
}

/// The words of a text, folded.
#[must_use]
pub fn words(text: &str) -> Vec<String> {
    let folded = fold(text);
    folded
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(ToOwned::to_owned)
        .collect()
}

/// A part number or a maker's name as it is compared: letters and digits only, in capitals.
#[must_use]
pub fn key(text: &str) -> String {
    fold(text).chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_and_case_do_not_count() {
        assert_eq!(fold("MARÍA Ñandú"), "maria nandu");
        assert_eq!(pattern("50%_"), "%50\\%\\_%");
        assert_eq!(pattern("a\0"), "%a\u{fffd}%");
    }

    #[test]
    fn words_and_numbers_have_no_signs() {
        assert_eq!(words(" Bomba de DIRECCIÓN (12v)\0--"), ["bomba", "de", "direccion", "12v"]);
        assert_eq!(key("04465-02220 a.b/ñ"), "0446502220ABN");
        assert_eq!(key("--\0"), "");
    }
}
