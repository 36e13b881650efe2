-- Secrets of every kind, written with the event that makes what they open. The log has none of them.
CREATE TABLE secrets (
    tenant_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    lookup {bytes} NOT NULL,
    subject BIGINT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (tenant_id, kind, lookup)
) {clustered};
--;
INSERT INTO secrets (tenant_id, kind, lookup, subject, hash)
    SELECT tenant_id, 'pin', pin_lookup, employee_id, pin_hash FROM credentials;
--;
DROP TABLE credentials;
--;
-- What a tenant may ask of a surface in a day, by the tenant's own calendar.
CREATE TABLE daily_usage (
    tenant_id BIGINT NOT NULL,
    day BIGINT NOT NULL,
    limiter TEXT NOT NULL,
    used BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, day, limiter)
) {clustered};
--;
-- Keys and tokens of every surface but the tills'.
CREATE TABLE access_keys (
    tenant_id BIGINT NOT NULL,
    key_id BIGINT NOT NULL,
    surface TEXT NOT NULL,
    name TEXT NOT NULL,
    prefix TEXT NOT NULL,
    scopes TEXT NOT NULL,
    user_id BIGINT,
    sandbox BIGINT NOT NULL,
    page_base BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, key_id)
) {clustered};
--;
CREATE TABLE revoked_keys (
    tenant_id BIGINT NOT NULL,
    key_id BIGINT NOT NULL,
    revoked_at BIGINT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, key_id)
) {clustered};
--;
-- When a key was last used: told to whoever asks, and no fact of the log.
CREATE TABLE access_key_uses (
    tenant_id BIGINT NOT NULL,
    key_id BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, key_id)
) {clustered};
--;
-- People who log in with e-mail and password: staff, and customers who order.
CREATE TABLE access_users (
    tenant_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    email TEXT NOT NULL,
    username TEXT NOT NULL,
    name TEXT NOT NULL,
    customer_id BIGINT,
    created_at BIGINT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, user_id)
) {clustered};
--;
-- What the shop has subscribed to: how much it may ask, how many webhooks it may have.
CREATE TABLE plans (
    tenant_id BIGINT NOT NULL,
    position BIGINT NOT NULL,
    plan TEXT NOT NULL,
    PRIMARY KEY (tenant_id, position)
) {clustered};
--;
-- Customers know the person behind the name, and when they were changed. They are folded again from the log.
ALTER TABLE customers ADD COLUMN given_names TEXT;
--;
ALTER TABLE customers ADD COLUMN surnames TEXT;
--;
ALTER TABLE customers ADD COLUMN identity_number TEXT;
--;
ALTER TABLE customers ADD COLUMN tax_office TEXT;
--;
ALTER TABLE customers ADD COLUMN updated_at BIGINT NOT NULL DEFAULT 0;
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
