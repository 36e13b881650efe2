//! What the taxpayer declares beside the books: who it is, what kind of delivery this is, and who asked for it.

use jiff::civil::Date;

/// What is wrong with a declaration: the name of SAT's attribute in small letters, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// It must be there.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// It has another form: A stands for a capital letter, 9 for a digit.
    #[error("{0} must have the form {1}")]
    Form(&'static str, &'static str),
    /// It is one of some words.
    #[error("{0} must be one of {1:?}")]
    OneOf(&'static str, &'static [&'static str]),
    /// It has no place beside what else was declared.
    #[error("{0} does not go with {1}")]
    NotWith(&'static str, &'static str),
}

/// A taxpayer's RFC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rfc(String);

impl Rfc {
    /// SAT's generic RFC: of nobody in particular.
    pub const GENERIC: &str = "XAXX010101000";

    /// An RFC in SAT's form: three letters (a company) or four (a person), a date, and three more of which the last
    /// is a digit or an A.
    ///
    /// # Errors
    /// It has another form.
    pub fn new(text: &str) -> Result<Self, Wrong> {
        let text = text.trim().to_uppercase();
        if is_rfc(&text) { Ok(Self(text)) } else { Err(Wrong::Form("rfc", Self::GENERIC)) }
    }

    /// As it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is nobody's in particular.
    #[must_use]
    pub fn is_generic(&self) -> bool {
        self.0 == Self::GENERIC
    }
}

fn is_rfc(text: &str) -> bool {
    let letters: Vec<char> = text.chars().collect();
    let Some(named) = letters.len().checked_sub(9) else { return false };
    let (name, rest) = letters.split_at(named);
    let two =
        |at: usize| rest[at].to_digit(10).zip(rest[at + 1].to_digit(10)).map(|(ten, one)| ten * 10 + one);
    let plain = |letter: &char| letter.is_ascii_uppercase() || letter.is_ascii_digit();
    matches!(named, 3 | 4)
        && name.iter().all(|letter| letter.is_ascii_uppercase() || matches!(letter, 'Ñ' | '&'))
        && two(0).is_some()
        && two(2).is_some_and(|month| (1..=12).contains(&month))
        && two(4).is_some_and(|day| (1..=31).contains(&day))
        && rest[6..8].iter().all(plain)
        && (rest[8].is_ascii_digit() || rest[8] == 'A')
}

/// What kind of delivery a Balanza is (`TipoEnvio`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Submission {
    /// The first of its month.
    #[default]
    Normal,
    /// One that corrects it, with the day of the last change (`FechaModBal`).
    Complementary(Date),
}

impl Submission {
    /// SAT's words for it.
    pub const WORDS: &[&str] = &["N", "C"];

    /// A normal one where nothing is said.
    ///
    /// # Errors
    /// A complementary one names the day of the last change, from 2015 on; a normal one names none.
    pub fn new(kind: Option<&str>, modified: Option<Date>) -> Result<Self, Wrong> {
        let field = "fecha_mod_bal";
        match (kind, modified) {
            (None | Some("N"), None) => Ok(Self::Normal),
            (None | Some("N"), Some(_)) => Err(Wrong::NotWith(field, "tipo_envio N")),
            (Some("C"), None) => Err(Wrong::Missing(field)),
            (Some("C"), Some(day)) if day.year() < super::FIRST_YEAR => Err(Wrong::Form(field, "2015-01-01")),
            (Some("C"), Some(day)) => Ok(Self::Complementary(day)),
            (Some(_), _) => Err(Wrong::OneOf("tipo_envio", Self::WORDS)),
        }
    }
}

/// Why Pólizas are handed in (`TipoSolicitud`), with the number of the order or of the procedure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    kind: &'static str,
    number: Option<String>,
}

impl Order {
    /// SAT's words: an audit (AF), a compulsory check of one (FC), a refund (DE), a compensation (CO).
    pub const WORDS: &[&str] = &["AF", "FC", "DE", "CO"];

    /// Nobody asked yet: what the file would be in an audit, without the order's number.
    #[must_use]
    pub fn draft() -> Self {
        Self { kind: "AF", number: None }
    }

    /// An audit and its check carry the number of the order (`NumOrden`), a refund and a compensation the number of
    /// the procedure (`NumTramite`).
    ///
    /// # Errors
    /// One of them is missing, of another form, or the other one's.
    pub fn new(kind: Option<&str>, order: Option<&str>, procedure: Option<&str>) -> Result<Self, Wrong> {
        let asked = kind.ok_or(Wrong::Missing("tipo_solicitud"))?;
        let kind = *Self::WORDS
            .iter()
            .find(|word| **word == asked)
            .ok_or(Wrong::OneOf("tipo_solicitud", Self::WORDS))?;
        let (order, procedure) = (("num_orden", order), ("num_tramite", procedure));
        let ((field, number), other, form) = match kind {
            "AF" | "FC" => (order, procedure, "AAA9999999/99"),
            _ => (procedure, order, "AA999999999999"),
        };
        if other.1.is_some() {
            return Err(Wrong::NotWith(other.0, "tipo_solicitud"));
        }
        let number = number.ok_or(Wrong::Missing(field))?.trim();
        if !has_form(number, form) {
            return Err(Wrong::Form(field, form));
        }
        Ok(Self { kind, number: Some(number.to_owned()) })
    }

    /// SAT's word.
    pub(super) fn kind(&self) -> &'static str {
        self.kind
    }

    /// The attribute that carries the number.
    pub(super) fn number(&self) -> Option<(&'static str, &str)> {
        let attribute = if matches!(self.kind, "AF" | "FC") { "NumOrden" } else { "NumTramite" };
        self.number.as_deref().map(|number| (attribute, number))
    }
}

fn has_form(text: &str, form: &str) -> bool {
    text.len() == form.len()
        && text.bytes().zip(form.bytes()).all(|(byte, wanted)| match wanted {
            b'A' => byte.is_ascii_uppercase(),
            b'9' => byte.is_ascii_digit(),
            other => byte == other,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_rfc_has_sats_form() {
        for right in ["XAXX010101000", "XEXX010101000", "EKU9003173C9", "ÑA&990228A1A", " aaa010101aaa "] {
            assert!(Rfc::new(right).is_ok(), "{right}");
        }
        for wrong in [
            "",
            "X",
            "AAA010101",
            "AAA011301AAA",
            "AAA010132AAA",
            "AAA010101AAB",
            "AAAAA010101AAA",
            "A1A010101AAA",
        ] {
            assert_eq!(Rfc::new(wrong), Err(Wrong::Form("rfc", Rfc::GENERIC)), "{wrong}");
        }
    }

    #[test]
    fn a_complementary_balanza_has_its_day_and_a_normal_one_has_none() {
        let day = Date::constant(2026, 11, 3);
        assert_eq!(Submission::new(None, None), Ok(Submission::Normal));
        assert_eq!(Submission::new(Some("C"), Some(day)), Ok(Submission::Complementary(day)));
        for (kind, modified) in
            [(Some("C"), None), (Some("N"), Some(day)), (None, Some(day)), (Some("X"), None)]
        {
            assert!(Submission::new(kind, modified).is_err(), "{kind:?} {modified:?}");
        }
        assert!(Submission::new(Some("C"), Some(Date::constant(2014, 12, 31))).is_err());
    }

    #[test]
    fn an_order_has_the_number_of_its_kind() {
        let (order, procedure) = (Some("ABC1234567/26"), Some("AB123456789012"));
        for (kind, order, procedure) in
            [("AF", order, None), ("FC", order, None), ("DE", None, procedure), ("CO", None, procedure)]
        {
            let made = Order::new(Some(kind), order, procedure).unwrap();
            assert_eq!(made.number().map(|(_, number)| number), order.or(procedure));
        }
        assert_eq!(Order::new(None, order, None), Err(Wrong::Missing("tipo_solicitud")));
        assert_eq!(Order::new(Some("AF"), None, None), Err(Wrong::Missing("num_orden")));
        assert_eq!(Order::new(Some("CO"), None, None), Err(Wrong::Missing("num_tramite")));
        assert_eq!(
            Order::new(Some("CO"), order, procedure),
            Err(Wrong::NotWith("num_orden", "tipo_solicitud"))
        );
        assert_eq!(
            Order::new(Some("AF"), Some("abc1234567/26"), None),
            Err(Wrong::Form("num_orden", "AAA9999999/99"))
        );
        assert_eq!(Order::new(Some("XX"), order, None), Err(Wrong::OneOf("tipo_solicitud", Order::WORDS)));
    }
}
