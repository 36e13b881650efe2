//! `diario catalog import`: what cannot be loaded is named, the rest is loaded, and a second time changes nothing.

use std::path::Path;

use diario_tests::{Database, Engine, Server, Shop, diario, each_engine};
use serde_json::{Value, json};

async fn import(database: &str, arguments: &[&str]) -> (bool, Value) {
    let mut all = vec!["catalog", "import", "--json", "--database", database];
    all.extend(arguments);
    let output = diario(&all).await;
    let text = String::from_utf8_lossy(&output.stdout);
    let report = serde_json::from_str(&text)
        .unwrap_or_else(|error| panic!("{error}: {text}{}", String::from_utf8_lossy(&output.stderr)));
    (output.status.success(), report)
}

fn write(folder: &Path, files: &[(&str, &str)]) {
    for (name, text) in files {
        std::fs::write(folder.join(format!("{name}.csv")), text).unwrap();
    }
}

const SMALL: &[(&str, &str)] = &[
    ("brands", "id,name\n1,TOYOTA\n"),
    ("models", "id,brand_id,name\n1,1,Corolla\n"),
    ("years", "id,year\n1,2016\n"),
    ("engines", "id,name\n1,1.8L\n"),
    ("model_year_engines", "id,model_id,year_id,engine_id\n1,1,1,1\n"),
    ("categories", "id,name\n1,Frenos\n"),
    ("groups", "id,category_id,name\n1,1,Balatas\n"),
    (
        "parts",
        "id,group_id,part_number,name,manufacturer\n1,1,A-1,Balata fina,ACME\n2,1,B-2,Balata tosca,ACME\n",
    ),
    ("fitments", "mye_id,part_id\n1,1\n1,2\n"),
    ("cross_references", "part_id,part_number,manufacturer,type\n2,A-1,Acme,equivalent\n"),
];

fn changed(report: &Value) -> u64 {
    report["files"].as_array().unwrap().iter().map(|file| file["changed"].as_u64().unwrap()).sum()
}

async fn shop(engine: Engine, database: &Database, server: &Server) -> Shop {
    Shop::create(engine, &server.base, &database.url, &[]).await
}

async fn found(shop: &Shop, text: &str) -> Vec<i64> {
    let answer = shop.get(&format!("/pos/api/catalog/search?q={text}")).await.expect(200);
    answer["data"].as_array().unwrap().iter().map(|row| row["id"].as_i64().unwrap()).collect()
}

each_engine! {
    async fn the_built_in_one_is_whole_and_a_second_time_changes_nothing(engine: Engine) {
        let database = Database::fresh(engine).await;
        let (complete, first) = import(&database.url, &["--fixture"]).await;
        assert!(complete, "{first:#}");
        assert_eq!(first["problems"], json!([]));
        assert_eq!(json!(changed(&first)), first["rows"]);
        let (_, again) = import(&database.url, &["--fixture"]).await;
        assert_eq!((changed(&again), &again["rows"]), (0, &first["rows"]));
    }

    async fn what_is_refused_is_named_and_the_rest_is_loaded(engine: Engine) {
        let database = Database::fresh(engine).await;
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), SMALL);
        write(folder.path(), &[
            ("models", "id,brand_id,name\n1,1,Corolla\n\n2,9,Perdido\n1,1,Repetido\nx,1,Malo\n3,1\n"),
            ("years", "id,anio\n1,2016\n"),
            ("parts", "\u{feff}manufacturer,id,group_id,part_number,name,description\r\nACME,1,1,A-1,\"Balata\nfina\",\r\nACME,2,1,--,Sin número,\r\nACME,3,7,C-3,Sin grupo,\r\nACME,4,1,D-4,,\r\n"),
            ("cross_references", "part_id,part_number,manufacturer,type\n1,X-1,Otra,oem\n8,X-2,Otra,oem\n1,X-3,Otra,OEM\n"),
        ]);
        let (complete, report) = import(&database.url, &["--dir", folder.path().to_str().unwrap()]).await;
        assert!(!complete);
        let named: Vec<_> = report["problems"].as_array().unwrap().iter().map(|problem| {
            assert!(!problem["reason"].as_str().unwrap().is_empty());
            let text = |key: &str| problem[key].as_str().unwrap().to_owned();
            (text("file"), problem["row"].as_u64().unwrap(), text("column"))
        }).collect();
        let expected = [
            ("models.csv", 4, "brand_id"), ("models.csv", 5, "id"), ("models.csv", 6, "id"), ("models.csv", 7, "row"),
            ("years.csv", 1, "year"), ("model_year_engines.csv", 2, "year_id"), ("parts.csv", 4, "part_number"),
            ("parts.csv", 5, "group_id"), ("parts.csv", 6, "name"), ("fitments.csv", 2, "mye_id"),
            ("fitments.csv", 3, "mye_id"), ("fitments.csv", 3, "part_id"), ("cross_references.csv", 3, "part_id"),
            ("cross_references.csv", 4, "type"),
        ];
        assert_eq!(named, expected.map(|(file, row, column)| (file.to_owned(), row, column.to_owned())), "{report:#}");
        let counts = |name: &str| {
            let file = report["files"].as_array().unwrap().iter().find(|file| file["file"] == name).unwrap();
            [&file["rows"], &file["loaded"], &file["changed"], &file["refused"]].map(|count| count.as_u64().unwrap())
        };
        assert_eq!(counts("models.csv"), [5, 1, 1, 4]);
        assert_eq!(counts("parts.csv"), [4, 1, 1, 3]);
        assert_eq!(counts("fitments.csv"), [2, 0, 0, 2]);
        assert_eq!(counts("cross_references.csv"), [3, 1, 1, 2]);
    }

    async fn a_row_takes_the_place_of_the_row_of_its_id(engine: Engine) {
        let database = Database::fresh(engine).await;
        let server = Server::start(&database);
        let shop = shop(engine, &database, &server).await;
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().to_str().unwrap().to_owned();
        write(folder.path(), SMALL);
        let (complete, report) = import(&database.url, &["--dir", &dir]).await;
        assert!(complete, "{report:#}");
        let brands = shop.get("/pos/api/catalog/brands").await.expect(200);
        assert_eq!(brands["data"], json!([{"id": 1, "name": "TOYOTA", "part_count": 2}]));
        assert_eq!(found(&shop, "balata").await, [1, 2]);
        assert_eq!(found(&shop, "fina").await, [1]);
        assert_eq!(found(&shop, "a1").await, [1, 2]);

        let file = folder.path().join("parts.csv");
        std::fs::write(&file, "id,group_id,part_number,name,manufacturer\n1,1,A-1,Zapata fina,ACME\n2,1,B-2,Balata tosca,ACME\n").unwrap();
        let (_, report) = import(&database.url, &["--file", file.to_str().unwrap()]).await;
        assert_eq!(changed(&report), 1);
        assert_eq!(found(&shop, "balata").await, [2]);
        assert_eq!(found(&shop, "zapata").await, [1]);
        let (_, report) = import(&database.url, &["--dir", &dir]).await;
        assert_eq!(changed(&report), 0);
    }

    async fn what_is_no_catalogue_is_refused_at_once(engine: Engine) {
        let database = Database::fresh(engine).await;
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().to_str().unwrap().to_owned();
        let said = async |arguments: &[&str]| {
            let mut all = vec!["catalog", "import", "--database", &database.url];
            all.extend(arguments);
            let output = diario(&all).await;
            assert!(!output.status.success(), "{arguments:?}");
            String::from_utf8_lossy(&output.stderr).into_owned()
        };
        assert!(said(&["--dir", &dir]).await.contains("no .csv"));
        write(folder.path(), SMALL);
        write(folder.path(), &[("part", "id\n")]);
        assert!(said(&["--dir", &dir]).await.contains("part.csv"));
        assert!(said(&["--file", "/no/existe/parts.csv"]).await.contains("/no/existe/parts.csv"));
        assert!(said(&[]).await.contains("--fixture"));
        assert!(said(&["--fixture", "--dir", &dir]).await.contains("cannot be used"));
        let (complete, report) = import(&database.url, &["--fixture"]).await;
        assert!(complete && json!(changed(&report)) == report["rows"], "nothing was loaded before");
    }
}
