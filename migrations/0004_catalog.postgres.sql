-- The expression of projections::catalog::ITEM_KEY. Its collation is that of the column it is compared with.
CREATE INDEX items_by_number ON items (tenant_id,
    (CAST(UPPER(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(sku, '-', ''), ' ', ''), '.', ''), '/', ''), '_', '')) AS TEXT))
    COLLATE "C", is_active);
--;
-- Lists and bitmaps of ids are not worth compressing, and are written over and over during an import.
ALTER TABLE catalog_words ALTER COLUMN parts SET STORAGE EXTERNAL;
