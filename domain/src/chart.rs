//! The chart of accounts that a tenant starts with: SAT's *código agrupador*, whole (`accounting.md`, N-45).

use std::{collections::HashMap, sync::LazyLock};

/// Debit or credit by nature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Nature {
    Debit,
    Credit,
}

impl Nature {
    /// The name in the contract.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Debit => "debit",
            Self::Credit => "credit",
        }
    }

    /// The nature of a name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        [Self::Debit, Self::Credit].into_iter().find(|nature| nature.name() == name)
    }
}

/// An account of the starting chart.
#[derive(Clone, Copy, Debug)]
pub struct Account {
    /// SAT's code, as text: some end in 0.
    pub code: &'static str,
    /// SAT's name.
    pub name: &'static str,
    /// Debit or credit by nature.
    pub nature: Nature,
}

/// SAT's list, one account a line; what it says of itself stands at its top.
const SAT: &str = include_str!("../data/sat_accounts.tsv");

macro_rules! named {
    ($($id:literal $constant:ident $code:literal;)+) => {
        $(
            #[doc = concat!("Account ", $code, ".")]
            pub const $constant: crate::AccountId = crate::AccountId($id);
        )+

        /// The codes of the accounts that posting rules name, by id from 1.
        const NAMED: &[&str] = &[$($code,)+];
    };
}

// The accounts that posting rules name, with the group and the class above them.
named! {
    1 ACTIVO "100";
    2 ACTIVO_CORTO "100.01";
    3 CAJA "101";
    4 CAJA_EFECTIVO "101.01";
    5 BANCOS "102";
    6 BANCOS_NACIONALES "102.01";
    7 CLIENTES "105";
    8 CLIENTES_NACIONALES "105.01";
    9 DEUDORES "107";
    10 FUNCIONARIOS_EMPLEADOS "107.01";
    11 OTROS_DEUDORES "107.05";
    12 INVENTARIO_GRUPO "115";
    13 INVENTARIO "115.01";
    14 MERCANCIA_TRANSITO "115.05";
    15 ACREDITABLE_PAGADO_GRUPO "118";
    16 IVA_ACREDITABLE_PAGADO "118.01";
    17 ACREDITABLE_POR_PAGAR_GRUPO "119";
    18 IVA_PENDIENTE_PAGO "119.01";
    19 PASIVO "200";
    20 PASIVO_CORTO "200.01";
    21 PROVEEDORES_GRUPO "201";
    22 PROVEEDORES "201.01";
    23 ANTICIPO_GRUPO "206";
    24 ANTICIPO "206.01";
    25 OTROS_ANTICIPOS "206.05";
    26 TRASLADADO_COBRADO_GRUPO "208";
    27 IVA_COBRADO "208.01";
    28 TRASLADADO_NO_COBRADO_GRUPO "209";
    29 IVA_NO_COBRADO "209.01";
    30 CAPITAL_CONTABLE "300";
    31 RESULTADO_GRUPO "305";
    32 UTILIDAD_EJERCICIO "305.01";
    33 PERDIDA_EJERCICIO "305.02";
    34 OTRAS_CAPITAL_GRUPO "306";
    35 OTRAS_CAPITAL "306.01";
    36 INGRESOS "400";
    37 INGRESOS_GRUPO "401";
    38 VENTAS "401.01";
    39 VENTAS_CONTADO "401.02";
    40 VENTAS_CREDITO "401.03";
    41 DEVOLUCIONES_GRUPO "402";
    42 DEVOLUCIONES "402.01";
    43 OTROS_INGRESOS_GRUPO "403";
    44 OTROS_INGRESOS "403.01";
    45 COSTOS "500";
    46 COSTO_GRUPO "501";
    47 COSTO_VENTA "501.01";
    48 OTROS_COSTOS "501.08";
    49 GASTOS "600";
    50 GASTOS_GENERALES_GRUPO "601";
    51 COMISIONES "601.75";
    52 OTROS_GASTOS "601.84";
    53 RESULTADO_FINANCIAMIENTO "700";
    54 OTROS_PRODUCTOS_GRUPO "704";
    55 OTROS_PRODUCTOS "704.23";
}

/// The accounts by id: account n is at n − 1. Those that posting rules name come first, the others behind them in the
/// order of SAT's list. The ids are in events, so new accounts are only ever added at the end of that list.
pub static CHART: LazyLock<Vec<Account>> = LazyLock::new(|| {
    let mut chart: Vec<Account> = SAT.lines().filter_map(read).collect();
    chart.sort_by_key(|account| NAMED.iter().position(|code| *code == account.code).unwrap_or(NAMED.len()));
    chart
});

/// Ids by code.
static IDS: LazyLock<HashMap<&'static str, crate::AccountId>> = LazyLock::new(|| {
    CHART.iter().zip(1..).map(|(account, id)| (account.code, crate::AccountId(id))).collect()
});

/// A line of SAT's list; a line that is none is a note.
fn read(line: &'static str) -> Option<Account> {
    let mut parts = line.split('\t');
    let code = parts.next().filter(|code| !code.starts_with('#'))?;
    let nature = match parts.next()? {
        "D" => Nature::Debit,
        "A" => Nature::Credit,
        _ => return None,
    };
    Some(Account { code, name: parts.next()?, nature })
}

/// An account of the starting chart by its id.
#[must_use]
pub fn account(id: crate::AccountId) -> Option<&'static Account> {
    usize::try_from(id.0 - 1).ok().and_then(|index| CHART.get(index))
}

/// The account of a code.
#[must_use]
pub fn of_code(code: &str) -> Option<crate::AccountId> {
    IDS.get(code).copied()
}

/// Whether an account of the chart has others below it in SAT's tree, so that nothing is posted to it.
#[must_use]
pub fn is_group(id: crate::AccountId) -> bool {
    account(id).is_some_and(|account| level(account.code) < 3)
}

/// An account's level in the tree, from 1: class (`100`), group (`101`, and the heading
/// `100.01` of current assets, which SAT puts nothing below), account (`101.01`).
#[must_use]
pub fn level(code: &str) -> i64 {
    match code.split_once('.') {
        Some((class, _)) if class.ends_with("00") => 2,
        Some(_) => 3,
        None if code.ends_with("00") => 1,
        None => 2,
    }
}

/// The code of the account above: `101.01` is under `101`, `101` under `100`.
#[must_use]
pub fn parent_code(code: &str) -> Option<String> {
    if let Some((group, _)) = code.split_once('.') {
        return Some(group.to_owned());
    }
    if code.ends_with("00") { None } else { code.get(..1).map(|class| format!("{class}00")) }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_line_of_the_list_is_an_account_and_those_that_rules_name_are_among_them() {
        assert_eq!(CHART.len(), SAT.lines().filter(|line| !line.starts_with('#')).count());
        for (index, code) in NAMED.iter().enumerate() {
            assert_eq!(CHART[index].code, *code);
        }
        assert!(is_group(of_code("100.02").unwrap()) && !is_group(of_code("401.10").unwrap()));
        assert_eq!(account(OTROS_PRODUCTOS).map(|account| account.code), Some("704.23"));
        assert_eq!(of_code("704.23"), Some(OTROS_PRODUCTOS));
        assert!(account(crate::AccountId(0)).is_none() && of_code("000").is_none());
        assert!(i64::try_from(CHART.len()).unwrap() < crate::account::FIRST_OWN);
    }

    #[test]
    fn codes_are_unique_and_every_parent_exists() {
        let codes: BTreeSet<_> = CHART.iter().map(|account| account.code).collect();
        assert_eq!(codes.len(), CHART.len());
        for account in CHART.iter() {
            if let Some(parent) = parent_code(account.code) {
                assert!(codes.contains(parent.as_str()), "{} lacks {parent}", account.code);
            }
            let (class, dotted) = account.code.split_at(3);
            assert!(class.bytes().all(|byte| byte.is_ascii_digit()), "{}", account.code);
            assert!(dotted.is_empty() || dotted.len() == 3 && dotted.starts_with('.'), "{}", account.code);
            assert!(!account.name.is_empty() && account.name.trim() == account.name, "{}", account.code);
        }
    }

    #[test]
    fn what_is_taken_off_another_account_has_the_other_nature() {
        let nature = |code| account(of_code(code).unwrap()).unwrap().nature;
        for code in ["101.01", "109.20", "402.01", "501.01", "601.75", "701.10", "801.01"] {
            assert_eq!(nature(code), Nature::Debit, "{code}");
        }
        for code in [
            "108.01", "109.21", "171.05", "183.01", "201.01", "305.02", "401.10", "503.01", "702.01",
            "801.02",
        ] {
            assert_eq!(nature(code), Nature::Credit, "{code}");
        }
    }
}
