-- SQLite has no trigger for a whole statement: the lines come first, then the entry, and the entry is only
-- taken when they balance; once it is there no line can be added.
CREATE TRIGGER journal_entries_balanced BEFORE INSERT ON journal_entries
WHEN COALESCE((SELECT SUM(amount) FROM journal_lines WHERE tenant_id = NEW.tenant_id AND entry_id = NEW.entry_id), 1) <> 0
BEGIN
    SELECT RAISE(ABORT, 'journal entry is off');
END;
--;
CREATE TRIGGER journal_lines_closed BEFORE INSERT ON journal_lines
WHEN EXISTS (SELECT 1 FROM journal_entries WHERE tenant_id = NEW.tenant_id AND entry_id = NEW.entry_id)
BEGIN
    SELECT RAISE(ABORT, 'journal entry is closed');
END;
