-- What an optician measured, read by day.
CREATE TABLE prescriptions (
    tenant_id BIGINT NOT NULL,
    day BIGINT NOT NULL,
    prescription_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    od_sphere BIGINT NOT NULL,
    od_cylinder BIGINT,
    od_axis BIGINT,
    oi_sphere BIGINT NOT NULL,
    oi_cylinder BIGINT,
    oi_axis BIGINT,
    addition BIGINT,
    created_at BIGINT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, day, prescription_id)
) {clustered};
--;
CREATE INDEX prescriptions_by_customer ON prescriptions (tenant_id, customer_id);
--;
-- Orders to the workshop, and those that are ready.
CREATE TABLE workshop_orders (
    tenant_id BIGINT NOT NULL,
    order_id BIGINT NOT NULL,
    number TEXT NOT NULL,
    customer_id BIGINT NOT NULL,
    folio TEXT,
    notes TEXT,
    opened_at BIGINT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, order_id)
) {clustered};
--;
CREATE TABLE ready_workshop_orders (
    tenant_id BIGINT NOT NULL,
    order_id BIGINT NOT NULL,
    ready_at BIGINT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, order_id)
) {clustered};
--;
-- Where a customer has no fiscal address of their own, the shop's stands on the invoice.
ALTER TABLE tenants ADD COLUMN postal_code TEXT;
--;
-- Customers are found by tax id and legal name alone. They are folded again from the log.
ALTER TABLE customers ADD COLUMN legal_search TEXT NOT NULL DEFAULT '';
--;
DELETE FROM customers;
--;
DELETE FROM customer_balances;
--;
DELETE FROM receivables;
--;
DELETE FROM customer_payments;
--;
DELETE FROM checkpoints WHERE projection = 'customers';
