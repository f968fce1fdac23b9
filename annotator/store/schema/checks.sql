-- What the coder decided on the desk: a unit that was only confirmed in a list of suggestions is
-- "coded", and still open there. Progress and queues go by it.
alter table coding add column decided text
    generated always as (iif(arm = 'bulk', null, status)) virtual;

-- A list may also be a check of labels. SQLite cannot change the check of a column; the table
-- cannot be made anew, since what is listed would go with it.
alter table unit_list add column purpose text not null default 'set'
    check (purpose in ('set', 'plan', 'check'));
update unit_list set purpose = kind;
alter table unit_list drop column kind;
alter table unit_list rename column purpose to kind;
