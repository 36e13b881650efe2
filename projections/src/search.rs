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

/// A `LIKE` pattern that finds a text anywhere; `\` escapes.
#[must_use]
pub fn pattern(text: &str) -> String {
    let escaped = fold(text.trim()).replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{escaped}%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_and_case_do_not_count() {
        assert_eq!(fold("MARÍA Ñandú"), "maria nandu");
        assert_eq!(pattern("50%_"), "%50\\%\\_%");
    }
}
