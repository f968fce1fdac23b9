create table project (key text primary key, value text not null) strict;

create table codebook (
    id integer primary key,
    name text not null,
    version text not null,
    content text not null check (json_valid(content)),
    source text not null,
    added_at text not null,
    unique (name, version)
) strict;

create table scheme (
    id integer primary key,
    codebooks text not null check (json_valid(codebooks)),
    made_at text not null
) strict;

create table document (
    id text primary key,
    text text not null,
    title text not null,
    file text not null,
    file_sha256 text not null,
    published text not null,
    date_precision text not null check (date_precision in ('', 'day', 'month', 'year')),
    author text not null,
    source text not null,
    place text not null,
    url text not null,
    external_id text not null,
    language text not null,
    section text not null,
    meta text not null check (json_valid(meta)),
    furniture text not null check (json_valid(furniture)),
    segmenter text not null,
    units integer not null check (units >= 0),
    cluster_id text not null default '',
    added_at text not null
) strict;

create table unit (
    seq integer primary key,
    id text not null unique,
    document_id text not null references document (id) on delete cascade,
    idx integer not null check (idx >= 0),
    start integer not null check (start >= 0),
    end integer not null check (end > start),
    paragraph integer not null check (paragraph >= 0),
    part text not null check (part in ('headline', 'lead', 'body')),
    text text not null,
    draw real not null check (draw >= 0 and draw < 1),
    unique (document_id, idx)
) strict;
create index unit_draw on unit (draw);

create table voice (
    unit integer not null references unit (seq) on delete cascade,
    basis text not null check (basis in ('machine', 'coder')),
    voice text not null check (voice in ('author', 'direct', 'indirect', 'mixed')),
    speaker text not null default '',
    mode text not null default '',
    confidence real,
    primary key (unit, basis)
) strict, without rowid;

create table actor (
    id integer primary key,
    name text not null unique,
    aliases text not null default '[]' check (json_valid(aliases)),
    affiliation text not null default '',
    kind text not null default ''
) strict;

create table round (
    name text primary key,
    title text not null default '',
    blind integer not null default 0 check (blind in (0, 1)),
    suggestions integer not null default 1 check (suggestions in (0, 1)),
    sample_plan text not null default ''
) strict;
insert into round (name, title) values ('main', 'Main round');

create table assignment (
    round text not null references round (name),
    coder text not null,
    unit integer not null references unit (seq) on delete cascade,
    pass integer not null default 1 check (pass >= 1),
    position integer not null,
    primary key (round, coder, pass, unit)
) strict, without rowid;

create table sample_plan (
    name text not null,
    unit integer not null references unit (seq) on delete cascade,
    inclusion_probability real not null
        check (inclusion_probability > 0 and inclusion_probability <= 1),
    primary key (name, unit)
) strict, without rowid;

create table event (
    seq integer primary key autoincrement,
    uuid text not null unique,
    coder text not null check (coder <> ''),
    subject text not null,
    subject_id text not null,
    op text not null,
    payload text not null check (json_valid(payload)),
    scheme integer references scheme (id),
    round text not null,
    pass integer not null check (pass >= 1),
    arm text not null,
    ref text,
    origin text,
    model_id text,
    candidates text check (candidates is null or json_valid(candidates)),
    client_at text not null,
    recorded_at text not null,
    seconds real
) strict;
create index event_subject on event (subject, subject_id, coder);
create index event_ref on event (ref) where ref is not null;
create index event_origin on event (origin) where origin is not null;
create trigger event_never_changes before update on event
    begin select raise(abort, 'events are append-only'); end;
create trigger event_never_goes before delete on event
    begin select raise(abort, 'events are append-only'); end;

create table coding (
    unit integer not null references unit (seq),
    coder text not null,
    round text not null,
    pass integer not null,
    status text check (status in ('coded', 'skipped', 'not_codable')),
    event text,
    scheme integer references scheme (id),
    arm text not null default '',
    memo text not null default '',
    flagged integer not null default 0 check (flagged in (0, 1)),
    layer text not null default 'coder' check (layer in ('coder', 'gold')),
    decided_at text not null default '',
    recorded integer not null,
    seconds real,
    primary key (coder, round, pass, unit)
) strict, without rowid;
create index coding_unit on coding (unit);
create index coding_recent on coding (coder, round, pass, recorded);

create table annotation (
    unit integer not null references unit (seq),
    coder text not null,
    round text not null,
    pass integer not null,
    variable text not null,
    target text not null,
    holder text not null,
    code text not null,
    use text not null check (use in ('asserted', 'rejected')),
    holder_type text not null default '',
    explicit text not null default '',
    confidence integer,
    position integer not null,
    primary key (unit, coder, round, pass, variable, target, holder, code, use)
) strict, without rowid;

create table span (
    unit integer not null references unit (seq),
    coder text not null,
    round text not null,
    pass integer not null,
    variable text not null,
    target text not null,
    holder text not null,
    code text not null,
    use text not null,
    start integer not null check (start >= 0),
    end integer not null check (end > start),
    primary key (unit, coder, round, pass, variable, target, holder, code, use, start, end)
) strict, without rowid;

create table model (
    id text primary key,
    made_at text not null,
    scheme integer not null references scheme (id),
    last_event integer not null,
    card text not null check (json_valid(card))
) strict;

create table train_job (
    id integer primary key,
    status text not null check (status in ('running', 'done', 'failed', 'cancelled')),
    pid integer not null,
    reason text not null,
    started_at text not null,
    heartbeat real not null,
    ended_at text not null default '',
    done integer not null default 0,
    total integer not null default 0,
    message text not null default '',
    last_event integer not null,
    model_id text
) strict;

create virtual table unit_fts using fts5 (
    text, content = 'unit', content_rowid = 'seq', tokenize = 'unicode61 remove_diacritics 2'
);
