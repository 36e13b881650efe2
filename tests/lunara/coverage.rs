use std::{collections::BTreeSet, fs, path::Path};

use diario_tests::both_engines;
use reqwest::Method;

both_engines! {
    async fn every_operation_that_is_described_has_its_tests(shop: Shop) {
        let answer = shop.send(&Method::GET, "/openapi/lunara.json", &[], None).await.expect(200);
        let paths = answer["paths"].as_object().unwrap();
        let names: BTreeSet<&str> = paths
            .values()
            .flat_map(|operations| operations.as_object().unwrap().values())
            .map(|operation| operation["operationId"].as_str().unwrap().strip_prefix("lunara.").unwrap())
            .collect();
        assert_eq!(names, ["clientes", "inventario", "recetas"].into());
        for name in names {
            let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("lunara/{name}.rs"));
            let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            for wanted in ["expect(200)", "guarded(", "neighbour()", "assert_shape("] {
                assert!(text.contains(wanted), "{name} has no test with {wanted}");
            }
        }
    }
}
