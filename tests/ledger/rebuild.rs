use diario_tests::{Database, Server, Shop, diario, each_engine};

each_engine! {
    async fn read_models_are_made_again_from_the_log(engine: Engine) {
        let database = Database::fresh(engine).await;
        let server = Server::start(&database);
        let shop = Shop::create(engine, &server.base, &database.url, &[]).await;
        crate::mixed_history(&shop).await;
        let paths = [
            "/pos/api/sales", "/pos/api/inventory/items", "/pos/api/inventory/items/1/history",
            "/pos/api/customers", "/pos/api/register/history", "/pos/api/accounting/entries",
            "/pos/api/accounting/trial-balance", "/pos/api/sales/1", "/pos/api/inventory/items/1",
            "/pos/api/config/branches", "/pos/api/config/employees", "/pos/api/inventory/categories",
            "/pos/api/inventory/stock-by-branch", "/pos/api/inventory/transfers",
            "/pos/api/inventory/transfers/2", "/pos/api/inventory/physical-count/1",
            "/pos/api/inventory/alerts", "/pos/api/inventory/reports/valuation",
            "/pos/api/inventory/reports/abc", "/pos/api/quotations", "/pos/api/quotations/1",
            "/pos/api/layaways", "/pos/api/layaways/1", "/pos/api/customers/2",
            "/pos/api/customers/2/statement", "/pos/api/customers/2/vehicles",
            "/pos/api/register/daily-summary", "/pos/api/supplier-portal/demand",
            "/pos/api/dashboard/stats", "/pos/api/dashboard/stats/employees",
            "/pos/api/accounting/accounts", "/pos/api/accounting/income-statement",
            "/pos/api/accounting/balance-sheet", "/pos/api/accounting/aging", "/pos/api/accounting/periods",
            "/pos/api/accounting/posting-map", "/pos/api/accounting/ledger?code=101.01",
            "/pos/api/accounting/trial-balance?as_of=50", "/pos/api/accounting/entries?as_of=50",
        ];
        let mut before = Vec::new();
        for path in paths {
            before.push(shop.get(path).await.expect(200).text());
        }
        tokio::task::spawn_blocking(move || drop(server)).await.unwrap();
        // A damaged row does not survive it.
        shop.sql().run("UPDATE stock SET on_hand = on_hand + 5").await;
        let output = diario(&["rebuild", "--json", "--database", &database.url]).await;
        assert!(
            output.status.success(),
            "{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        let server = Server::start(&database);
        let shop = shop.at(&server.base).await;
        for (path, text) in paths.iter().zip(before) {
            assert_eq!(shop.get(path).await.text(), text, "{path}");
        }
        shop.assert_books_tie().await;
    }
}
