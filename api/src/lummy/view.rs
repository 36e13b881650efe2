//! A customer as this surface shows and takes them (contract 6.1, Y-5, Y-12).

use diario_domain::{
    CustomerId,
    customer::{CustomerDetails, GENERIC_RFCS, Person},
};
use diario_projections::customers::{CustomerRow, legal_name};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{envelope::instant, ids};
use crate::{
    error::{Problem, Rule},
    http::{Fields, state::Shop},
};

/// SAT's regime of those who have no fiscal duties, for customers of whom none is known.
const REGIME: &str = "616";
/// Where neither the customer's nor the shop's postal code is known.
const NO_ZIP: &str = "00000";

/// What is shown of a customer, wherever it comes from.
pub struct Shown<'a> {
    number: CustomerId,
    name: &'a str,
    person: &'a Person,
    rfc: Option<&'a str>,
    legal: Option<&'a str>,
    regime: Option<&'a str>,
    zip: Option<&'a str>,
    email: Option<&'a str>,
    phone: Option<&'a str>,
    created: Timestamp,
    updated: Timestamp,
}

impl<'a> Shown<'a> {
    /// A customer of a list.
    pub fn row(row: &'a CustomerRow) -> Self {
        Self {
            number: row.customer_id,
            name: &row.name,
            person: &row.person,
            rfc: row.rfc.as_deref(),
            legal: row.razon_social.as_deref(),
            regime: row.regimen_fiscal.as_deref(),
            zip: row.codigo_postal.as_deref(),
            email: row.email.as_deref(),
            phone: row.phone.as_deref(),
            created: row.created_at,
            updated: row.updated_at,
        }
    }

    /// A customer of an event.
    pub fn event(
        number: CustomerId,
        details: &'a CustomerDetails,
        created: Timestamp,
        updated: Timestamp,
    ) -> Self {
        Self {
            number,
            name: &details.name,
            person: &details.person,
            rfc: details.rfc.as_deref(),
            legal: details.razon_social.as_deref(),
            regime: details.regimen_fiscal.as_deref(),
            zip: details.codigo_postal.as_deref(),
            email: details.email.as_deref(),
            phone: details.phone.as_deref(),
            created,
            updated,
        }
    }

    /// In the surface's words. Who came in by another door may lack what an invoice needs: then it says what stands
    /// on invoices to the public.
    pub fn view(&self, shop: &Shop) -> Value {
        let mut view = json!({
            "id": ids::of(shop.organization_id, self.number).to_string(),
            "rfc": self.rfc.unwrap_or_else(|| nameless(shop)),
            "legalName": legal_name(self.legal, self.person, self.name),
            "fiscalRegime": self.regime.unwrap_or(REGIME),
            "fiscalZipCode": self.zip.or(shop.postal_code.as_deref()).unwrap_or(NO_ZIP),
            "email": self.email,
            "createdAt": instant(self.created),
            "updatedAt": instant(self.updated),
        });
        if let Some(phone) = self.phone {
            view["phone"] = phone.into();
        }
        view
    }
}

/// The tax id that stands for customers without one: the public's, or foreigners' where the shop is abroad.
pub fn nameless(shop: &Shop) -> &'static str {
    GENERIC_RFCS[usize::from(shop.country != "MX")]
}

/// Text that is sent: nothing where it is not, or `null` or blank.
pub fn text(fields: &Fields, name: &str, max: usize) -> Result<Option<String>, Problem> {
    let text = fields.opt_text_up_to(name, max)?.map(|text| text.trim().to_owned());
    Ok(text.filter(|text| !text.is_empty()))
}

/// A tax id: SAT's are of a form, others are taken as they are.
pub fn rfc(text: &str, shop: &Shop) -> Result<String, Problem> {
    let rfc = text.to_uppercase();
    let letters: Vec<char> = rfc.chars().collect();
    let begin = letters.len().saturating_sub(9);
    let has_form = (12..=13).contains(&letters.len())
        && letters[..begin].iter().all(|letter| letter.is_ascii_uppercase() || ['Ñ', '&'].contains(letter))
        && is_day(&letters[begin..begin + 6])
        && letters[begin + 6..].iter().all(char::is_ascii_alphanumeric)
        && letters.last().is_some_and(|check| check.is_ascii_digit() || *check == 'A');
    if shop.country == "MX" && !has_form {
        return Err(Problem::field("rfc", Rule::Form("XAXX010101000")));
    }
    Ok(rfc)
}

/// A key of SAT's catalogue `c_RegimenFiscal`; others' regimes are taken as they are.
pub fn regime(text: String, shop: &Shop) -> Result<String, Problem> {
    let known = text.parse::<u16>().is_ok_and(|key| {
        matches!(key, 601 | 603 | 605..=612 | 614..=616 | 620..=626 | 628..=630) && text.len() == 3
    });
    if shop.country == "MX" && !known {
        return Err(Problem::field("fiscalRegime", Rule::Form("601, de c_RegimenFiscal del SAT")));
    }
    Ok(text)
}

/// Year, month and day of two digits each, as far as SAT's form looks: it lets a month have 31 days.
fn is_day(digits: &[char]) -> bool {
    let number = |two: &[char]| two.iter().collect::<String>().parse::<u32>().ok();
    digits.iter().all(char::is_ascii_digit)
        && number(&digits[2..4]).is_some_and(|month| (1..=12).contains(&month))
        && number(&digits[4..6]).is_some_and(|day| (1..=31).contains(&day))
}

/// A postal code: five digits in Mexico; others' are taken as they are.
pub fn postal_code(text: String, shop: &Shop) -> Result<String, Problem> {
    let has_form = text.len() == 5 && text.bytes().all(|byte| byte.is_ascii_digit());
    if shop.country == "MX" && !has_form {
        return Err(Problem::field("fiscalZipCode", Rule::Form("06500")));
    }
    Ok(text)
}

/// An e-mail address.
pub fn email(text: String) -> Result<String, Problem> {
    let has_form = text.split_once('@').is_some_and(|(person, host)| {
        !person.is_empty() && host.contains('.') && !text.contains(char::is_whitespace)
    });
    if has_form { Ok(text) } else { Err(Problem::field("email", Rule::Form("nombre@dominio.mx"))) }
}
