-- What coders say of a whole article, beside what they say of its sentences.
create table card (
    document_id text not null references document (id),
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
    primary key (coder, round, pass, document_id)
) strict, without rowid;
create index card_document on card (document_id);

create table card_annotation (
    document_id text not null references document (id),
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
    primary key (document_id, coder, round, pass, variable, target, holder, code, use)
) strict, without rowid;
