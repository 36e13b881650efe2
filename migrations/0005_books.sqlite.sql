DROP VIEW journal_lines;
--;
CREATE VIEW journal_lines AS
    SELECT e.tenant_id, e.entry_id, l.key + 1 AS line, json_extract(l.value, '$[0]') AS account_id,
        json_extract(l.value, '$[1]') AS amount, json_extract(l.value, '$[2]') AS register_id, e.day, e.phase,
        e.period, e.branch_id, e.position
    FROM journal_entries e, json_each(e.lines) l;
--;
CREATE TRIGGER closed_periods_take_nothing BEFORE INSERT ON journal_entries
WHEN EXISTS (SELECT 1 FROM closed_periods c WHERE c.tenant_id = NEW.tenant_id AND c.position < NEW.position
    AND (c.period = NEW.period OR (c.period > NEW.period AND (c.period % 100 = 13) = (NEW.period % 100 = 13))))
BEGIN
    SELECT RAISE(ABORT, 'the period is closed: nothing is posted into it any more');
END;
