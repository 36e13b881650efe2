-- Groups of variants: what shops with sizes call a product. Their prices and stock are those of their items.
CREATE TABLE product_groups (
    tenant_id BIGINT NOT NULL,
    group_id BIGINT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    category_id BIGINT,
    provider_id BIGINT,
    provider TEXT,
    is_active BIGINT NOT NULL,
    search TEXT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, group_id)
) {clustered};
--;
-- The items that are in a group; all others are products of their own.
CREATE TABLE variants (
    tenant_id BIGINT NOT NULL,
    item_id BIGINT NOT NULL,
    group_id BIGINT NOT NULL,
    size_id BIGINT NOT NULL,
    size TEXT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, item_id)
) {clustered};
--;
CREATE INDEX variants_by_group ON variants (tenant_id, group_id, item_id);
--;
-- Lists that were created, and the base list once it was changed.
CREATE TABLE price_lists (
    tenant_id BIGINT NOT NULL,
    list_id BIGINT NOT NULL,
    descripcion TEXT NOT NULL,
    is_base BIGINT NOT NULL,
    variacion BIGINT,
    is_active BIGINT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, list_id)
) {clustered};
--;
-- Second prices of products in a list.
CREATE TABLE additional_prices (
    tenant_id BIGINT NOT NULL,
    list_id BIGINT NOT NULL,
    product_id BIGINT NOT NULL,
    price BIGINT,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, list_id, product_id)
) {clustered};
