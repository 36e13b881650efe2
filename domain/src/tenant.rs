//! A shop: its name, country, currency and time zone.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Book, Event, Refusal, TenantId, command::Issued, document::Document, time};

/// The first event of every log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TenantCreated {
    /// The small integer id.
    pub tenant_id: TenantId,
    /// A name for addresses and files: lower-case letters, digits and dashes.
    pub slug: String,
    /// The name as people write it.
    pub name: String,
    /// The id that surfaces with UUIDs show.
    pub organization_id: Uuid,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// ISO 4217.
    pub currency: String,
    /// IANA time zone: "today" and periods are local days in it.
    pub timezone: String,
    /// Whether more may be sold than lies there.
    pub allow_negative_stock: bool,
    /// Postal code of its fiscal address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
}

/// How the slug of a sandbox ends: the twin of `farmacia` is `farmacia-sandbox`.
const SANDBOX: &str = "-sandbox";

/// The slug of a tenant's sandbox twin.
#[must_use]
pub fn sandbox_of(slug: &str) -> String {
    format!("{slug}{SANDBOX}")
}

/// Whether a slug is a sandbox's.
#[must_use]
pub fn is_sandbox(slug: &str) -> bool {
    slug.ends_with(SANDBOX)
}

/// Founds a tenant.
#[derive(Clone, Debug)]
pub struct CreateTenant {
    /// Everything is given from outside: the id by the directory, the UUID by chance.
    pub tenant: TenantCreated,
}

/// The tenant as a document.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Tenant {
    created: bool,
}

impl Document for Tenant {
    const TYPE: &'static str = "tenant";
    type Command = CreateTenant;

    fn decide(&self, issued: Issued<Self::Command>, _book: &Book) -> Result<Vec<Event>, Refusal> {
        let tenant = issued.command.tenant;
        if self.created {
            return Err(Refusal::TenantExists);
        }
        let slug_is_plain =
            tenant.slug.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        if tenant.slug.is_empty() || tenant.slug.len() > 63 || !slug_is_plain {
            return Err(Refusal::Invalid {
                field: "slug",
                rule: "1 to 63 lower-case letters, digits or dashes",
            });
        }
        if tenant.name.trim().is_empty() {
            return Err(Refusal::Invalid { field: "name", rule: "not empty" });
        }
        if tenant.country.len() != 2 || tenant.currency.len() != 3 {
            return Err(Refusal::Invalid {
                field: "currency",
                rule: "an ISO code (MXN), and the country likewise (MX)",
            });
        }
        if time::zone(&tenant.timezone).is_none() {
            return Err(Refusal::Invalid { field: "timezone", rule: "an IANA time zone" });
        }
        Ok(vec![tenant.into()])
    }

    fn apply(&mut self, event: Event) {
        self.created |= matches!(event, Event::TenantCreated(_));
    }
}
