CREATE VIEW journal_lines AS
    SELECT e.tenant_id, e.entry_id, l.key + 1 AS line, json_extract(l.value, '$[0]') AS account_id,
        json_extract(l.value, '$[1]') AS amount, json_extract(l.value, '$[2]') AS register_id, e.position
    FROM journal_entries e, json_each(e.lines) l;
--;
CREATE TRIGGER journal_entries_balanced BEFORE INSERT ON journal_entries
WHEN (SELECT SUM(json_extract(value, '$[1]')) FROM json_each(NEW.lines)) IS NOT 0
BEGIN
    SELECT RAISE(ABORT, 'journal entry is off');
END;
--;
CREATE TRIGGER journal_entries_stay_balanced BEFORE UPDATE ON journal_entries
WHEN (SELECT SUM(json_extract(value, '$[1]')) FROM json_each(NEW.lines)) IS NOT 0
BEGIN
    SELECT RAISE(ABORT, 'journal entry is off');
END;
