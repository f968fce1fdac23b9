-- Who speaks in a document: what the machine found there, and what coders say of its people.
-- An empty document.voices means that nobody looked yet; else it names the finder that did.
alter table document add column voices text not null default '';
create index document_unheard on document (voices) where voices = '';

create table person (
    id integer primary key,
    document_id text not null references document (id) on delete cascade,
    name text not null,
    aliases text not null default '[]' check (json_valid(aliases)),
    affiliation text not null default '',
    kind text not null default '',
    actor integer references actor (id),
    unique (document_id, name)
) strict;
create index person_actor on person (actor);

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
    primary key (document_id, start, end)
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
