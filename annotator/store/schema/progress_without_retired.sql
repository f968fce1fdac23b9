drop trigger coding_comes;
create trigger coding_comes after insert on coding begin
    insert into progress select new.coder, new.round, new.pass, new.status is not null,
        new.status is 'skipped', new.flagged, 0 where not exists (
            select 1 from document indexed by document_retired where retired = 1
            and id = (select document_id from unit where seq = new.unit))
        on conflict do update set done = done + excluded.done,
            skipped = skipped + excluded.skipped, flagged = flagged + excluded.flagged;
    insert into document_progress
        select new.coder, new.round, new.pass, document_id, 0 from unit where seq = new.unit
        on conflict do nothing;
    update document_progress set done = done + (new.status is not null)
        where coder = new.coder and round = new.round and pass = new.pass
        and document_id = (select document_id from unit where seq = new.unit);
end;
drop trigger coding_changes;
create trigger coding_changes after update of status, flagged on coding
    when old.status is not new.status or old.flagged <> new.flagged begin
    update progress set done = done + (new.status is not null) - (old.status is not null),
        skipped = skipped + (new.status is 'skipped') - (old.status is 'skipped'),
        flagged = flagged + new.flagged - old.flagged
        where coder = new.coder and round = new.round and pass = new.pass and not exists (
            select 1 from document indexed by document_retired where retired = 1
            and id = (select document_id from unit where seq = new.unit));
    update document_progress
        set done = done + (new.status is not null) - (old.status is not null)
        where coder = new.coder and round = new.round and pass = new.pass
        and document_id = (select document_id from unit where seq = new.unit);
end;
drop trigger coding_goes;
create trigger coding_goes after delete on coding begin
    update progress set done = done - (old.status is not null),
        skipped = skipped - (old.status is 'skipped'), flagged = flagged - old.flagged
        where coder = old.coder and round = old.round and pass = old.pass and not exists (
            select 1 from document indexed by document_retired where retired = 1
            and id = (select document_id from unit where seq = old.unit));
    update document_progress set done = done - (old.status is not null)
        where coder = old.coder and round = old.round and pass = old.pass
        and document_id = (select document_id from unit where seq = old.unit);
end;
drop trigger document_moves_on;
create trigger document_moves_on after update of done on document_progress
    when old.done <> new.done begin
    update progress set documents_done = documents_done + coalesce(
        (select (new.done = units) - (old.done = units) from document
            where id = new.document_id and retired = 0), 0)
        where coder = new.coder and round = new.round and pass = new.pass;
end;
create trigger progress_retires after update of retired on document
    when old.retired <> new.retired begin
    insert into progress
        select c.coder, c.round, c.pass, (old.retired - new.retired) * count(c.status),
            (old.retired - new.retired) * count(*) filter (where c.status = 'skipped'),
            (old.retired - new.retired) * sum(c.flagged),
            (old.retired - new.retired) * coalesce((select p.done = new.units
                from document_progress p where p.coder = c.coder and p.round = c.round
                and p.pass = c.pass and p.document_id = new.id), 0)
        from unit u join coding c on c.unit = u.seq where u.document_id = new.id
        group by c.coder, c.round, c.pass
        on conflict do update set done = done + excluded.done,
            skipped = skipped + excluded.skipped, flagged = flagged + excluded.flagged,
            documents_done = documents_done + excluded.documents_done;
end;
create trigger progress_is_cut_anew after update of units on document
    when old.units <> new.units and new.retired = 0 begin
    update progress set documents_done = documents_done + coalesce(
        (select (p.done = new.units) - (p.done = old.units) from document_progress p
            where p.coder = progress.coder and p.round = progress.round
            and p.pass = progress.pass and p.document_id = new.id), 0);
end;
