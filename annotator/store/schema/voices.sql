-- Who speaks in a document: what the machine found there, and what coders say of its people.
-- An empty document.voices means that nobody looked yet; else it names the finder that did.
alter table document add column voices text not null default '';
create index document_voices on document (voices, id);

-- The key of a person is their name as names are compared. The key of an actor is that of the
-- first name they had, and never changes: the events about an actor name it.
-- An actor that is not settled has people whose names and affiliations were not counted yet.
alter table actor add column key text not null default '';
alter table actor add column settled integer not null default 1 check (settled in (0, 1));
create unique index actor_key on actor (key);
create index actor_unsettled on actor (id) where settled = 0;

create table person (
    id integer primary key,
    document_id text not null references document (id) on delete cascade,
    name text not null,
    key text not null default '',
    basis text not null default 'machine' check (basis in ('machine', 'coder')),
    aliases text not null default '[]' check (json_valid(aliases)),
    affiliation text not null default '',
    kind text not null default '',
    actor integer references actor (id),
    unique (document_id, name)
) strict;
create index person_actor on person (actor, document_id);
create index person_key on person (key);
create trigger actor_loses_a_person after delete on person when old.actor is not null begin
    update actor set settled = 0 where id = old.actor;
end;

create table quotation (
    document_id text not null references document (id) on delete cascade,
    start integer not null check (start >= 0),
    end integer not null check (end > start),
    kind text not null check (kind in ('direct', 'indirect', 'scare')),
    person integer references person (id) on delete cascade,
    source text not null default '',
    cue text not null default '',
    mode text not null default '',
    confidence real check (confidence between 0 and 1),
    flag text not null default '',
    primary key (document_id, start, end, kind)
) strict, without rowid;
create index quotation_person on quotation (person);

create table speaker (
    unit integer not null references unit (seq) on delete cascade,
    basis text not null check (basis in ('machine', 'coder')),
    position integer not null,
    person integer not null references person (id) on delete cascade,
    primary key (unit, basis, position)
) strict, without rowid;
create index speaker_person on speaker (person);
