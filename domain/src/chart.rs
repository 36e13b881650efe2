//! The chart of accounts that a tenant starts with: SAT's *código agrupador* (`accounting.md`, N-45).

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

macro_rules! chart {
    ($($id:literal $constant:ident $code:literal $name:literal $nature:ident;)+) => {
        $(
            #[doc = concat!($code, " ", $name, ".")]
            pub const $constant: crate::AccountId = crate::AccountId($id);
        )+

        /// The accounts by id: account n is at n − 1. New ones are added at the end.
        pub const CHART: &[Account] = &[
            $(Account { code: $code, name: $name, nature: Nature::$nature },)+
        ];
    };
}

chart! {
    1 ACTIVO "100" "Activo" Debit;
    2 ACTIVO_CORTO "100.01" "Activo a corto plazo" Debit;
    3 CAJA "101" "Caja" Debit;
    4 CAJA_EFECTIVO "101.01" "Caja y efectivo" Debit;
    5 BANCOS "102" "Bancos" Debit;
    6 BANCOS_NACIONALES "102.01" "Bancos nacionales" Debit;
    7 CLIENTES "105" "Clientes" Debit;
    8 CLIENTES_NACIONALES "105.01" "Clientes nacionales" Debit;
    9 DEUDORES "107" "Deudores diversos" Debit;
    10 FUNCIONARIOS_EMPLEADOS "107.01" "Funcionarios y empleados" Debit;
    11 OTROS_DEUDORES "107.05" "Otros deudores diversos" Debit;
    12 INVENTARIO_GRUPO "115" "Inventario" Debit;
    13 INVENTARIO "115.01" "Inventario" Debit;
    14 MERCANCIA_TRANSITO "115.05" "Mercancías en tránsito" Debit;
    15 ACREDITABLE_PAGADO_GRUPO "118" "Impuestos acreditables pagados" Debit;
    16 IVA_ACREDITABLE_PAGADO "118.01" "IVA acreditable pagado" Debit;
    17 ACREDITABLE_POR_PAGAR_GRUPO "119" "Impuestos acreditables por pagar" Debit;
    18 IVA_PENDIENTE_PAGO "119.01" "IVA pendiente de pago" Debit;
    19 PASIVO "200" "Pasivo" Credit;
    20 PASIVO_CORTO "200.01" "Pasivo a corto plazo" Credit;
    21 PROVEEDORES_GRUPO "201" "Proveedores" Credit;
    22 PROVEEDORES "201.01" "Proveedores nacionales" Credit;
    23 ANTICIPO_GRUPO "206" "Anticipo de cliente" Credit;
    24 ANTICIPO "206.01" "Anticipo de cliente nacional" Credit;
    25 OTROS_ANTICIPOS "206.05" "Otros anticipos de clientes" Credit;
    26 TRASLADADO_COBRADO_GRUPO "208" "Impuestos trasladados cobrados" Credit;
    27 IVA_COBRADO "208.01" "IVA trasladado cobrado" Credit;
    28 TRASLADADO_NO_COBRADO_GRUPO "209" "Impuestos trasladados no cobrados" Credit;
    29 IVA_NO_COBRADO "209.01" "IVA trasladado no cobrado" Credit;
    30 CAPITAL_CONTABLE "300" "Capital contable" Credit;
    31 RESULTADO_GRUPO "305" "Resultado del ejercicio" Credit;
    32 UTILIDAD_EJERCICIO "305.01" "Utilidad del ejercicio" Credit;
    33 PERDIDA_EJERCICIO "305.02" "Pérdida del ejercicio" Credit;
    34 OTRAS_CAPITAL_GRUPO "306" "Otras cuentas de capital" Credit;
    35 OTRAS_CAPITAL "306.01" "Otras cuentas de capital" Credit;
    36 INGRESOS "400" "Ingresos" Credit;
    37 INGRESOS_GRUPO "401" "Ingresos" Credit;
    38 VENTAS "401.01" "Ventas y/o servicios gravados a la tasa general" Credit;
    39 VENTAS_CONTADO "401.02" "Ventas y/o servicios gravados a la tasa general de contado" Credit;
    40 VENTAS_CREDITO "401.03" "Ventas y/o servicios gravados a la tasa general a crédito" Credit;
    41 DEVOLUCIONES_GRUPO "402" "Devoluciones, descuentos o bonificaciones sobre ingresos" Debit;
    42 DEVOLUCIONES "402.01" "Devoluciones, descuentos o bonificaciones sobre ventas y/o servicios a la tasa general" Debit;
    43 OTROS_INGRESOS_GRUPO "403" "Otros ingresos" Credit;
    44 OTROS_INGRESOS "403.01" "Otros Ingresos" Credit;
    45 COSTOS "500" "Costos" Debit;
    46 COSTO_GRUPO "501" "Costo de venta y/o servicio" Debit;
    47 COSTO_VENTA "501.01" "Costo de venta" Debit;
    48 OTROS_COSTOS "501.08" "Otros conceptos de costo" Debit;
    49 GASTOS "600" "Gastos" Debit;
    50 GASTOS_GENERALES_GRUPO "601" "Gastos generales" Debit;
    51 COMISIONES "601.75" "Comisiones sobre ventas" Debit;
    52 OTROS_GASTOS "601.84" "Otros gastos generales" Debit;
    53 RESULTADO_FINANCIAMIENTO "700" "Resultado integral de financiamiento" Debit;
    54 OTROS_PRODUCTOS_GRUPO "704" "Otros productos" Credit;
    55 OTROS_PRODUCTOS "704.23" "Otros productos" Credit;
}

/// An account of the starting chart by its id.
#[must_use]
pub fn account(id: crate::AccountId) -> Option<&'static Account> {
    usize::try_from(id.0 - 1).ok().and_then(|index| CHART.get(index))
}

/// The account of a code.
#[must_use]
pub fn of_code(code: &str) -> Option<crate::AccountId> {
    let index = CHART.iter().position(|account| account.code == code)?;
    i64::try_from(index + 1).ok().map(crate::AccountId)
}

/// Whether an account of the chart has others below it in SAT's tree, so that nothing is posted to it.
#[must_use]
pub fn is_group(id: crate::AccountId) -> bool {
    account(id).is_some_and(|account| level(account.code) < 3)
}

/// An account's level in the tree, from 1: class (`100`), group (`101`), account (`101.01`).
#[must_use]
pub fn level(code: &str) -> i64 {
    match code.split_once('.') {
        Some(_) if code.ends_with("00.01") => 2,
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
    use super::*;

    #[test]
    fn codes_are_unique_and_every_parent_exists() {
        let mut seen = std::collections::BTreeSet::new();
        for account in CHART {
            assert!(seen.insert(account.code), "{} twice", account.code);
        }
        for account in CHART {
            if let Some(parent) = parent_code(account.code) {
                assert!(seen.contains(parent.as_str()), "{} lacks {parent}", account.code);
            }
        }
    }
}
