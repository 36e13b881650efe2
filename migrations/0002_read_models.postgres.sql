CREATE VIEW journal_lines AS
    SELECT e.tenant_id, e.entry_id, l.line, CAST(l.parts ->> 0 AS BIGINT) AS account_id,
        CAST(l.parts ->> 1 AS BIGINT) AS amount, CAST(l.parts ->> 2 AS BIGINT) AS register_id, e.position
    FROM journal_entries e, json_array_elements(CAST(e.lines AS JSON)) WITH ORDINALITY AS l (parts, line);
--;
CREATE FUNCTION diario_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    bad RECORD;
BEGIN
    SELECT w.tenant_id, w.entry_id, SUM(CAST(l ->> 1 AS BIGINT)) AS difference INTO bad
    FROM written w LEFT JOIN LATERAL json_array_elements(CAST(w.lines AS JSON)) l ON TRUE
    GROUP BY w.tenant_id, w.entry_id HAVING SUM(CAST(l ->> 1 AS BIGINT)) IS DISTINCT FROM 0 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'journal entry % of tenant % is off by %', bad.entry_id, bad.tenant_id, bad.difference;
    END IF;
    RETURN NULL;
END $$;
--;
CREATE TRIGGER journal_entries_balanced AFTER INSERT ON journal_entries
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION diario_balanced();
--;
CREATE TRIGGER journal_entries_stay_balanced AFTER UPDATE ON journal_entries
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION diario_balanced();
