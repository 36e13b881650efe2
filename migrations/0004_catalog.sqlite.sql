-- The expression of projections::catalog::ITEM_KEY. The cast gives it the affinity of what it is compared with, and
-- `is_active` makes the index hold all that is asked: without either, SQLite would rather read all items of a tenant.
CREATE INDEX items_by_number ON items (tenant_id,
    CAST(UPPER(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(sku, '-', ''), ' ', ''), '.', ''), '/', ''), '_', '')) AS TEXT),
    is_active);
