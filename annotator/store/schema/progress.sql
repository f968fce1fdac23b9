create table corpus (
    only integer primary key check (only = 1),
    documents integer not null,
    units integer not null
) strict;
insert into corpus select 1, count(*), coalesce(sum(units), 0) from document;
create trigger corpus_grows after insert on document
    begin update corpus set documents = documents + 1, units = units + new.units; end;
create trigger corpus_shrinks after delete on document
    begin update corpus set documents = documents - 1, units = units - old.units; end;

create table progress (
    coder text not null,
    round text not null,
    pass integer not null,
    done integer not null,
    skipped integer not null,
    flagged integer not null,
    documents_done integer not null,
    primary key (coder, round, pass)
) strict, without rowid;

create table document_progress (
    coder text not null,
    round text not null,
    pass integer not null,
    document_id text not null,
    done integer not null,
    primary key (coder, round, pass, document_id)
) strict, without rowid;

create trigger coding_comes after insert on coding begin
    insert into progress values (new.coder, new.round, new.pass, new.status is not null,
        new.status is 'skipped', new.flagged, 0)
        on conflict do update set done = done + excluded.done,
            skipped = skipped + excluded.skipped, flagged = flagged + excluded.flagged;
    insert into document_progress
        select new.coder, new.round, new.pass, document_id, 0 from unit where seq = new.unit
        on conflict do nothing;
    update document_progress set done = done + (new.status is not null)
        where coder = new.coder and round = new.round and pass = new.pass
        and document_id = (select document_id from unit where seq = new.unit);
end;
create trigger coding_changes after update of status, flagged on coding
    when old.status is not new.status or old.flagged <> new.flagged begin
    update progress set done = done + (new.status is not null) - (old.status is not null),
        skipped = skipped + (new.status is 'skipped') - (old.status is 'skipped'),
        flagged = flagged + new.flagged - old.flagged
        where coder = new.coder and round = new.round and pass = new.pass;
    update document_progress
        set done = done + (new.status is not null) - (old.status is not null)
        where coder = new.coder and round = new.round and pass = new.pass
        and document_id = (select document_id from unit where seq = new.unit);
end;
create trigger coding_goes after delete on coding begin
    update progress set done = done - (old.status is not null),
        skipped = skipped - (old.status is 'skipped'), flagged = flagged - old.flagged
        where coder = old.coder and round = old.round and pass = old.pass;
    update document_progress set done = done - (old.status is not null)
        where coder = old.coder and round = old.round and pass = old.pass
        and document_id = (select document_id from unit where seq = old.unit);
end;
create trigger document_moves_on after update of done on document_progress
    when old.done <> new.done begin
    update progress set documents_done = documents_done
        + (select (new.done = units) - (old.done = units) from document where id = new.document_id)
        where coder = new.coder and round = new.round and pass = new.pass;
end;

insert into progress
    select coder, round, pass, count(status), count(*) filter (where status = 'skipped'),
        sum(flagged), 0 from coding group by coder, round, pass;
insert into document_progress
    select c.coder, c.round, c.pass, u.document_id, 0 from coding c join unit u on u.seq = c.unit
    group by c.coder, c.round, c.pass, u.document_id;
update document_progress set done = (
    select count(c.status) from unit u join coding c on c.unit = u.seq
    where u.document_id = document_progress.document_id and c.coder = document_progress.coder
    and c.round = document_progress.round and c.pass = document_progress.pass);
