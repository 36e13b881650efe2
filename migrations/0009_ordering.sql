-- What companies order by themselves, and on what terms.
CREATE TABLE addresses (
    tenant_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    address_id BIGINT NOT NULL,
    title TEXT NOT NULL,
    line TEXT NOT NULL,
    city_id BIGINT NOT NULL,
    city TEXT NOT NULL,
    town_id BIGINT NOT NULL,
    town TEXT NOT NULL,
    neighbourhood_id BIGINT NOT NULL,
    neighbourhood TEXT NOT NULL,
    zip TEXT NOT NULL,
    contact TEXT NOT NULL,
    phone TEXT NOT NULL,
    email TEXT NOT NULL,
    tax_number TEXT NOT NULL,
    tax_office TEXT NOT NULL,
    company_title TEXT NOT NULL,
    invoice_address TEXT,
    is_different_invoice_address BIGINT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, customer_id, address_id)
) {clustered};
--;
CREATE TABLE deleted_addresses (
    tenant_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    address_id BIGINT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, customer_id, address_id)
) {clustered};
--;
CREATE TABLE favourites (
    tenant_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    item_id BIGINT NOT NULL,
    is_favourite BIGINT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, customer_id, item_id)
) {clustered};
--;
-- A company's own price; a price that is nothing was taken back.
CREATE TABLE company_prices (
    tenant_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    item_id BIGINT NOT NULL,
    price BIGINT,
    discount_pct BIGINT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, customer_id, item_id)
) {clustered};
--;
CREATE TABLE item_ordering (
    tenant_id BIGINT NOT NULL,
    item_id BIGINT NOT NULL,
    order_min BIGINT,
    order_max BIGINT,
    fractional BIGINT NOT NULL,
    fast_shipping BIGINT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, item_id)
) {clustered};
--;
-- When what companies see of an item changed last.
CREATE TABLE item_changes (
    tenant_id BIGINT NOT NULL,
    item_id BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, item_id)
) {clustered};
--;
-- The shop's terms; the last are in force.
CREATE TABLE ordering_settings (
    tenant_id BIGINT NOT NULL,
    position BIGINT NOT NULL,
    auto_confirm BIGINT NOT NULL,
    branch_id BIGINT NOT NULL,
    price_tier TEXT NOT NULL,
    credit_limit BIGINT NOT NULL,
    credit_days BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, position)
) {clustered};
--;
CREATE TABLE orders (
    tenant_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    order_id BIGINT NOT NULL,
    folio TEXT NOT NULL,
    day BIGINT NOT NULL,
    occurred_at BIGINT NOT NULL,
    branch_id BIGINT NOT NULL,
    net BIGINT NOT NULL,
    tax BIGINT NOT NULL,
    total BIGINT NOT NULL,
    note TEXT,
    address_title TEXT NOT NULL,
    address_line TEXT NOT NULL,
    invoice_address TEXT,
    billing_line TEXT NOT NULL,
    company_title TEXT NOT NULL,
    phone TEXT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, customer_id, order_id)
) {clustered};
--;
CREATE TABLE order_lines (
    tenant_id BIGINT NOT NULL,
    order_id BIGINT NOT NULL,
    line BIGINT NOT NULL,
    item_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    quantity BIGINT NOT NULL,
    unit_price BIGINT NOT NULL,
    discount_pct BIGINT NOT NULL,
    net BIGINT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, order_id, line)
) {clustered};
--;
-- What became of orders that are set aside no longer, and of those that were sales at once.
CREATE TABLE order_ends (
    tenant_id BIGINT NOT NULL,
    order_id BIGINT NOT NULL,
    status TEXT NOT NULL,
    sale_id BIGINT,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, order_id)
) {clustered};
