-- Units that somebody put together: a set that was saved, or the sample that a plan drew.
-- A unit of a plan keeps the probability with which it was drawn; in a set there is none.
-- "units" counts those in the corpus: triggers take the units of retired documents out.
create table unit_list (
    name text primary key,
    kind text not null check (kind in ('set', 'plan')),
    title text not null default '',
    settings text not null check (json_valid(settings)),
    units integer not null default 0,
    made_by text not null,
    made_at text not null
) strict;

create table listed (
    list text not null references unit_list (name) on delete cascade,
    position integer not null,
    unit integer not null references unit (seq),
    probability real check (probability > 0 and probability <= 1),
    stratum text not null default '',
    primary key (list, position),
    unique (list, unit)
) strict, without rowid;
create index listed_unit on listed (unit);

-- How far a coder is in a list: to lists what progress is to the corpus, and kept as that is.
create table list_progress (
    coder text not null,
    round text not null,
    pass integer not null,
    list text not null references unit_list (name) on delete cascade,
    done integer not null,
    skipped integer not null,
    flagged integer not null,
    primary key (coder, round, pass, list)
) strict, without rowid;

create trigger listed_coding_comes after insert on coding begin
    insert into list_progress select new.coder, new.round, new.pass, list,
        new.status is not null, new.status is 'skipped', new.flagged
        from listed where unit = new.unit and not exists (
            select 1 from document indexed by document_retired where retired = 1
            and id = (select document_id from unit where seq = new.unit))
        on conflict do update set done = done + excluded.done,
            skipped = skipped + excluded.skipped, flagged = flagged + excluded.flagged;
end;
create trigger listed_coding_changes after update of status, flagged on coding
    when old.status is not new.status or old.flagged <> new.flagged begin
    update list_progress set done = done + (new.status is not null) - (old.status is not null),
        skipped = skipped + (new.status is 'skipped') - (old.status is 'skipped'),
        flagged = flagged + new.flagged - old.flagged
        where list in (select list from listed where unit = new.unit)
        and coder = new.coder and round = new.round and pass = new.pass and not exists (
            select 1 from document indexed by document_retired where retired = 1
            and id = (select document_id from unit where seq = new.unit));
end;
create trigger listed_coding_goes after delete on coding begin
    update list_progress set done = done - (old.status is not null),
        skipped = skipped - (old.status is 'skipped'), flagged = flagged - old.flagged
        where list in (select list from listed where unit = old.unit)
        and coder = old.coder and round = old.round and pass = old.pass and not exists (
            select 1 from document indexed by document_retired where retired = 1
            and id = (select document_id from unit where seq = old.unit));
end;
create trigger lists_retire after update of retired on document
    when old.retired <> new.retired begin
    update unit_list set units = units + (old.retired - new.retired) * (
            select count(*) from unit u join listed l on l.unit = u.seq
            where u.document_id = new.id and l.list = unit_list.name)
        where name in (
            select l.list from unit u join listed l on l.unit = u.seq
            where u.document_id = new.id);
    insert into list_progress
        select c.coder, c.round, c.pass, l.list, (old.retired - new.retired) * count(c.status),
            (old.retired - new.retired) * count(*) filter (where c.status = 'skipped'),
            (old.retired - new.retired) * sum(c.flagged)
        from unit u join listed l on l.unit = u.seq join coding c on c.unit = u.seq
        where u.document_id = new.id group by l.list, c.coder, c.round, c.pass
        on conflict do update set done = done + excluded.done,
            skipped = skipped + excluded.skipped, flagged = flagged + excluded.flagged;
end;

drop table sample_plan;
