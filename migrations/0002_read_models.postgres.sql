CREATE FUNCTION diario_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    bad RECORD;
BEGIN
    SELECT tenant_id, entry_id, SUM(amount) AS difference INTO bad
    FROM written GROUP BY tenant_id, entry_id HAVING SUM(amount) <> 0 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'journal entry % of tenant % is off by %', bad.entry_id, bad.tenant_id, bad.difference;
    END IF;
    RETURN NULL;
END $$;
--;
CREATE TRIGGER journal_lines_balanced AFTER INSERT ON journal_lines
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION diario_balanced();
