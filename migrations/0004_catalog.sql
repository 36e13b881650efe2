-- The vehicle catalogue: reference data that every tenant reads and none owns, loaded by `diario catalog import`
-- and not from any log. So its keys do not begin with a tenant.
CREATE TABLE catalog_brands (
    brand_id BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    -- Parts that fit some vehicle of the brand, counted at the end of each import.
    part_count BIGINT NOT NULL DEFAULT 0
) {clustered};
--;
CREATE TABLE catalog_models (
    model_id BIGINT NOT NULL PRIMARY KEY,
    brand_id BIGINT NOT NULL,
    name TEXT NOT NULL
) {clustered};
--;
CREATE INDEX catalog_models_by_brand ON catalog_models (brand_id);
--;
CREATE TABLE catalog_years (
    year_id BIGINT NOT NULL PRIMARY KEY,
    year BIGINT NOT NULL
) {clustered};
--;
CREATE TABLE catalog_engines (
    engine_id BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL
) {clustered};
--;
-- A vehicle: model, year and engine.
CREATE TABLE catalog_mye (
    mye_id BIGINT NOT NULL PRIMARY KEY,
    model_id BIGINT NOT NULL,
    year_id BIGINT NOT NULL,
    engine_id BIGINT NOT NULL
) {clustered};
--;
CREATE INDEX catalog_mye_by_model ON catalog_mye (model_id, year_id, engine_id);
--;
CREATE TABLE catalog_categories (
    category_id BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL
) {clustered};
--;
CREATE TABLE catalog_groups (
    group_id BIGINT NOT NULL PRIMARY KEY,
    category_id BIGINT NOT NULL,
    name TEXT NOT NULL
) {clustered};
--;
-- `number_key` and `maker_key` are number and manufacturer as they are compared: letters and digits only, in
-- capitals. `search` is the part's words as catalog_words has them.
CREATE TABLE catalog_parts (
    part_id BIGINT NOT NULL PRIMARY KEY,
    group_id BIGINT NOT NULL,
    part_number TEXT NOT NULL,
    name TEXT NOT NULL,
    manufacturer TEXT NOT NULL,
    description TEXT,
    number_key TEXT {bytewise} NOT NULL,
    maker_key TEXT {bytewise} NOT NULL,
    search TEXT NOT NULL
) {clustered};
--;
CREATE INDEX catalog_parts_by_number ON catalog_parts (number_key, maker_key, part_id);
--;
CREATE TABLE catalog_fitments (
    mye_id BIGINT NOT NULL,
    part_id BIGINT NOT NULL,
    PRIMARY KEY (mye_id, part_id)
) {clustered};
--;
CREATE INDEX catalog_fitments_by_part ON catalog_fitments (part_id, mye_id);
--;
CREATE TABLE catalog_cross_references (
    part_id BIGINT NOT NULL,
    number_key TEXT {bytewise} NOT NULL,
    maker_key TEXT {bytewise} NOT NULL,
    part_number TEXT NOT NULL,
    manufacturer TEXT NOT NULL,
    type TEXT NOT NULL,
    PRIMARY KEY (part_id, number_key, maker_key)
) {clustered};
--;
CREATE INDEX catalog_cross_references_by_number ON catalog_cross_references (number_key, maker_key, part_id);
--;
-- The parts that a word stands in, 65,536 ids a row: `parts` is a block of ids as store::postings writes it.
CREATE TABLE catalog_words (
    word TEXT {bytewise} NOT NULL,
    block BIGINT NOT NULL,
    parts {bytes} NOT NULL,
    PRIMARY KEY (word, block)
) {clustered};
--;
-- What a shop has of a part of the catalogue. Items are written when somebody edits them, not when they are sold.
CREATE INDEX items_by_catalog_part ON items (tenant_id, catalog_part_id, is_active)
    WHERE catalog_part_id IS NOT NULL;
