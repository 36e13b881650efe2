DROP VIEW journal_lines;
--;
CREATE VIEW journal_lines AS
    SELECT e.tenant_id, e.entry_id, l.key + 1 AS line, json_extract(l.value, '$[0]') AS account_id,
        json_extract(l.value, '$[1]') AS amount, json_extract(l.value, '$[2]') AS register_id, e.day, e.phase,
        e.period, e.branch_id, e.position
    FROM journal_entries e, json_each(e.lines) l;
--;
-- What an entry says of its period is what its day says, so that no other word leads round the trigger below.
CREATE TRIGGER journal_entries_know_their_period BEFORE INSERT ON journal_entries
WHEN NEW.phase NOT IN (0, 1, 2)
    OR (NEW.phase > 0 AND strftime('%m%d', NEW.day * 86400, 'unixepoch') <> '1231')
    OR NEW.period <> CAST(strftime(CASE NEW.phase WHEN 0 THEN '%Y%m' ELSE '%Y13' END, NEW.day * 86400, 'unixepoch')
        AS INTEGER)
BEGIN
    SELECT RAISE(ABORT, 'the period of an entry is not that of its day');
END;
--;
CREATE TRIGGER closed_periods_take_nothing BEFORE INSERT ON journal_entries
WHEN EXISTS (SELECT 1 FROM closed_periods c WHERE c.tenant_id = NEW.tenant_id AND c.position < NEW.position
    AND (c.period = NEW.period OR (c.period > NEW.period AND (c.period % 100 = 13) = (NEW.period % 100 = 13))))
BEGIN
    SELECT RAISE(ABORT, 'the period is closed: nothing is posted into it any more');
END;
