//! `GET /pos/api/config/theme` (contract 5.2).

use axum::Json;
use serde_json::{Value, json};

use super::session::Session;

/// The colours and fonts that a client paints itself with.
#[utoipa::path(get, path = "/pos/api/config/theme", operation_id = "nexus.config_theme", tag = "Config",
    responses((status = 200, example = json!({"theme": "default", "variables": {"--color-primary": "#1a73e8"}}))))]
pub async fn handle(_session: Session) -> Json<Value> {
    Json(json!({
        "theme": "default",
        "variables": {
            "--color-primary": "#1a73e8",
            "--color-secondary": "#5f6368",
            "--color-accent": "#ff6b35",
            "--color-bg": "#ffffff",
            "--color-surface": "#f8f9fa",
            "--color-text": "#202124",
            "--color-border": "#dadce0",
            "--font-display": "'Sora', sans-serif",
            "--font-body": "'Plus Jakarta Sans', sans-serif",
            "--font-mono": "'JetBrains Mono', monospace",
            "--radius": "8px",
        },
    }))
}
