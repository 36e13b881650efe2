use serde_json::{Value, json};
use tokio::sync::OnceCell;

use crate::{Engine, Shop, diario, int};

/// Loads the catalogue that is built into the program, once for each engine: it is every tenant's.
pub async fn catalog(shop: &Shop) {
    static SQLITE: OnceCell<()> = OnceCell::const_new();
    static POSTGRES: OnceCell<()> = OnceCell::const_new();
    let cell = match shop.engine {
        Engine::Sqlite => &SQLITE,
        Engine::Postgres => &POSTGRES,
    };
    cell.get_or_init(|| async {
        let output = diario(&["catalog", "import", "--fixture", "--database", &shop.database]).await;
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    })
    .await;
}

/// The row of a catalogue's list that has this name.
#[track_caller]
pub fn named<'a>(list: &'a Value, name: &str) -> &'a Value {
    let rows = list["data"].as_array().unwrap_or_else(|| panic!("no list: {list:#}"));
    rows.iter().find(|row| row["name"] == json!(name)).unwrap_or_else(|| panic!("no {name} in {list:#}"))
}

/// The vehicle that part 04465-02220 of the built-in catalogue fits, and the part's group: `mye_id`, `category_id`,
/// `group_id`, found the way a counter finds them.
pub async fn corolla(shop: &Shop) -> (i64, i64, i64) {
    let get = async |path: &str| shop.get(&format!("/pos/api/catalog/{path}")).await.expect(200).body;
    let brand = int(&named(&get("brands").await, "TOYOTA")["id"]);
    let model = int(&named(&get(&format!("models?brand_id={brand}")).await, "Corolla")["id"]);
    let years = get(&format!("years?model_id={model}")).await;
    let year = int(&years["data"][0]["id"]);
    let engines = get(&format!("engines?model_id={model}&year_id={year}")).await;
    let mye = int(&engines["data"][0]["mye_id"]);
    let category = int(&named(&get(&format!("categories?mye_id={mye}")).await, "Frenos")["id"]);
    let groups = get(&format!("groups?mye_id={mye}&category_id={category}")).await;
    (mye, category, int(&named(&groups, "Balatas")["id"]))
}
