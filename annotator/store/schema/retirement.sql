drop trigger corpus_grows;
drop index unit_draw;
create index document_letters on document (letters);
create index document_retired on document (id) where retired = 1;
create trigger corpus_retires after update of retired on document
    when old.retired <> new.retired begin
    update corpus set documents = documents + old.retired - new.retired,
        units = units + (old.retired - new.retired) * new.units;
end;
create trigger corpus_is_cut_anew after update of units on document
    when old.units <> new.units and new.retired = 0 begin
    update corpus set units = units + new.units - old.units;
end;
drop trigger corpus_shrinks;
create trigger corpus_shrinks after delete on document when old.retired = 0
    begin update corpus set documents = documents - 1, units = units - old.units; end;
