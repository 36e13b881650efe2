-- The directory of tenants, and the head of each one's log. Moving the head is what takes positions.
CREATE TABLE tenants (
    tenant_id BIGINT NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    organization_id TEXT NOT NULL,
    country TEXT NOT NULL,
    currency TEXT NOT NULL,
    timezone TEXT NOT NULL,
    head BIGINT NOT NULL,
    head_hash {bytes} NOT NULL
) {clustered};
--;
-- The log: the only truth.
CREATE TABLE events (
    tenant_id BIGINT NOT NULL,
    position BIGINT NOT NULL,
    stream TEXT NOT NULL,
    version BIGINT NOT NULL,
    event_type TEXT NOT NULL,
    schema_version BIGINT NOT NULL,
    payload {json} NOT NULL,
    metadata {json} NOT NULL,
    occurred_at BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    prev_hash {bytes} NOT NULL,
    hash {bytes} NOT NULL,
    PRIMARY KEY (tenant_id, position)
) {clustered};
--;
CREATE UNIQUE INDEX events_stream ON events (tenant_id, stream, version);
--;
-- One row for each answered request that carried a key; kept for ever.
CREATE TABLE idempotency (
    tenant_id BIGINT NOT NULL,
    scope_key TEXT NOT NULL,
    body_hash {bytes} NOT NULL,
    position BIGINT NOT NULL,
    status BIGINT NOT NULL,
    response TEXT NOT NULL,
    PRIMARY KEY (tenant_id, scope_key)
) {clustered};
--;
-- Secrets of people. They are no part of any event.
CREATE TABLE credentials (
    tenant_id BIGINT NOT NULL,
    employee_id BIGINT NOT NULL,
    pin_lookup {bytes} NOT NULL,
    pin_hash TEXT NOT NULL,
    PRIMARY KEY (tenant_id, employee_id)
) {clustered};
--;
CREATE UNIQUE INDEX credentials_pin ON credentials (tenant_id, pin_lookup);
--;
-- Folded state of decisions at a position, so that a start need not fold the whole log.
CREATE TABLE book_snapshots (
    tenant_id BIGINT NOT NULL PRIMARY KEY,
    position BIGINT NOT NULL,
    book_version BIGINT NOT NULL,
    book TEXT NOT NULL
) {clustered};
--;
-- How far each read model has followed a tenant's log.
CREATE TABLE checkpoints (
    tenant_id BIGINT NOT NULL,
    projection TEXT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, projection)
) {clustered};
--;
-- Keys of this installation; it belongs to no tenant.
CREATE TABLE installation_secrets (
    name TEXT NOT NULL PRIMARY KEY,
    secret {bytes} NOT NULL
) {clustered};
