//! What Lunatel says: in Turkish, and in English or Spanish to who asks for it.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{header::ACCEPT_LANGUAGE, request::Parts},
};
use diario_domain::Refusal;

use crate::{
    error::{Problem, Rule},
    http::App,
    nexus,
};

/// A language that messages are in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    Turkish,
    English,
    Spanish,
}

impl Language {
    /// The language of an `Accept-Language`.
    pub fn of(accepted: &str) -> Self {
        match accepted.trim().get(..2).map(str::to_ascii_lowercase).as_deref() {
            Some("en") => Self::English,
            Some("es") => Self::Spanish,
            _ => Self::Turkish,
        }
    }

    /// One of three texts.
    pub const fn pick<'a>(self, turkish: &'a str, english: &'a str, spanish: &'a str) -> &'a str {
        match self {
            Self::Turkish => turkish,
            Self::English => english,
            Self::Spanish => spanish,
        }
    }
}

impl FromRequestParts<App> for Language {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, Infallible> {
        let accepted = parts.headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        Ok(Self::of(accepted.unwrap_or_default()))
    }
}

/// Problems that Nexus words for its tills: here they are the same in all three languages.
fn common(problem: &Problem) -> Option<[&'static str; 3]> {
    Some(match problem {
        Problem::Unauthenticated => [
            "Geçerli bir authToken gönderin: Auth/Login ile giriş yapın",
            "Send a valid authToken: log in with Auth/Login",
            "Envíe un authToken válido: inicie sesión con Auth/Login",
        ],
        Problem::WrongCredentials => [
            "Kullanıcı adı, parola veya apiKey yanlış",
            "User name, password or apiKey is wrong",
            "El usuario, la contraseña o la apiKey no es correcto",
        ],
        Problem::Forbidden { .. } => [
            "Bu kullanıcı bir firma adına işlem yapamaz",
            "This user acts for no company",
            "Este usuario no actúa por ninguna empresa",
        ],
        Problem::NoRoute => ["Böyle bir adres yok", "There is no such path", "Esa ruta no existe"],
        Problem::NoMethod => [
            "Bu adres bu yöntemi kabul etmiyor",
            "This path does not take this method",
            "Esa ruta no acepta este método",
        ],
        Problem::NotFound { what: "city" } => ["Şehir bulunamadı", "No such city", "La ciudad no existe"],
        Problem::NotFound { what: "town" } => ["İlçe bulunamadı", "No such town", "El distrito no existe"],
        Problem::NotFound { what: "address" } => {
            ["Adres bulunamadı", "No such address", "La dirección no existe"]
        }
        Problem::NotFound { what: "category" } => {
            ["Kategori bulunamadı", "No such category", "La categoría no existe"]
        }
        Problem::NotFound { .. } => ["Kayıt bulunamadı", "Not found", "No existe"],
        Problem::TooLarge => ["İstek çok büyük", "The request is too large", "El cuerpo es demasiado grande"],
        Problem::TooMany { .. } => [
            "Çok fazla istek: biraz bekleyin",
            "Too many requests: wait a while",
            "Demasiadas solicitudes: espere un momento",
        ],
        Problem::KeyReused => [
            "Bu Idempotency-Key başka bir içerikle kullanıldı",
            "This Idempotency-Key was used with another body",
            "Esa Idempotency-Key ya se usó con otro contenido",
        ],
        Problem::KeyBusy => [
            "Bu Idempotency-Key ile gönderilen ilk istek sürüyor",
            "The first request with this Idempotency-Key still runs",
            "La primera solicitud con esa Idempotency-Key sigue en proceso",
        ],
        Problem::Busy => [
            "Sunucu meşgul: biraz sonra yeniden deneyin",
            "The server is busy: try again in a moment",
            "El servidor está ocupado: intente de nuevo en un momento",
        ],
        Problem::Internal(_) => ["Sunucu hatası", "Internal error", "Error interno del servidor"],
        Problem::BadJson(_) | Problem::Field { .. } | Problem::Parameter { .. } => return None,
    })
}

/// A problem's message.
pub fn problem(problem: &Problem, language: Language) -> String {
    if let Some([turkish, english, spanish]) = common(problem) {
        return language.pick(turkish, english, spanish).to_owned();
    }
    match (problem, language) {
        (Problem::BadJson(why), Language::Turkish) => format!("Gövde geçerli bir JSON nesnesi değil: {why}"),
        (Problem::BadJson(why), Language::English) => format!("The body is no valid JSON object: {why}"),
        (Problem::Field { name, rule } | Problem::Parameter { name, rule }, Language::Turkish) => {
            turkish_field(name, rule)
        }
        (Problem::Field { name, rule } | Problem::Parameter { name, rule }, Language::English) => {
            english_field(name, rule)
        }
        _ => nexus::messages::problem(problem),
    }
}

fn turkish_field(name: &str, rule: &Rule) -> String {
    match rule {
        Rule::Required => format!("{name} alanı zorunludur"),
        Rule::Text => format!("{name} metin olmalıdır"),
        Rule::TextUpTo(max) => format!("{name} en çok {max} karakterlik metin olmalıdır"),
        Rule::TextFrom(min) => format!("{name} en az {min} karakter olmalıdır"),
        Rule::NotEmpty => format!("{name} boş olamaz"),
        Rule::Integer => format!("{name} tam sayı olmalıdır"),
        Rule::IntegerFrom(least) => format!("{name} en az {least} olan bir tam sayı olmalıdır"),
        Rule::IntegerBetween(least, most) => {
            format!("{name} {least} ile {most} arasında bir tam sayı olmalıdır")
        }
        Rule::Number => format!("{name} sayı olmalıdır"),
        Rule::Decimals(max) => format!("{name} en çok {max} ondalıklı bir sayı olmalıdır"),
        Rule::NotNegative => format!("{name} 0 veya daha büyük olmalıdır"),
        Rule::TooBig => format!("{name} çok büyük"),
        Rule::Boolean => format!("{name} true veya false olmalıdır"),
        Rule::List => format!("{name} liste olmalıdır"),
        Rule::Object => format!("{name} nesne olmalıdır"),
        Rule::OneOf(words) => format!("{name} şunlardan biri olmalıdır: {}", words.join(", ")),
        Rule::Date => format!("{name} tarih olmalıdır (YYYY-AA-GG)"),
        Rule::AtMost(max) => format!("{name} en çok {max} öğe alır"),
        Rule::Cursor | Rule::NotWith(_) => format!("{name} geçersiz"),
        Rule::Form(form) => format!("{name} geçersiz: {form}"),
    }
}

fn english_field(name: &str, rule: &Rule) -> String {
    match rule {
        Rule::Required => format!("{name} is required"),
        Rule::Text => format!("{name} must be text"),
        Rule::TextUpTo(max) => format!("{name} must be text of at most {max} characters"),
        Rule::TextFrom(min) => format!("{name} must have at least {min} characters"),
        Rule::NotEmpty => format!("{name} must not be empty"),
        Rule::Integer => format!("{name} must be a whole number"),
        Rule::IntegerFrom(least) => format!("{name} must be a whole number of at least {least}"),
        Rule::IntegerBetween(least, most) => {
            format!("{name} must be a whole number between {least} and {most}")
        }
        Rule::Number => format!("{name} must be a number"),
        Rule::Decimals(max) => format!("{name} must be a number with at most {max} decimals"),
        Rule::NotNegative => format!("{name} must be 0 or more"),
        Rule::TooBig => format!("{name} is too large"),
        Rule::Boolean => format!("{name} must be true or false"),
        Rule::List => format!("{name} must be a list"),
        Rule::Object => format!("{name} must be an object"),
        Rule::OneOf(words) => format!("{name} must be one of: {}", words.join(", ")),
        Rule::Date => format!("{name} must be a date (YYYY-MM-DD)"),
        Rule::AtMost(max) => format!("{name} takes at most {max}"),
        Rule::Cursor | Rule::NotWith(_) => format!("{name} cannot be"),
        Rule::Form(form) => format!("{name} cannot be: {form}"),
    }
}

/// A refusal's message.
pub fn refusal(refusal: &Refusal, language: Language) -> String {
    match language {
        Language::Turkish => turkish_refusal(refusal),
        Language::English => english_refusal(refusal),
        Language::Spanish => nexus::messages::refusal(refusal),
    }
}

fn english_refusal(refusal: &Refusal) -> String {
    #[expect(clippy::wildcard_enum_match_arm, reason = "the others are told in the words of the log")]
    match refusal {
        Refusal::InsufficientStock { name, sku, available, wanted, .. } => format!(
            "Too little stock of {name} ({sku}): {} available, {} ordered",
            available.to_decimal().normalize(),
            wanted.to_decimal().normalize()
        ),
        Refusal::DuplicateRfc(number) => format!("taxNumber: {number} is another company's already"),
        Refusal::UnknownItem(id) | Refusal::ItemNotFound(id) => format!("Product {id} does not exist"),
        other => other.to_string(),
    }
}

fn turkish_refusal(refusal: &Refusal) -> String {
    #[expect(clippy::wildcard_enum_match_arm, reason = "companies meet no others")]
    match refusal {
        Refusal::InsufficientStock { name, sku, available, wanted, .. } => format!(
            "{name} ({sku}) için stok yetersiz: {} adet var, {} adet istendi",
            available.to_decimal().normalize(),
            wanted.to_decimal().normalize()
        ),
        Refusal::CreditLimitExceeded { limit, balance } => {
            format!("Cari bakiyeniz {balance} olurdu, limitiniz {limit}")
        }
        Refusal::UnknownItem(id) | Refusal::ItemNotFound(id) => format!("{id} numaralı ürün bulunamadı"),
        Refusal::InactiveItem { sku, .. } => format!("{sku} satışa kapalı"),
        Refusal::UnknownAddress(id) => format!("{id} numaralı adres bulunamadı"),
        Refusal::WholeUnitsOnly { name, .. } => format!("{name} yalnızca tam adet sipariş edilir"),
        Refusal::OrderTooSmall { name, least, .. } => {
            format!("{name} için en az {} adet sipariş edilir", least.to_decimal().normalize())
        }
        Refusal::OrderTooLarge { name, most, .. } => {
            format!("{name} için en çok {} adet sipariş edilir", most.to_decimal().normalize())
        }
        Refusal::NoPrice { name, .. } => format!("{name} için fiyat yok"),
        Refusal::DuplicateLogin(name) => {
            format!("{name} kullanımda: başka bir kullanıcı adı veya e-posta seçin")
        }
        Refusal::DuplicateRfc(number) => format!("taxNumber: {number} başka bir firmaya ait"),
        Refusal::InactiveCustomer(_) => "Firma hesabı kapalı".to_owned(),
        Refusal::Invalid { field: "email", .. } => "email: geçerli bir e-posta adresi değil".to_owned(),
        Refusal::Invalid { field: "quantity", .. } => {
            "quantity: 0'dan büyük ve en çok 100 milyon olmalıdır".to_owned()
        }
        Refusal::Invalid { field, .. } => format!("{field}: geçersiz"),
        Refusal::TooManyLines(max) => format!("Bir sipariş en çok {max} satır alır"),
        Refusal::AmountTooLarge => "Sipariş tutarı çok büyük".to_owned(),
        other => format!("İşlem reddedildi: {other}"),
    }
}
