use std::{collections::BTreeSet, fs, path::Path};

use diario_tests::both_engines;
use reqwest::Method;

both_engines! {
    async fn every_operation_that_is_described_has_its_tests(shop: Shop) {
        let answer = shop.send(&Method::GET, "/openapi/lummy.json", &[], None).await.expect(200);
        let paths = answer["paths"].as_object().unwrap();
        let names: BTreeSet<&str> = paths
            .values()
            .flat_map(|operations| operations.as_object().unwrap().values())
            .map(|operation| operation["operationId"].as_str().unwrap().strip_prefix("lummy.").unwrap())
            .collect();
        let known = ["auth_login", "customers_create", "customers_detail", "customers_list", "customers_update"];
        assert_eq!(names, known.into());
        for name in names {
            let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("lummy/{name}.rs"));
            let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            let mut wanted = vec!["expect(200)", "neighbour()", "assert_shape(", "refused("];
            if name != "auth_login" {
                wanted.push("guarded(");
            }
            for wanted in wanted {
                assert!(text.contains(wanted), "{name} has no test with {wanted}");
            }
        }
    }
}
