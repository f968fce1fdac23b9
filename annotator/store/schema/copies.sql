-- Documents that tell the same story share a cluster_id, which is the id of the first of them; it
-- is empty where a document has no copies. "copy" is 1 where an earlier document of the cluster,
-- which is not retired, is coded in its place when each story is coded once.
alter table document add column copy integer not null default 0 check (copy in (0, 1));
create index document_cluster on document (cluster_id, retired) where cluster_id <> '';
create index document_story on document (id, cluster_id, copy) where cluster_id <> '';

-- By what documents are compared; a table of its own, because the texts are a hundred times as long.
create table signature (
    document_id text primary key references document (id) on delete cascade,
    content blob not null,
    compared integer not null default 0 check (compared in (0, 1))
) strict;
create index signature_uncompared on signature (document_id) where compared = 0;

-- Pairs that may tell the same story, for somebody to look at.
create table resemblance (
    document_id text not null references document (id) on delete cascade,
    other_id text not null references document (id) on delete cascade,
    likeness real not null check (likeness between 0 and 1),
    primary key (document_id, other_id)
) strict, without rowid;
create index resemblance_other on resemblance (other_id);

create trigger story_retires after update of retired on document
    when old.retired = 0 and new.retired = 1 and new.cluster_id <> '' begin
    update document set copy = 0 where id = new.id and copy = 1;
    update document set copy = 0 where copy = 1 and rowid = (
        select min(rowid) from document where cluster_id = new.cluster_id and retired = 0);
end;
create trigger story_comes_back after update of retired on document
    when old.retired = 1 and new.retired = 0 and new.cluster_id <> '' begin
    update document set copy = 1 where copy = 0 and rowid in (
        select max(rowid) from (
            select rowid from document where cluster_id = new.cluster_id and retired = 0
            order by rowid limit 2)
        union select new.rowid) and rowid <> (
        select min(rowid) from document where cluster_id = new.cluster_id and retired = 0);
end;
create trigger story_loses after delete on document when old.cluster_id <> '' begin
    update document set copy = 0 where copy = 1 and rowid = (
        select min(rowid) from document where cluster_id = old.cluster_id and retired = 0);
end;

-- How much less there is to code where each story is coded once. All of it is kept by triggers,
-- because every save is answered with it.
create table copied (
    only integer primary key check (only = 1),
    documents integer not null,
    units integer not null
) strict;
insert into copied values (1, 0, 0);

-- How much a coder decided themselves in a document, and not by a decision that was copied there.
create table document_own (
    coder text not null,
    round text not null,
    pass integer not null,
    document_id text not null,
    decided integer not null,
    primary key (coder, round, pass, document_id)
) strict, without rowid;
create index document_progress_document on document_progress (document_id);

-- Where each story is coded once: the copies that a coder has begun all the same, which they may
-- end; and what was copied into those that they have not begun, which is not to be done.
create table once_progress (
    coder text not null,
    round text not null,
    pass integer not null,
    documents integer not null,
    units integer not null,
    done integer not null,
    documents_done integer not null,
    primary key (coder, round, pass)
) strict, without rowid;

create trigger own_coding_comes after insert on coding
    when new.status is not null and new.arm <> 'copy' begin
    insert into document_own
        select new.coder, new.round, new.pass, document_id, 0 from unit where seq = new.unit
        on conflict do nothing;
    update document_own set decided = decided + 1
        where coder = new.coder and round = new.round and pass = new.pass
        and document_id = (select document_id from unit where seq = new.unit);
end;
create trigger own_coding_changes after update of status, arm on coding
    when (old.status is not null and old.arm <> 'copy')
        <> (new.status is not null and new.arm <> 'copy') begin
    insert into document_own
        select new.coder, new.round, new.pass, document_id, 0 from unit where seq = new.unit
        on conflict do nothing;
    update document_own set decided = decided + iif(new.status is not null and new.arm <> 'copy',
            1, -1)
        where coder = new.coder and round = new.round and pass = new.pass
        and document_id = (select document_id from unit where seq = new.unit);
end;
create trigger own_coding_goes after delete on coding
    when old.status is not null and old.arm <> 'copy' begin
    update document_own set decided = decided - 1
        where coder = old.coder and round = old.round and pass = old.pass
        and document_id = (select document_id from unit where seq = old.unit);
end;
create trigger once_moves_on after update of done on document_progress
    when old.done <> new.done begin
    insert into once_progress
        select new.coder, new.round, new.pass, 0, 0, new.done - old.done,
            (new.done = units) - (old.done = units)
        from document where id = new.document_id and cluster_id <> '' and copy = 1
        and not exists (select 1 from document_own where coder = new.coder
            and round = new.round and pass = new.pass and document_id = new.document_id
            and decided > 0)
        on conflict do update set done = done + excluded.done,
            documents_done = documents_done + excluded.documents_done;
end;
create trigger once_begins after update of decided on document_own
    when (old.decided > 0) <> (new.decided > 0) begin
    insert into once_progress
        select new.coder, new.round, new.pass, begun, begun * units, -begun * done,
            -begun * (done = units)
        from (select iif(new.decided > 0, 1, -1) as begun, d.units, coalesce(p.done, 0) as done
            from document d left join document_progress p on p.coder = new.coder
            and p.round = new.round and p.pass = new.pass and p.document_id = d.id
            where d.id = new.document_id and d.cluster_id <> '' and d.copy = 1)
        where true
        on conflict do update set documents = documents + excluded.documents,
            units = units + excluded.units, done = done + excluded.done,
            documents_done = documents_done + excluded.documents_done;
end;
create trigger copy_turns after update of copy on document when old.copy <> new.copy begin
    update copied set documents = documents + new.copy - old.copy,
        units = units + (new.copy - old.copy) * new.units;
    insert into once_progress
        select coder, round, pass, turned * begun, turned * begun * new.units,
            turned * (1 - begun) * done, turned * (1 - begun) * (done = new.units)
        from (select p.coder, p.round, p.pass, p.done, new.copy - old.copy as turned,
            coalesce(o.decided, 0) > 0 as begun
            from document_progress p left join document_own o on o.coder = p.coder
            and o.round = p.round and o.pass = p.pass and o.document_id = p.document_id
            where p.document_id = new.id)
        where true
        on conflict do update set documents = documents + excluded.documents,
            units = units + excluded.units, done = done + excluded.done,
            documents_done = documents_done + excluded.documents_done;
end;
create trigger copy_is_cut_anew after update of units on document
    when old.units <> new.units and new.copy = 1 begin
    update copied set units = units + new.units - old.units;
    insert into once_progress
        select coder, round, pass, 0, begun * (new.units - old.units), 0,
            (1 - begun) * ((done = new.units) - (done = old.units))
        from (select p.coder, p.round, p.pass, p.done, coalesce(o.decided, 0) > 0 as begun
            from document_progress p left join document_own o on o.coder = p.coder
            and o.round = p.round and o.pass = p.pass and o.document_id = p.document_id
            where p.document_id = new.id)
        where true
        on conflict do update set units = units + excluded.units,
            documents_done = documents_done + excluded.documents_done;
end;
create trigger copy_goes after delete on document when old.copy = 1 begin
    update copied set documents = documents - 1, units = units - old.units;
end;
insert into document_own
    select c.coder, c.round, c.pass, u.document_id, count(*) from coding c
    join unit u on u.seq = c.unit where c.status is not null
    group by c.coder, c.round, c.pass, u.document_id;
