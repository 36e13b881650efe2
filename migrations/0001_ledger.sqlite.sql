CREATE TRIGGER events_no_update BEFORE UPDATE ON events BEGIN
    SELECT RAISE(ABORT, 'the log is append-only: UPDATE on events is refused');
END;
--;
CREATE TRIGGER events_no_delete BEFORE DELETE ON events BEGIN
    SELECT RAISE(ABORT, 'the log is append-only: DELETE on events is refused');
END;
--;
-- REPLACE deletes without asking the trigger above.
CREATE TRIGGER events_no_replace BEFORE INSERT ON events
WHEN EXISTS (SELECT 1 FROM events WHERE tenant_id = NEW.tenant_id AND position = NEW.position) BEGIN
    SELECT RAISE(ABORT, 'the log is append-only: REPLACE on events is refused');
END;
