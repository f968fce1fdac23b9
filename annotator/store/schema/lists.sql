-- Units that somebody put together: a set that was saved, or the sample that a plan drew.
-- A unit of a plan keeps the probability with which it was drawn; in a set there is none.
create table unit_list (
    name text primary key,
    kind text not null check (kind in ('set', 'plan')),
    title text not null default '',
    settings text not null check (json_valid(settings)),
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

drop table sample_plan;
