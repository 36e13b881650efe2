-- Entries know their period: 202604, or 202613 for the closing entries of a year (phase 1: the accountant's, phase 2:
-- the transfer of the year's result). The journal is folded again from the log, which fills them.
ALTER TABLE journal_entries ADD COLUMN period BIGINT NOT NULL DEFAULT 0;
--;
ALTER TABLE journal_entries ADD COLUMN phase BIGINT NOT NULL DEFAULT 0;
--;
DELETE FROM journal_entries;
--;
DELETE FROM accounts;
--;
DELETE FROM checkpoints WHERE projection = 'journal';
--;
DROP TABLE ledger_totals;
--;
-- Debits and credits by block of the log (4,096 positions) and day: a report adds up days, and one as of an earlier
-- position adds up the blocks before it and reads the entries of one block. The number of lines tells where in the log
-- a page of an account's ledger begins.
CREATE TABLE ledger_blocks (
    tenant_id BIGINT NOT NULL,
    block BIGINT NOT NULL,
    day BIGINT NOT NULL,
    phase BIGINT NOT NULL,
    branch_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    debit BIGINT NOT NULL,
    credit BIGINT NOT NULL,
    lines BIGINT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, block, day, phase, branch_id, account_id)
) {clustered} {updated};
--;
-- The entries of a day lie between these two: business time may run behind the log's order.
CREATE TABLE entry_days (
    tenant_id BIGINT NOT NULL,
    day BIGINT NOT NULL,
    first_entry BIGINT NOT NULL,
    last_entry BIGINT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, day)
) {clustered} {updated};
--;
CREATE TABLE closed_periods (
    tenant_id BIGINT NOT NULL,
    period BIGINT NOT NULL,
    closed_at BIGINT NOT NULL,
    employee_id BIGINT NOT NULL,
    digest TEXT NOT NULL,
    entries BIGINT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, period)
) {clustered};
--;
-- Changes of the posting map; the last one for an account and type of event is in force.
CREATE TABLE posting_changes (
    tenant_id BIGINT NOT NULL,
    position BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    event_type TEXT,
    to_account_id BIGINT,
    PRIMARY KEY (tenant_id, position)
) {clustered};
--;
-- What a credit sale owed at first and what changed it: aging at any day, as of any position.
CREATE TABLE receivable_changes (
    tenant_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    sale_id BIGINT NOT NULL,
    position BIGINT NOT NULL,
    day BIGINT NOT NULL,
    due_day BIGINT NOT NULL,
    amount BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, customer_id, sale_id, position)
) {clustered};
--;
DELETE FROM customer_statement;
--;
DELETE FROM checkpoints WHERE projection = 'statements';
