//! `POST /v1/Auth/SignUp`: a company signs up (contract 7.1, T-10, T-31).

use axum::{extract::State, http::HeaderMap, response::Response};
use diario_domain::{
    BranchId, Command, EmployeeId,
    access::Door,
    address::AddressDetails,
    command::Issued,
    customer::{CustomerDetails, Person},
    event::Metadata,
    signup::{Consents, SignUp},
};
use serde_json::json;

use super::{address_create, args::Args, auth_login, geography, messages::Language, render};
use crate::{
    admin::users_password,
    error::{Problem, Rule},
    http::{App, Fields, layers::RequestId, write},
};

const PATH: &str = "/v1/Auth/SignUp";
const NAMES: &[&str] = &[
    "companyName",
    "companyTitle",
    "name",
    "surname",
    "userName",
    "email",
    "phone",
    "taxNumber",
    "taxUnit",
    "identificationNumber",
    "deliveryAddress",
    "invoiceAddress",
    "password",
    "passwordRetry",
    "isPerson",
    "isDifferentInvoiceAddress",
    "cityId",
    "districtId",
    "neighborhoodId",
    "userContract",
    "privacyPolicy",
    "kvkk",
    "cookiePolicy",
    "ipAdress",
];

/// Makes a company known with who logs in for it and its first address: all of it or nothing. The shop is that of the
/// key in the header `apiKey` or `x-api-key` or in the field `apiKey`, else the server's default.
#[utoipa::path(post, path = "/v1/Auth/SignUp", operation_id = "lunatel.auth_sign_up", tag = "Auth", security(()),
    request_body(content = serde_json::Value, example = json!({"companyName": "Ege Telefon", "companyTitle": "Ege Telefon Ltd. Şti.",
        "name": "Ayşe", "surname": "Yılmaz", "userName": "ayse", "email": "ayse@ege.com.tr", "phone": "+90 232 000 00 00",
        "taxNumber": "1234567890", "taxUnit": "Konak", "identificationNumber": "", "deliveryAddress": "Atatürk Cad. 1",
        "invoiceAddress": "", "password": "çok gizli", "passwordRetry": "çok gizli", "isPerson": false,
        "isDifferentInvoiceAddress": false, "cityId": 35, "districtId": 501, "neighborhoodId": 40001, "userContract": true,
        "privacyPolicy": true, "kvkk": true, "cookiePolicy": true, "ipAdress": "192.0.2.1"})),
    responses((status = 200, example = json!({"message": "Kaydınız alındı", "status": 0, "errorResponse": {"status": 0, "message": ""}})),
        (status = 400), (status = 401), (status = 422)))]
pub async fn handle(
    State(app): State<App>,
    headers: HeaderMap,
    language: Language,
    request_id: Option<axum::Extension<RequestId>>,
    args: Args,
) -> Result<Response, Problem> {
    let fields = args.fields(NAMES);
    let key = auth_login::shop_of(&app, &headers, &args).await?;
    let tenant = key.as_ref().map(|key| key.tenant).or(app.default_tenant);
    let tenant = tenant.ok_or_else(|| Problem::field("apiKey", Rule::Required))?;
    let wanted = read(&fields)?;
    let secret = users_password::enrol(&app, &wanted.email, &fields).await?;
    let principal = key.map_or_else(|| "public".to_owned(), |key| key.name());
    let given = write::key_header(&headers);
    let hidden = users_password::hidden(&app, tenant, &args.bytes);
    let key = given
        .map(|given| write::key(Door::Lunatel.name(), &principal, given, "POST", PATH, &hidden))
        .transpose()?;
    let caller = write::Caller {
        tenant,
        metadata: Metadata {
            principal: Some(principal),
            surface: Door::Lunatel.name().to_owned(),
            request_id: request_id.map(|id| id.0.0),
            ..Metadata::default()
        },
    };
    let issued = Issued {
        by: EmployeeId(0),
        branch: BranchId(1),
        at: app.now(),
        command: Command::SignUp(Box::new(wanted)),
    };
    write::one(
        &app,
        caller,
        key,
        Some(secret),
        issued,
        move |refusal| render::refusal(refusal, PATH, language),
        move |_| {
            let message = language.pick("Kaydınız alındı", "You are signed up", "Su registro está hecho");
            render::ok(json!({"message": message}))
        },
    )
    .await
}

fn read(fields: &Fields) -> Result<SignUp, Problem> {
    let company = fields.text_up_to("companyName", 300)?;
    let title = fields.text_up_to("companyTitle", 300)?;
    let (name, surname) = (fields.text_up_to("name", 150)?, fields.text_up_to("surname", 150)?);
    let username = fields.text_up_to("userName", 100)?;
    let email = fields.text_up_to("email", 254)?;
    let phone = fields.text_up_to("phone", 50)?;
    let tax_number = fields.text_up_to("taxNumber", 30)?;
    let tax_office = fields.text_up_to("taxUnit", 150)?;
    let line = fields.text_up_to("deliveryAddress", 1_000)?;
    let password = fields.text_up_to("password", 200)?;
    if fields.text_up_to("passwordRetry", 200)? != password {
        return Err(fields.problem("passwordRetry", Rule::Form("password")));
    }
    let is_person = fields.opt_bool("isPerson")?.unwrap_or(false);
    let identity = fields.opt_text_up_to("identificationNumber", 30)?.filter(|text| !text.trim().is_empty());
    if is_person {
        let number =
            identity.as_deref().ok_or_else(|| fields.problem("identificationNumber", Rule::Required))?;
        if !is_tckn(number.trim()) {
            return Err(fields.problem("identificationNumber", Rule::Form("TCKN")));
        }
    }
    let atlas = geography::atlas()?;
    let place = address_create::place(atlas, fields, ["cityId", "districtId", "neighborhoodId"])?;
    let agreed = |name| fields.opt_bool(name).map(|value| value.unwrap_or(false));
    let consents = Consents {
        user_contract: agreed("userContract")?,
        privacy_policy: agreed("privacyPolicy")?,
        kvkk: agreed("kvkk")?,
        cookie_policy: agreed("cookiePolicy")?,
        ip_address: fields.text_up_to("ipAdress", 100)?,
    };
    let contact = format!("{} {}", name.trim(), surname.trim());
    let address = AddressDetails {
        title: company.clone(),
        line: line.clone(),
        contact: contact.clone(),
        phone: phone.clone(),
        email: email.clone(),
        tax_number: tax_number.clone(),
        tax_office: tax_office.clone(),
        company_title: title.clone(),
        invoice_address: fields.opt_text_up_to("invoiceAddress", 1_000)?,
        is_different_invoice_address: fields.opt_bool("isDifferentInvoiceAddress")?.unwrap_or(false),
        ..place
    };
    let details = CustomerDetails {
        name: company,
        rfc: Some(tax_number.trim().to_owned()),
        razon_social: Some(title),
        codigo_postal: Some(address.zip.clone()),
        email: Some(email.trim().to_lowercase()),
        phone: Some(phone),
        address: Some(line),
        person: Person {
            given_names: Some(name),
            surnames: Some(surname),
            identity_number: identity,
            tax_office: Some(tax_office),
        },
        ..CustomerDetails::default()
    };
    Ok(SignUp { details, is_person, username, email, contact, address, consents })
}

/// Whether a number can be a citizen's: eleven digits of which the last two are made of the others.
fn is_tckn(text: &str) -> bool {
    let digits: Vec<u32> = text.chars().filter_map(|letter| letter.to_digit(10)).collect();
    let [first, .., tenth, last] = digits[..] else { return false };
    if digits.len() != 11 {
        return false;
    }
    let odd: u32 = digits[..9].iter().step_by(2).sum();
    let even: u32 = digits[1..8].iter().step_by(2).sum();
    text.len() == 11 && first != 0 && (odd * 7 + 90 - even) % 10 == tenth && (odd + even + tenth) % 10 == last
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn citizens_numbers_are_tested_by_their_last_two_digits() {
        assert!(is_tckn("10000000146"));
        for wrong in
            ["10000000147", "10000000156", "00000000146", "1000000014", "1000000014a", "", "１0000000146"]
        {
            assert!(!is_tckn(wrong), "{wrong}");
        }
    }
}
