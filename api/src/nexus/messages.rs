//! What Nexus says in Spanish: what is wrong and what to do about it.

use diario_domain::Refusal;

use crate::{
    error::{Problem, Rule},
    import::{Fault, RowError},
};

/// A problem's message.
pub fn problem(problem: &Problem) -> String {
    match problem {
        Problem::BadJson(why) => format!("El cuerpo no es un objeto JSON válido: {why}"),
        Problem::Field { name, rule } | Problem::Parameter { name, rule } => field(name, rule),
        Problem::Unauthenticated => {
            "Token faltante, expirado o inválido: inicie sesión en /pos/api/auth/login".to_owned()
        }
        Problem::WrongCredentials => "PIN incorrecto".to_owned(),
        Problem::Forbidden { permission } => format!("Su rol no tiene el permiso {permission}"),
        Problem::NoRoute => "Esa ruta no existe".to_owned(),
        Problem::NoMethod => "Esa ruta no acepta este método".to_owned(),
        Problem::NotFound { what } => match *what {
            "tenant" => "La empresa no existe".to_owned(),
            "item" => "El producto no existe".to_owned(),
            "sale" => "La venta no existe".to_owned(),
            "customer" => "El cliente no existe".to_owned(),
            "part" => "La parte no existe en el catálogo".to_owned(),
            "account" => "La cuenta no existe".to_owned(),
            "entry" => "La póliza no existe".to_owned(),
            "transfer" => "El traspaso no existe".to_owned(),
            "count" => "La toma física no existe".to_owned(),
            "quotation" => "La cotización no existe".to_owned(),
            "layaway" => "El apartado no existe".to_owned(),
            "register" => "No hay caja abierta: abra una en /pos/api/register/open".to_owned(),
            _ => "No existe".to_owned(),
        },
        Problem::TooLarge => {
            "El cuerpo es demasiado grande (máximo 4 MB; 16 MB al importar un archivo)".to_owned()
        }
        Problem::TooMany { wait } => {
            format!("Demasiados intentos de PIN: espere {} minutos", wait.as_secs().div_ceil(60).max(1))
        }
        Problem::KeyReused => "Esa Idempotency-Key ya se usó con otro contenido: use una nueva".to_owned(),
        Problem::KeyBusy => {
            "La primera solicitud con esa Idempotency-Key sigue en proceso: intente de nuevo".to_owned()
        }
        Problem::Busy => "El servidor está ocupado: intente de nuevo en un momento".to_owned(),
        Problem::Internal(_) => "Error interno del servidor".to_owned(),
    }
}

fn field(name: &str, rule: &Rule) -> String {
    match rule {
        Rule::Required => format!("Falta el campo {name}"),
        Rule::Text => format!("{name} debe ser texto"),
        Rule::TextUpTo(max) => format!("{name} debe ser texto de {max} caracteres como máximo"),
        Rule::TextFrom(min) => format!("{name} debe ser texto de {min} caracteres o más"),
        Rule::NotEmpty => format!("{name} no puede estar vacío"),
        Rule::Integer => format!("{name} debe ser un número entero"),
        Rule::IntegerFrom(least) => format!("{name} debe ser un número entero de {least} o más"),
        Rule::IntegerBetween(least, most) => {
            format!("{name} debe ser un número entero de {least} a {most}")
        }
        Rule::Number => format!("{name} debe ser un número"),
        Rule::Decimals(max) => format!("{name} debe ser un número con {max} decimales como máximo"),
        Rule::NotNegative => format!("{name} debe ser 0 o más"),
        Rule::TooBig => format!("{name} es demasiado grande (máximo 100 millones)"),
        Rule::Boolean => format!("{name} debe ser true o false"),
        Rule::List => format!("{name} debe ser una lista"),
        Rule::Object => format!("{name} debe ser un objeto"),
        Rule::OneOf(words) => format!("{name} debe ser uno de: {}", words.join(", ")),
        Rule::Date => format!("{name} debe ser una fecha AAAA-MM-DD"),
        Rule::AtMost(max) => format!("{name} lleva {max} como máximo"),
        Rule::Cursor => format!("{name} debe ser el next_cursor de la página anterior, sin page"),
        Rule::NotWith(other) => format!("{name} no va con {other}"),
        Rule::Form(form) => format!("{name} debe tener la forma {form}"),
    }
}

/// A refusal's message.
#[expect(clippy::too_many_lines, reason = "one arm for each refusal")]
pub fn refusal(refusal: &Refusal) -> String {
    match refusal {
        Refusal::UnknownSale(id) => format!("La venta {id} no existe"),
        Refusal::UnknownItem(id) => format!("inventory_id: el producto {id} no existe"),
        Refusal::ItemNotFound(id) => format!("El producto {id} no existe"),
        Refusal::InactiveItem { sku, .. } => {
            format!("El producto {sku} está inactivo: actívelo para venderlo")
        }
        Refusal::NotStocked { sku, .. } => format!("{sku} es un servicio y no lleva inventario"),
        Refusal::UnknownCustomer(id) => format!("customer_id: el cliente {id} no existe"),
        Refusal::CustomerNotFound(id) => format!("El cliente {id} no existe"),
        Refusal::UnknownBranch(id) => format!("branch_id: la sucursal {id} no existe"),
        Refusal::UnknownEmployee(id) => format!("El empleado {id} no existe o está inactivo"),
        Refusal::EmployeeNotFound(id) => format!("El empleado {id} no existe"),
        Refusal::OwnerStays(id) => format!("El empleado {id} es el dueño: conserva su puesto y sigue activo"),
        Refusal::OwnersOnly(id) => format!("El empleado {id} es el dueño: solo él cambia sus datos y su PIN"),
        Refusal::InsufficientStock { sku, name, available, wanted, .. } => format!(
            "Existencia insuficiente de {sku} ({name}): disponible {}, solicitado {}",
            available.to_decimal().normalize(),
            wanted.to_decimal().normalize()
        ),
        Refusal::RegisterClosed(id) => {
            format!("register_id: la caja {id} no está abierta; abra una en /pos/api/register/open")
        }
        Refusal::ForeignRegister(id) => format!("register_id: la caja {id} es de otra sucursal"),
        Refusal::RegisterRequired => {
            "register_id: se mueve efectivo y hace falta una caja abierta; abra una en /pos/api/register/open"
                .to_owned()
        }
        Refusal::RegisterAlreadyOpen(id) => {
            format!("Ya tiene abierta la caja {id}: haga su corte Z antes de abrir otra")
        }
        Refusal::RegisterNumberInUse { number, session } => {
            format!("register_number: la caja número {number} ya está abierta (sesión {session})")
        }
        Refusal::InsufficientCash { available, wanted } => {
            format!("amount: en la caja hay {available} y no se pueden retirar {wanted}")
        }
        Refusal::Underpaid { total, paid } => {
            format!("amount_paid: el total es {total} y se pagaron {paid}; faltan {}", *total - *paid)
        }
        Refusal::Overpaid { total, paid } => {
            format!("amount_paid: el total es {total} y se pagaron {paid}; solo el efectivo da cambio")
        }
        Refusal::TendersDisagree { parts, stated } => {
            format!("amount_paid: es {stated}, pero payment_details suma {parts}")
        }
        Refusal::CreditWithoutCustomer => "customer_id: una venta a crédito necesita un cliente".to_owned(),
        Refusal::CreditWithPayment => {
            "amount_paid: una venta a crédito no lleva pago; use sale_type mixed para pagar una parte"
                .to_owned()
        }
        Refusal::CreditLimitExceeded { limit, balance } => {
            format!("El saldo del cliente llegaría a {balance} y su límite de crédito es {limit}")
        }
        Refusal::DiscountTooHigh { discount, limit } => format!(
            "El descuento de {} % supera el máximo del empleado ({} %)",
            discount.to_decimal().normalize(),
            limit.to_decimal().normalize()
        ),
        Refusal::DiscountForbidden => "Su rol no tiene el permiso pos.discount".to_owned(),
        Refusal::Invalid { field, rule } => format!("{field}: {}", spanish(rule)),
        Refusal::DuplicateSku(sku) => format!("part_number: {sku} ya existe"),
        Refusal::DuplicateBarcode(barcode) => format!("barcode: {barcode} ya existe"),
        Refusal::DuplicateRfc(rfc) => format!("rfc: {rfc} ya es de otro cliente"),
        Refusal::CostIsAverage => {
            "cost: es el promedio de lo recibido y cambia con las compras mientras haya existencia".to_owned()
        }
        Refusal::SaleCancelled(id) => format!("La venta {id} está cancelada"),
        Refusal::SaleHasReturns(id) => format!("La venta {id} tiene devoluciones y ya no se puede cancelar"),
        Refusal::SaleHasPayments(id) => {
            format!("La venta {id} tiene abonos y ya no se puede cancelar: registre una devolución")
        }
        Refusal::NotInSale { sale, item } => {
            format!("inventory_id: el producto {item} no está en la venta {sale}")
        }
        Refusal::ReturnExceedsSale { item, sold, returned, wanted } => format!(
            "quantity: del producto {item} se vendieron {}, ya se devolvieron {} y no se pueden devolver {} más",
            sold.to_decimal().normalize(),
            returned.to_decimal().normalize(),
            wanted.to_decimal().normalize()
        ),
        Refusal::StoreCreditWithoutCustomer => {
            "customer_id: el saldo a favor necesita un cliente; elija otro payment_method o refund_method"
                .to_owned()
        }
        Refusal::PaymentExceedsBalance { balance, amount } => {
            format!("amount: el cliente debe {balance} y no se pueden abonar {amount}")
        }
        Refusal::AmountTooLarge => "El importe del documento es demasiado grande".to_owned(),
        Refusal::TooManyLines(max) => format!("items: un documento lleva {max} renglones como máximo"),
        Refusal::TenantExists => "La empresa ya existe".to_owned(),
        Refusal::DuplicatePin => "pin: ya lo usa otro empleado; elija otro".to_owned(),
        Refusal::InactiveCustomer(id) => {
            format!("customer_id: el cliente {id} está inactivo; actívelo para venderle")
        }
        Refusal::InsufficientStoreCredit { field, available, wanted } => {
            format!("{field}: el cliente tiene {available} de saldo a favor y no se pueden usar {wanted}")
        }
        Refusal::UnknownVehicle(id) => format!("El vehículo {id} no existe"),
        Refusal::UnknownCategory(id) => format!("parent_id: la categoría {id} no existe"),
        Refusal::UnknownTransfer(id) => format!("El traspaso {id} no existe"),
        Refusal::TransferNotInTransit(id) => format!("El traspaso {id} no está en tránsito"),
        Refusal::NotInTransfer { transfer, item } => {
            format!("inventory_id: el producto {item} no está en el traspaso {transfer}")
        }
        Refusal::ReceivedExceedsSent { item, sent } => format!(
            "quantity: del producto {item} se enviaron {} y no se pueden recibir más",
            sent.to_decimal().normalize()
        ),
        Refusal::UnknownCount(id) => format!("La toma física {id} no existe"),
        Refusal::CountApproved(id) => format!("La toma física {id} ya está aprobada"),
        Refusal::UnknownQuotation(id) => format!("La cotización {id} no existe"),
        Refusal::QuotationExpired { quotation, valid_until } => {
            format!("La cotización {quotation} venció el {valid_until}: haga una nueva")
        }
        Refusal::QuotationConverted { quotation, sale } => {
            format!("La cotización {quotation} ya se convirtió en la venta {sale}")
        }
        Refusal::QuotationCancelled(id) => format!("La cotización {id} está cancelada"),
        Refusal::UnknownLayaway(id) => format!("El apartado {id} no existe"),
        Refusal::LayawayCompleted { layaway, sale } => {
            format!("El apartado {layaway} ya se completó con la venta {sale}")
        }
        Refusal::LayawayCancelled(id) => format!("El apartado {id} está cancelado"),
        Refusal::LayawayUnpaid { layaway, balance } => {
            format!("Al apartado {layaway} le faltan {balance} por pagar")
        }
        Refusal::PeriodClosed(period) => format!(
            "El periodo {period} está cerrado y ya no acepta movimientos: use una fecha de un periodo abierto"
        ),
        Refusal::PeriodInFuture(period) => format!("month: el periodo {period} todavía no empieza"),
        Refusal::EarlierPeriodOpen { period, open } => {
            format!("month: cierre primero el periodo {open}; {period} va después")
        }
        Refusal::UnknownKey(id) => format!("La llave {id} no existe o ya fue revocada"),
        Refusal::UnknownUser(id) => format!("El usuario {id} no existe"),
        Refusal::DuplicateIdentity(number) => format!("dni: {number} ya es de otro paciente"),
        Refusal::UnknownWorkshopOrder(id) => format!("La orden de taller {id} no existe"),
        Refusal::WorkshopOrderReady(id) => format!("La orden de taller {id} ya está lista"),
        Refusal::UnknownProduct(id) => format!("El producto {id} no existe"),
        Refusal::NoVariants(id) => {
            format!("El producto {id} no tiene variantes: agregue una antes de ponerle precio")
        }
        Refusal::DuplicateGroupCode(code) => format!("code: {code} ya existe"),
        Refusal::DuplicateSize { group, size } => {
            format!("size: el producto {group} ya tiene la talla {size}")
        }
        Refusal::UnknownPriceList(id) => format!("La lista de precios {id} no existe"),
        Refusal::DerivedList(_) => "Solo se pueden editar listas base".to_owned(),
        Refusal::BaseList(id) => {
            format!("La lista {id} es la base: no lleva variacion y no se puede desactivar")
        }
        Refusal::DuplicateLogin(name) => format!("email: {name} ya está en uso"),
        Refusal::UnknownWebhook(id) => format!("El webhook {id} no existe"),
        Refusal::WebhookDisabled(id) => format!("El webhook {id} está desactivado: actívelo primero"),
        Refusal::TooManyWebhooks { limit } => {
            format!("El plan permite {limit} webhooks: borre uno o cambie de plan")
        }
        Refusal::PeriodMoved(period) => {
            format!("Se registraron movimientos en {period} mientras se cerraba: intente de nuevo")
        }
        Refusal::UnknownAccount { field, account } => format!("{field}: la cuenta {account} no existe"),
        Refusal::NotPostable { field, code } => {
            format!("{field}: la cuenta {code} es acumulativa; use una de sus subcuentas")
        }
        Refusal::DuplicateAccount(code) => format!("code: la cuenta {code} ya existe"),
        Refusal::ControlAccount { field, code } => {
            format!(
                "{field}: la cuenta {code} la llevan inventario, clientes o apartados; ni pólizas manuales ni cambios de cuenta la tocan"
            )
        }
        Refusal::Unbalanced { debits, credits } => {
            format!("lines: los cargos suman {debits} y los abonos {credits}; deben ser iguales")
        }
        Refusal::UnknownEntry(id) => format!("La póliza {id} no existe entre las manuales"),
        Refusal::EntryReversed { entry, by } => format!("La póliza {entry} ya se revirtió con {by}"),
        Refusal::IsReversal(id) => format!("La póliza {id} es ya una reversión"),
        Refusal::UnknownAddress(id) => format!("La dirección {id} no existe"),
        Refusal::UnknownOrder(id) => format!("El pedido {id} no existe"),
        Refusal::OrderConfirmed { order, sale } => {
            format!("El pedido {order} ya se convirtió en la venta {sale}")
        }
        Refusal::OrderCancelled(id) => format!("El pedido {id} está cancelado"),
        Refusal::WholeUnitsOnly { name, .. } => format!("{name} se pide en unidades enteras"),
        Refusal::OrderTooSmall { name, least, .. } => {
            format!("{name}: el pedido mínimo es {}", least.to_decimal().normalize())
        }
        Refusal::OrderTooLarge { name, most, .. } => {
            format!("{name}: el pedido máximo es {}", most.to_decimal().normalize())
        }
        Refusal::NoPrice { name, .. } => format!("{name} no tiene precio"),
        Refusal::NothingOwed(id) => format!("purchase_id: no se debe nada de la compra {id}"),
        Refusal::DepositExceedsBalance { field, balance, amount } => {
            format!("{field}: faltan {balance} por pagar y no se pueden abonar {amount}")
        }
    }
}

/// What a category is called that was never given a name.
pub fn nameless_category(id: i64) -> String {
    format!("Categoría {id}")
}

/// What is wrong at a place of a file that is imported.
pub fn import(error: &RowError) -> String {
    let column = error.column.as_deref().unwrap_or("fila");
    match &error.fault {
        Fault::Empty => "El archivo está vacío: la primera fila lleva los nombres de las columnas".to_owned(),
        Fault::NotText => {
            "El archivo no es un libro XLSX ni texto en UTF-8: guárdelo como «CSV UTF-8» o como XLSX"
                .to_owned()
        }
        Fault::NotSpreadsheet => {
            "El archivo no se puede leer como libro XLSX: guárdelo de nuevo como XLSX o como «CSV UTF-8»"
                .to_owned()
        }
        Fault::TooLarge => "El libro XLSX descomprimido es demasiado grande (máximo 256 MB)".to_owned(),
        Fault::Misquoted => {
            "Unas comillas no cierran o llevan texto detrás: encierre el valor entero entre comillas y duplique las de dentro"
                .to_owned()
        }
        Fault::TooManyRows(max) => {
            format!("El archivo tiene más de {max} filas: divídalo en varios")
        }
        Fault::TooManyColumns(max) => format!("La fila tiene más de {max} columnas"),
        Fault::UnknownColumn(known) => {
            format!("{column}: columna desconocida; se aceptan: {}", known.join(", "))
        }
        Fault::UnnamedColumn => "La fila tiene un valor en una columna sin nombre".to_owned(),
        Fault::MissingColumn => format!("Falta la columna {column}"),
        Fault::RepeatedColumn => format!("{column}: hay dos columnas con ese significado"),
        Fault::Width { found, header } => {
            format!(
                "La fila tiene {found} valores y el encabezado {header} columnas: revise comillas y separadores"
            )
        }
        Fault::DateCell => {
            format!("{column}: la celda es una fecha; dele formato de texto y escriba el valor de nuevo")
        }
        Fault::ErrorCell(what) => format!("{column}: la celda tiene el error {what}"),
        Fault::LongNumber => format!(
            "{column}: Excel solo guarda 15 cifras de un número; dele formato de texto y escriba el valor de nuevo"
        ),
        Fault::Value { problem: why, found: None } => problem(why),
        Fault::Value { problem: why, found: Some(found) } => format!("{}; dice «{found}»", problem(why)),
        Fault::Repeated { row } => format!("{column}: se repite; ya está en la fila {row}"),
        Fault::Differs { there, here } => {
            format!(
                "{column}: ya existe con «{there}» y el archivo dice «{here}»; importar no modifica lo que ya existe"
            )
        }
        Fault::Refused(why) => refusal(why),
    }
}

/// Why nothing of a file was created.
pub fn import_failed(rejected: u64, rows: u64, first: &RowError) -> String {
    let why = import(first);
    match (rejected, first.row) {
        (0, _) | (_, 0) => why,
        (_, row) => format!("No se creó nada: {rejected} de {rows} filas tienen errores; fila {row}: {why}"),
    }
}

/// The domain's rules in Spanish. A test holds that none is missing.
fn spanish(rule: &str) -> &str {
    match rule {
        "not empty" => "no puede estar vacío",
        "more than -100 and at most 1000" => "debe ser más de -100 y como máximo 1000",
        "0 or more" => "debe ser 0 o más",
        "more than 0" => "debe ser más de 0",
        "1 or more" => "debe ser 1 o más",
        "order_min or more" => "debe ser order_min o más",
        "other than 0" => "no puede ser 0",
        "more than 0 and at most 100 million" => "debe ser más de 0 y como máximo 100 millones",
        "between 0 and 100" => "debe estar entre 0 y 100",
        "between 0 and 100 million" => "debe estar entre 0 y 100 millones",
        "between 0 and 3650" => "debe estar entre 0 y 3650",
        "a fraction between 0 and 1" => "debe ser una fracción entre 0 y 1 (0.16 es 16 %)",
        "a list with at least one line" => "debe ser una lista con al menos un renglón",
        "0 or more, and max_stock likewise" => "debe ser 0 o más, igual que max_stock",
        "a branch of the shop" => "debe ser una sucursal de la empresa",
        "another branch than from_branch_id" => "debe ser otra sucursal que from_branch_id",
        "there when something is missing" => "hace falta cuando algo no llegó",
        "named once" => "no se puede repetir",
        "between 1 and 365" => "debe estar entre 1 y 365",
        "those of the quotation, or left out" => "deben ser los de la cotización, o no enviarse",
        "that of the quotation" => "debe ser el de la cotización",
        "today or later" => "debe ser hoy o después",
        "between 0 and what was paid" => "debe estar entre 0 y lo pagado",
        "there, or vin, or model" => "hace falta, o vin, o model",
        "letters, digits, dots and dashes, 30 at most" => {
            "debe llevar letras, dígitos, puntos o guiones, 30 como máximo"
        }
        "one of SAT's codes" => "debe ser un código agrupador del SAT",
        "a type of event" => "debe ser un tipo de evento",
        "an https address" => "debe ser una dirección https completa",
        "a list of cliente.creado, venta.cerrada, taller.listo, * or types of events of the log" => {
            "debe ser una lista de cliente.creado, venta.cerrada, taller.listo, * o tipos de eventos del registro"
        }
        "500 characters at most" => "debe tener 500 caracteres como máximo",
        "a position of the log" => "debe ser una posición del registro",
        "a list with at least two lines" => "debe ser una lista con al menos dos renglones",
        "not in the future" => "no puede ser una fecha futura",
        "1900 or later" => "debe ser de 1900 o después",
        "not owner" => "no puede ser owner: el dueño es uno",
        "more than 0, or else credit is: one of them" => "o credit debe ser más de 0: uno de los dos",
        "between the entry's day and today" => "debe estar entre la fecha de la póliza y hoy",
        "an account of expenses (6xx)" => "debe ser una cuenta de gastos (6xx)",
        "left out where cash comes in" => "no va en una entrada de efectivo",
        "between 0 and the amount" => "debe estar entre 0 y el importe",
        "between 0 and the amount, with its tax" => "debe estar, con su impuesto, entre 0 y el importe",
        "between -40 and 40 diopters" => "debe estar entre -40 y 40 dioptrías",
        "between 0 and 6 diopters" => "debe estar entre 0 y 6 dioptrías",
        "between 0 and 180 degrees" => "debe estar entre 0 y 180 grados",
        "there where an axis is" => "hace falta cuando hay eje",
        "a means that somebody pays with" => "debe ser un medio con que alguien paga",
        "an e-mail address" => "debe ser una dirección de correo",
        "scopes of the surface" => "deben ser scopes de la superficie",
        "a sale of the shop" => "debe ser una venta de la empresa",
        "between 1900 and 2100" => "debe estar entre 1900 y 2100",
        other => other,
    }
}
