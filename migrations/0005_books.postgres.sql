DROP VIEW journal_lines;
--;
CREATE VIEW journal_lines AS
    SELECT e.tenant_id, e.entry_id, l.line, CAST(l.parts ->> 0 AS BIGINT) AS account_id,
        CAST(l.parts ->> 1 AS BIGINT) AS amount, CAST(l.parts ->> 2 AS BIGINT) AS register_id, e.day, e.phase,
        e.period, e.branch_id, e.position
    FROM journal_entries e, json_array_elements(CAST(e.lines AS JSON)) WITH ORDINALITY AS l (parts, line);
--;
CREATE FUNCTION diario_open_periods() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    bad RECORD;
BEGIN
    -- What an entry says of its period is what its day says, so that no other word leads round what follows.
    SELECT w.tenant_id, w.entry_id, w.period INTO bad FROM written w
    WHERE w.phase NOT IN (0, 1, 2)
        OR (w.phase > 0 AND to_char(DATE '1970-01-01' + CAST(w.day AS INTEGER), 'MMDD') <> '1231')
        OR w.period <> CAST(to_char(DATE '1970-01-01' + CAST(w.day AS INTEGER),
            CASE w.phase WHEN 0 THEN 'YYYYMM' ELSE 'YYYY13' END) AS BIGINT)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'entry % of tenant %: its period % is not that of its day', bad.entry_id, bad.tenant_id,
            bad.period;
    END IF;
    SELECT w.tenant_id, w.entry_id, w.period INTO bad
    FROM written w JOIN closed_periods c ON c.tenant_id = w.tenant_id AND c.position < w.position
        AND (c.period = w.period OR (c.period > w.period AND (c.period % 100 = 13) = (w.period % 100 = 13))) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'entry % of tenant %: period % is closed, nothing is posted into it any more',
            bad.entry_id, bad.tenant_id, bad.period;
    END IF;
    RETURN NULL;
END $$;
--;
CREATE TRIGGER closed_periods_take_nothing AFTER INSERT ON journal_entries
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION diario_open_periods();
