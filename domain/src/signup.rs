//! A company signs up by itself: a customer, who logs in for it, and where it receives goods, all or nothing.

use serde::{Deserialize, Serialize};

use crate::{
    Book, CustomerId, Event, Refusal, UserId,
    access::{CreateUser, create_user},
    address::{AddressCreated, AddressDetails},
    customer::{CustomerDetails, CustomerRegistered, check},
};

/// What a company agreed to, and from where.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each of them is asked for by itself")]
pub struct Consents {
    /// The user contract.
    pub user_contract: bool,
    /// The privacy policy.
    pub privacy_policy: bool,
    /// The law on personal data (KVKK).
    pub kvkk: bool,
    /// The cookie policy.
    pub cookie_policy: bool,
    /// The network address that the company names.
    pub ip_address: String,
}

/// A company signed up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerSignedUp {
    /// The company.
    pub customer_id: CustomerId,
    /// Who logs in for it.
    pub user_id: UserId,
    /// Whether it is a person and no company.
    pub is_person: bool,
    /// What it agreed to.
    pub consents: Consents,
}

/// Signs a company up. What it pays and how much it may owe is the shop's to say, not in here.
#[derive(Clone, Debug)]
pub struct SignUp {
    /// The company; price tier and credit are replaced by the shop's terms.
    pub details: CustomerDetails,
    /// Whether it is a person and no company.
    pub is_person: bool,
    /// What the person logs in as besides the e-mail address.
    pub username: String,
    /// The person's e-mail address.
    pub email: String,
    /// The person's name.
    pub contact: String,
    /// Where the company receives goods.
    pub address: AddressDetails,
    /// What it agreed to.
    pub consents: Consents,
}

/// The events of a sign-up.
///
/// # Errors
/// The tax id or the login is somebody's already, or a figure cannot be.
pub(crate) fn sign_up(wanted: SignUp, book: &Book) -> Result<Vec<Event>, Refusal> {
    let settings = book.ordering.settings;
    let details = CustomerDetails {
        price_tier: settings.price_tier,
        credit_limit: settings.credit_limit,
        credit_days: settings.credit_days,
        ..wanted.details
    };
    check(&details, None, book)?;
    let customer_id = book.counters.next_customer();
    let person = CreateUser {
        email: wanted.email,
        username: Some(wanted.username),
        name: wanted.contact,
        // The Book does not know the company yet.
        customer_id: None,
    };
    let mut user = create_user(person, book)?;
    user.customer_id = Some(customer_id);
    let signed_up = CustomerSignedUp {
        customer_id,
        user_id: user.user_id,
        is_person: wanted.is_person,
        consents: wanted.consents,
    };
    let address =
        AddressCreated { address_id: book.ordering.next_address(), customer_id, details: wanted.address };
    Ok(vec![
        CustomerRegistered { customer_id, details }.into(),
        signed_up.into(),
        user.into(),
        address.into(),
    ])
}
