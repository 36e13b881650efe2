-- What is promised to layaways and what is on its way: apart from what lies there, so that neither touches the rows
-- of every sale.
ALTER TABLE stock DROP COLUMN reserved;
--;
CREATE TABLE stock_held (
    tenant_id BIGINT NOT NULL,
    item_id BIGINT NOT NULL,
    branch_id BIGINT NOT NULL,
    reserved BIGINT NOT NULL,
    in_transit BIGINT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, item_id, branch_id)
) {clustered} {updated};
--;
ALTER TABLE register_totals ADD COLUMN sales_store_credit BIGINT NOT NULL DEFAULT 0;
--;
ALTER TABLE daily_sales ADD COLUMN sales_store_credit BIGINT NOT NULL DEFAULT 0;
--;
CREATE TABLE categories (
    tenant_id BIGINT NOT NULL,
    category_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    parent_id BIGINT,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, category_id)
) {clustered};
--;
CREATE TABLE transfers (
    tenant_id BIGINT NOT NULL,
    transfer_id BIGINT NOT NULL,
    day BIGINT NOT NULL,
    occurred_at BIGINT NOT NULL,
    from_branch_id BIGINT NOT NULL,
    to_branch_id BIGINT NOT NULL,
    in_transit BIGINT NOT NULL,
    employee_id BIGINT NOT NULL,
    items_count BIGINT NOT NULL,
    notes TEXT,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, transfer_id)
) {clustered};
--;
-- Only the transfers that were on their way and have arrived.
CREATE TABLE transfer_receipts (
    tenant_id BIGINT NOT NULL,
    transfer_id BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, transfer_id)
) {clustered};
--;
CREATE TABLE quotations (
    tenant_id BIGINT NOT NULL,
    quotation_id BIGINT NOT NULL,
    folio TEXT NOT NULL,
    day BIGINT NOT NULL,
    valid_until BIGINT NOT NULL,
    occurred_at BIGINT NOT NULL,
    branch_id BIGINT NOT NULL,
    employee_id BIGINT NOT NULL,
    customer_id BIGINT,
    items_count BIGINT NOT NULL,
    net BIGINT NOT NULL,
    tax BIGINT NOT NULL,
    total BIGINT NOT NULL,
    notes TEXT,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, quotation_id)
) {clustered};
--;
-- Only the quotations that were sold or taken back.
CREATE TABLE quotation_ends (
    tenant_id BIGINT NOT NULL,
    quotation_id BIGINT NOT NULL,
    status TEXT NOT NULL,
    sale_id BIGINT,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, quotation_id)
) {clustered};
--;
CREATE TABLE layaways (
    tenant_id BIGINT NOT NULL,
    layaway_id BIGINT NOT NULL,
    folio TEXT NOT NULL,
    day BIGINT NOT NULL,
    due_day BIGINT NOT NULL,
    occurred_at BIGINT NOT NULL,
    branch_id BIGINT NOT NULL,
    employee_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    items_count BIGINT NOT NULL,
    net BIGINT NOT NULL,
    tax BIGINT NOT NULL,
    total BIGINT NOT NULL,
    notes TEXT,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, layaway_id)
) {clustered};
--;
-- What was paid into a layaway and where it stands.
CREATE TABLE layaway_states (
    tenant_id BIGINT NOT NULL,
    layaway_id BIGINT NOT NULL,
    status TEXT NOT NULL,
    paid BIGINT NOT NULL,
    sale_id BIGINT,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, layaway_id)
) {clustered} {updated};
--;
-- What changed a customer's balance, in the order in which it did.
CREATE TABLE customer_statement (
    tenant_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    position BIGINT NOT NULL,
    day BIGINT NOT NULL,
    type TEXT NOT NULL,
    reference TEXT NOT NULL,
    amount BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, customer_id, position)
) {clustered};
--;
CREATE TABLE customer_vehicles (
    tenant_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    vehicle_id BIGINT NOT NULL,
    plate TEXT,
    vin TEXT,
    brand TEXT,
    model TEXT,
    year BIGINT,
    engine TEXT,
    mye_id BIGINT,
    color TEXT,
    notes TEXT,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, customer_id, vehicle_id)
) {clustered};
--;
-- Only the vehicles that were taken off the list.
CREATE TABLE removed_vehicles (
    tenant_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    vehicle_id BIGINT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, customer_id, vehicle_id)
) {clustered};
--;
-- What of each item was sold on a day, net of what came back on it: units, and revenue without tax.
CREATE TABLE item_sales (
    tenant_id BIGINT NOT NULL,
    day BIGINT NOT NULL,
    branch_id BIGINT NOT NULL,
    item_id BIGINT NOT NULL,
    units BIGINT NOT NULL,
    revenue BIGINT NOT NULL,
    sales_count BIGINT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, day, branch_id, item_id)
) {clustered} {updated};
--;
-- What each employee sold in an hour of a day, tax included, without the sales that were cancelled later.
CREATE TABLE employee_sales (
    tenant_id BIGINT NOT NULL,
    day BIGINT NOT NULL,
    hour BIGINT NOT NULL,
    branch_id BIGINT NOT NULL,
    employee_id BIGINT NOT NULL,
    sales_count BIGINT NOT NULL,
    total BIGINT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, day, hour, branch_id, employee_id)
) {clustered} {updated};
