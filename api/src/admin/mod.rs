//! Our own surface: what the shop's people set up and the contracts have no operation for. Employees come in with the
//! tokens of their tills; reading needs `config.view`, writing `config.edit`. This table is the surface.

mod deliveries_detail;
pub mod deliveries_list;
mod deliveries_resend;
mod keys_create;
pub mod keys_list;
mod keys_revoke;
pub mod openapi;
mod plan_get;
mod plan_set;
pub mod render;
mod users_create;
mod users_list;
mod users_password;
mod webhooks_create;
mod webhooks_delete;
mod webhooks_enable;
pub mod webhooks_list;
mod webhooks_replay;
mod webhooks_rotate;
mod webhooks_update;

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
        .route("/admin/v1/users", get(users_list::handle).post(users_create::handle))
        .route("/admin/v1/users/{user_id}/password", put(users_password::handle))
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
}
