//! Our own surface: what the shop's people set up and the contracts have no operation for. Employees come in with the
//! tokens of their tills; reading needs `config.view`, writing `config.edit`. This table is the surface.

mod company_prices_list;
mod company_prices_remove;
mod company_prices_set;
mod deliveries_detail;
pub mod deliveries_list;
mod deliveries_resend;
mod employees_pin;
mod employees_update;
mod item_ordering_get;
mod item_ordering_set;
mod keys_create;
pub mod keys_list;
mod keys_revoke;
pub mod openapi;
mod ordering_get;
mod ordering_set;
mod orders_cancel;
mod orders_confirm;
mod orders_list;
mod patients_create;
mod patients_update;
mod plan_get;
mod plan_set;
mod prescriptions_create;
mod prescriptions_list;
mod price_lists_create;
mod price_lists_list;
mod price_lists_update;
mod product_groups_create;
mod product_groups_list;
mod product_groups_update;
mod product_variants_put;
pub mod render;
mod users_create;
mod users_list;
pub mod users_password;
mod webhooks_create;
mod webhooks_delete;
mod webhooks_enable;
pub mod webhooks_list;
mod webhooks_replay;
mod webhooks_rotate;
mod webhooks_update;
mod workshop_orders_create;
mod workshop_orders_list;
mod workshop_orders_ready;

use axum::{
    Router,
    routing::{delete, get, patch, post, put},
};

use crate::http::App;

pub use openapi::OpenApi;

/// The surface's routes.
pub fn routes() -> Router<App> {
    Router::new()
        // Programs and people
        .route("/admin/v1/keys", get(keys_list::handle).post(keys_create::handle))
        .route("/admin/v1/keys/{key_id}", delete(keys_revoke::handle))
        .route("/admin/v1/employees/{employee_id}", put(employees_update::handle))
        .route("/admin/v1/employees/{employee_id}/pin", put(employees_pin::handle))
        .route("/admin/v1/users", get(users_list::handle).post(users_create::handle))
        .route("/admin/v1/users/{user_id}/password", put(users_password::handle))
        // Opticians
        .route("/admin/v1/patients", post(patients_create::handle))
        .route("/admin/v1/patients/{patient_id}", put(patients_update::handle))
        .route("/admin/v1/prescriptions", get(prescriptions_list::handle).post(prescriptions_create::handle))
        .route(
            "/admin/v1/workshop-orders",
            get(workshop_orders_list::handle).post(workshop_orders_create::handle),
        )
        .route("/admin/v1/workshop-orders/{order_id}/ready", post(workshop_orders_ready::handle))
        // Webhooks
        .route("/admin/v1/webhooks", get(webhooks_list::handle).post(webhooks_create::handle))
        .route(
            "/admin/v1/webhooks/{webhook_id}",
            patch(webhooks_update::handle).delete(webhooks_delete::handle),
        )
        .route("/admin/v1/webhooks/{webhook_id}/rotate-secret", post(webhooks_rotate::handle))
        .route("/admin/v1/webhooks/{webhook_id}/enable", post(webhooks_enable::handle))
        .route("/admin/v1/webhooks/{webhook_id}/replay", post(webhooks_replay::handle))
        .route("/admin/v1/webhooks/{webhook_id}/deliveries", get(deliveries_list::handle))
        .route("/admin/v1/deliveries/{delivery_id}", get(deliveries_detail::handle))
        .route("/admin/v1/deliveries/{delivery_id}/resend", post(deliveries_resend::handle))
        // What the shop has subscribed to
        .route("/admin/v1/plan", get(plan_get::handle).put(plan_set::handle))
        // Products in sizes, and price lists
        .route(
            "/admin/v1/product-groups",
            get(product_groups_list::handle).post(product_groups_create::handle),
        )
        .route("/admin/v1/product-groups/{group_id}", put(product_groups_update::handle))
        .route("/admin/v1/product-groups/{group_id}/variants/{item_id}", put(product_variants_put::handle))
        .route("/admin/v1/price-lists", get(price_lists_list::handle).post(price_lists_create::handle))
        .route("/admin/v1/price-lists/{list_id}", put(price_lists_update::handle))
        // What companies order
        .route("/admin/v1/ordering", get(ordering_get::handle).put(ordering_set::handle))
        .route("/admin/v1/customers/{customer_id}/prices", get(company_prices_list::handle))
        .route(
            "/admin/v1/customers/{customer_id}/prices/{item_id}",
            put(company_prices_set::handle).delete(company_prices_remove::handle),
        )
        .route(
            "/admin/v1/items/{item_id}/ordering",
            get(item_ordering_get::handle).put(item_ordering_set::handle),
        )
        .route("/admin/v1/orders", get(orders_list::handle))
        .route("/admin/v1/orders/{order_id}/confirm", post(orders_confirm::handle))
        .route("/admin/v1/orders/{order_id}/cancel", post(orders_cancel::handle))
}
