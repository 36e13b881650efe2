-- The expression of projections::catalog::ITEM_KEY.
CREATE INDEX items_by_number ON items (tenant_id,
    UPPER(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(sku, '-', ''), ' ', ''), '.', ''), '/', ''), '_', '')));
