-- Endpoints as they were entered and changed: the newest row up to a position is what held there.
CREATE TABLE webhook_versions (
    tenant_id BIGINT NOT NULL,
    webhook_id BIGINT NOT NULL,
    position BIGINT NOT NULL,
    url TEXT NOT NULL,
    events TEXT NOT NULL,
    delivery TEXT NOT NULL,
    ordered BIGINT NOT NULL,
    description TEXT,
    at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, webhook_id, position)
) {clustered};
--;
-- Whether they are told anything: active, disabled, deleted.
CREATE TABLE webhook_states (
    tenant_id BIGINT NOT NULL,
    webhook_id BIGINT NOT NULL,
    position BIGINT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, webhook_id, position)
) {clustered};
--;
-- What is to be told, and what became of it. `next_at` is there while it waits; `failures` are those since it was last
-- asked for, `attempts` are all of them. No fact of the log: it is not rebuilt.
CREATE TABLE webhook_deliveries (
    tenant_id BIGINT NOT NULL,
    webhook_id BIGINT NOT NULL,
    delivery BIGINT NOT NULL,
    event TEXT NOT NULL,
    stream TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    next_at BIGINT,
    finished_at BIGINT,
    status BIGINT,
    answer TEXT,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, webhook_id, delivery)
) {clustered};
--;
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (tenant_id, webhook_id, next_at, delivery)
    WHERE next_at IS NOT NULL;
--;
-- For endpoints that want each document's events in their order.
CREATE INDEX webhook_deliveries_stream ON webhook_deliveries (tenant_id, webhook_id, stream, delivery)
    WHERE next_at IS NOT NULL;
--;
CREATE TABLE webhook_attempts (
    tenant_id BIGINT NOT NULL,
    webhook_id BIGINT NOT NULL,
    delivery BIGINT NOT NULL,
    at BIGINT NOT NULL,
    millis BIGINT NOT NULL,
    outcome TEXT NOT NULL,
    status BIGINT,
    answer TEXT,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, webhook_id, delivery, at)
) {clustered};
--;
-- Which server tells an endpoint, and how the endpoint has been lately.
CREATE TABLE webhook_endpoints (
    tenant_id BIGINT NOT NULL,
    webhook_id BIGINT NOT NULL,
    owner TEXT NOT NULL,
    lease_until BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    failing_since BIGINT,
    paused_until BIGINT,
    PRIMARY KEY (tenant_id, webhook_id)
) {clustered};
