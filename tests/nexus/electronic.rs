use diario_tests::{both_engines, guarded, refused, refuses_query};
use reqwest::Method;

const PATH: &str = "/pos/api/accounting/electronic";
const RFC: &str = "AAA010101AAA";

both_engines! {
    async fn answers_files_under_sats_names(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("350.00", 10).await;
        shop.sell_cash(register, item, "2", "350.00").await;
        let today = shop.today().await;
        let (year, month) = (&today[..4], &today[5..7]);
        let order = "tipo_solicitud=FC&num_orden=ABC1234567/26";
        for (document, more, letters, holds) in [
            ("catalogo", "", "CT", "CodAgrup=\"401.02\" NumCta=\"401.02\""),
            ("balanza", "", "BN", "NumCta=\"101.01\" SaldoIni=\"0.00\" Debe=\"812.00\" Haber=\"0.00\" SaldoFin=\"812.00\""),
            ("balanza", "tipo_envio=C&fecha_mod_bal=2026-11-03", "BC", "TipoEnvio=\"C\" FechaModBal=\"2026-11-03\""),
            ("polizas", order, "PL", "TipoSolicitud=\"FC\" NumOrden=\"ABC1234567/26\""),
        ] {
            let path = format!("{PATH}?year={year}&month={month}&document={document}&rfc=aaa010101aaa&{more}");
            let answer = shop.get(&path).await.expect(200);
            assert_eq!(answer.header("content-type"), Some("application/xml; charset=utf-8"));
            let named = format!("attachment; filename=\"{RFC}{year}{month}{letters}.xml\"");
            assert_eq!(answer.header("content-disposition"), Some(named.as_str()));
            let text = answer.text();
            assert!(text.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<"), "{text}");
            assert!(text.contains(holds) && text.contains(&format!("RFC=\"{RFC}\"")), "{document}: {text}");

            // The command line writes the same.
            let period = format!("{year}-{month}");
            let flag = format!("--{document}");
            let mut arguments = vec!["export", "contabilidad", "--month", &period, "--rfc", RFC, &flag];
            let flags: Vec<String> = more
                .split('&')
                .filter_map(|pair| pair.split_once('='))
                .flat_map(|(name, value)| [format!("--{}", name.replace('_', "-")), value.to_owned()])
                .collect();
            arguments.extend(flags.iter().map(String::as_str));
            let output = shop.command(&arguments).await;
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            assert_eq!(String::from_utf8_lossy(&output.stdout), text);
        }
        shop.assert_books_tie().await;
    }

    async fn refuses_what_sat_would_not_take(shop: Shop) {
        let all = format!("&month=3&year=2026&document=polizas&rfc={RFC}&tipo_solicitud=AF&num_orden=ABC1234567/26");
        let but = |name: &str, value: &str| {
            let kept: Vec<&str> = all.split('&').filter(|pair| !pair.starts_with(&format!("{name}="))).collect();
            format!("{name}={value}{}", kept.join("&"))
        };
        let mut bad = Vec::new();
        for (name, values) in [
            ("month", ["", "0", "13", "x"]),
            ("year", ["", "2014", "2100", "x"]),
            ("document", ["", "CATALOGO", "todo", "x"]),
            ("rfc", ["", "AAA010101", "AAA011301AAA", "AAA010101AAB"]),
            ("tipo_solicitud", ["", "A", "af", "AFFC"]),
            ("num_orden", ["", "ABC123456/26", "ABC1234567-26", "abc1234567/26"]),
        ] {
            bad.extend(values.map(|value| but(name, value)));
        }
        bad.push(format!("num_tramite=AB123456789012{all}"));
        let all = format!("&month=3&year=2026&document=balanza&rfc={RFC}");
        bad.push(format!("tipo_envio=X{all}"));
        for wrong in ["", "2026-02-30", "2014-12-31"] {
            bad.push(format!("fecha_mod_bal={wrong}&tipo_envio=C{all}"));
        }
        bad.push(format!("fecha_mod_bal=2026-03-03{all}"));
        bad.push(format!("fecha_mod_bal=2026-03-03&tipo_envio=N{all}"));
        let bad: Vec<&str> = bad.iter().map(String::as_str).collect();
        refuses_query(&shop, PATH, &bad).await;
    }

    async fn a_month_without_movements_has_no_file(shop: Shop) {
        for document in ["catalogo", "balanza", "polizas"] {
            let query = format!("year=2026&month=3&document={document}&rfc={RFC}&tipo_solicitud=CO&num_tramite=AB123456789012");
            refused(&shop.get(&format!("{PATH}?{query}")).await, 400, "month");
            let flag = format!("--{document}");
            let output = shop.command(&["export", "contabilidad", "--month", "2026-03", &flag]).await;
            assert!(!output.status.success() && output.stdout.is_empty());
        }
    }

    async fn the_command_line_makes_drafts_and_says_so(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("350.00", 10).await;
        shop.sell_cash(register, item, "2", "350.00").await;
        let today = shop.today().await;
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("new").display().to_string();
        let output = shop.command(&["export", "contabilidad", "--month", &today[..7], "--out", &out]).await;
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success() && told.matches("a draft").count() == 2, "{told}");
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(printed.lines().count(), 3, "{printed}");
        assert!(printed.lines().all(|file| std::path::Path::new(file).exists()), "{printed}");
        assert_eq!(std::fs::read_dir(&out).unwrap().count(), 3);
        for wrong in [["--tipo-solicitud", "DE"], ["--num-orden", "ABC1234567/26"], ["--rfc", "AAA"], ["--tipo-envio", "C"]] {
            let mut arguments = vec!["export", "contabilidad", "--month", &today[..7], "--out", &out];
            arguments.extend(wrong);
            let output = shop.command(&arguments).await;
            assert!(!output.status.success() && output.stdout.is_empty(), "{wrong:?}");
        }
    }

    async fn is_guarded(shop: Shop) {
        let path = format!("{PATH}?year=2026&month=3&document=catalogo&rfc={RFC}");
        guarded(&shop, Method::GET, &path, None).await;
    }
}
