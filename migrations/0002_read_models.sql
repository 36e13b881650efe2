CREATE TABLE branches (
    tenant_id BIGINT NOT NULL,
    branch_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    address TEXT,
    phone TEXT,
    is_active BIGINT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, branch_id)
) {clustered};
--;
CREATE TABLE employees (
    tenant_id BIGINT NOT NULL,
    employee_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    email TEXT,
    phone TEXT,
    role TEXT NOT NULL,
    branch_id BIGINT NOT NULL,
    max_discount_pct BIGINT NOT NULL,
    is_active BIGINT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, employee_id)
) {clustered};
--;
CREATE TABLE items (
    tenant_id BIGINT NOT NULL,
    item_id BIGINT NOT NULL,
    sku TEXT NOT NULL,
    barcode TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    kind TEXT NOT NULL,
    branch_id BIGINT NOT NULL,
    category_id BIGINT,
    brand TEXT,
    unit TEXT NOT NULL,
    min_stock BIGINT NOT NULL,
    max_stock BIGINT,
    location TEXT,
    image_url TEXT,
    catalog_part_id BIGINT,
    is_active BIGINT NOT NULL,
    search TEXT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, item_id)
) {clustered};
--;
CREATE TABLE item_prices (
    tenant_id BIGINT NOT NULL,
    item_id BIGINT NOT NULL,
    price_1 BIGINT NOT NULL,
    price_2 BIGINT NOT NULL,
    price_3 BIGINT NOT NULL,
    tax_rate BIGINT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, item_id)
) {clustered};
--;
-- Stock by branch. `stock_value` of an item's rows adds up to its part of account 115; its average cost is that
-- of the row with the largest position, its newest movement the largest `last_movement`.
CREATE TABLE stock (
    tenant_id BIGINT NOT NULL,
    item_id BIGINT NOT NULL,
    branch_id BIGINT NOT NULL,
    on_hand BIGINT NOT NULL,
    reserved BIGINT NOT NULL,
    stock_value BIGINT NOT NULL,
    average_cost BIGINT NOT NULL,
    last_movement BIGINT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, item_id, branch_id)
) {clustered} {updated};
--;
-- A sale as lists show it. Its lines, tenders and later history are its own events.
CREATE TABLE sales (
    tenant_id BIGINT NOT NULL,
    sale_id BIGINT NOT NULL,
    folio TEXT NOT NULL,
    day BIGINT NOT NULL,
    occurred_at BIGINT NOT NULL,
    branch_id BIGINT NOT NULL,
    employee_id BIGINT NOT NULL,
    customer_id BIGINT,
    register_id BIGINT,
    sale_type TEXT NOT NULL,
    payment_method TEXT NOT NULL,
    items_count BIGINT NOT NULL,
    net BIGINT NOT NULL,
    tax BIGINT NOT NULL,
    total BIGINT NOT NULL,
    paid BIGINT NOT NULL,
    change_given BIGINT NOT NULL,
    on_credit BIGINT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, sale_id)
) {clustered};
--;
-- Only the sales that something happened to afterwards.
CREATE TABLE sale_changes (
    tenant_id BIGINT NOT NULL,
    sale_id BIGINT NOT NULL,
    status TEXT NOT NULL,
    returned_total BIGINT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, sale_id)
) {clustered};
--;
CREATE TABLE last_sales (
    tenant_id BIGINT NOT NULL,
    branch_id BIGINT NOT NULL,
    employee_id BIGINT NOT NULL,
    sale_id BIGINT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, branch_id, employee_id)
) {clustered} {updated};
--;
CREATE TABLE registers (
    tenant_id BIGINT NOT NULL,
    register_id BIGINT NOT NULL,
    register_number BIGINT NOT NULL,
    branch_id BIGINT NOT NULL,
    employee_id BIGINT NOT NULL,
    opened_at BIGINT NOT NULL,
    opening BIGINT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, register_id)
) {clustered};
--;
CREATE TABLE register_totals (
    tenant_id BIGINT NOT NULL,
    register_id BIGINT NOT NULL,
    sales_cash BIGINT NOT NULL,
    sales_card BIGINT NOT NULL,
    sales_transfer BIGINT NOT NULL,
    sales_credit BIGINT NOT NULL,
    movements_in BIGINT NOT NULL,
    movements_out BIGINT NOT NULL,
    sales_count BIGINT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, register_id)
) {clustered} {updated};
--;
CREATE TABLE register_cuts (
    tenant_id BIGINT NOT NULL,
    register_id BIGINT NOT NULL,
    day BIGINT NOT NULL,
    closed_at BIGINT NOT NULL,
    expected BIGINT NOT NULL,
    counted BIGINT NOT NULL,
    difference BIGINT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, register_id)
) {clustered};
--;
CREATE TABLE register_movements (
    tenant_id BIGINT NOT NULL,
    register_id BIGINT NOT NULL,
    position BIGINT NOT NULL,
    type TEXT NOT NULL,
    amount BIGINT NOT NULL,
    reason TEXT NOT NULL,
    occurred_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, register_id, position)
) {clustered};
--;
-- A register day of a branch: what the daily summary adds up.
CREATE TABLE daily_sales (
    tenant_id BIGINT NOT NULL,
    day BIGINT NOT NULL,
    branch_id BIGINT NOT NULL,
    register_id BIGINT NOT NULL,
    sales_count BIGINT NOT NULL,
    sales_cash BIGINT NOT NULL,
    sales_card BIGINT NOT NULL,
    sales_transfer BIGINT NOT NULL,
    sales_credit BIGINT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, day, branch_id, register_id)
) {clustered} {updated};
--;
CREATE TABLE customers (
    tenant_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    rfc TEXT,
    razon_social TEXT,
    regimen_fiscal TEXT,
    codigo_postal TEXT,
    uso_cfdi TEXT,
    email TEXT,
    phone TEXT,
    address TEXT,
    price_tier TEXT NOT NULL,
    credit_limit BIGINT NOT NULL,
    credit_days BIGINT NOT NULL,
    branch_id BIGINT,
    is_active BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    search TEXT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, customer_id)
) {clustered};
--;
CREATE TABLE customer_balances (
    tenant_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    balance BIGINT NOT NULL,
    store_credit BIGINT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, customer_id)
) {clustered} {updated};
--;
CREATE TABLE receivables (
    tenant_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    sale_id BIGINT NOT NULL,
    due_day BIGINT NOT NULL,
    open_amount BIGINT NOT NULL,
    open_tax BIGINT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, customer_id, sale_id)
) {clustered} {updated};
--;
CREATE TABLE customer_payments (
    tenant_id BIGINT NOT NULL,
    payment_id BIGINT NOT NULL,
    folio TEXT NOT NULL,
    customer_id BIGINT NOT NULL,
    day BIGINT NOT NULL,
    occurred_at BIGINT NOT NULL,
    amount BIGINT NOT NULL,
    method TEXT NOT NULL,
    reference TEXT,
    notes TEXT,
    balance BIGINT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, payment_id)
) {clustered};
--;
CREATE TABLE accounts (
    tenant_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    code TEXT NOT NULL,
    sat_code TEXT NOT NULL,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    parent_id BIGINT,
    level BIGINT NOT NULL,
    is_active BIGINT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, account_id)
) {clustered};
--;
-- An entry with its lines, `[[account_id, amount, register_id or null], …]`, debit positive: one row, which the
-- database takes only when it balances. The view journal_lines shows the lines as rows.
CREATE TABLE journal_entries (
    tenant_id BIGINT NOT NULL,
    entry_id BIGINT NOT NULL,
    day BIGINT NOT NULL,
    branch_id BIGINT NOT NULL,
    type TEXT NOT NULL,
    event_type TEXT NOT NULL,
    reference TEXT NOT NULL,
    description TEXT NOT NULL,
    total BIGINT NOT NULL,
    lines TEXT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, entry_id)
) {clustered};
--;
-- Debits and credits by day: what the trial balance adds up, so that its time grows with days, not with sales.
CREATE TABLE ledger_totals (
    tenant_id BIGINT NOT NULL,
    day BIGINT NOT NULL,
    branch_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    debit BIGINT NOT NULL,
    credit BIGINT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, day, branch_id, account_id)
) {clustered} {updated};
