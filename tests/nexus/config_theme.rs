use diario_tests::{both_engines, guarded};
use reqwest::Method;
use serde_json::json;

const PATH: &str = "/pos/api/config/theme";

both_engines! {
    async fn answers_the_documented_theme(shop: Shop) {
        for employee in [shop.clone(), shop.hire("warehouse").await] {
            let answer = employee.get(PATH).await.expect(200);
            assert_eq!(*answer, json!({
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
                    "--radius": "8px"
                }
            }));
        }
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::GET, PATH, None).await;
    }
}
