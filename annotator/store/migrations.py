"""The schema, as migrations in order; each is applied once, in a transaction.

Why the tables look so:

- ``event`` is append-only and is the truth. ``coding`` and ``annotation`` are the current view
  of it, maintained in the same transaction; they can be rebuilt from the events at any time.
- ``unit.seq`` is the order of import and of coding; ``unit.draw`` is the unit's place in the
  seeded permutation of the sampling frame, fixed at import.
- ``scheme`` is what coders were asked at a time. Each event names its scheme, so that a code
  added later is "not asked" for earlier units, never 0.
- ``voice`` keeps what a machine found and what a coder corrected in rows of their own.
- ``span``, ``voice``, ``actor``, ``round``, ``assignment`` and ``sample_plan`` have their place
  from the first day on, though only later parts of the program write them.
- ``corpus``, ``progress`` and ``document_progress`` are counts that triggers keep. Every save is
  answered with how far the coder is; counting anew took 9 ms at the ten-thousandth save, which
  takes 1 ms now.
- Documents come in at one place alone, which counts them: a trigger for each of 100,000 rows took
  half a second of five, as did an index of draws that nothing reads yet.
- ``document.letters`` finds the same words again, whatever file they came in; a document that is
  ``retired`` keeps its codings and is out of the corpus: its counts, the queue, the exports.
- ``catalogue`` has the metadata of documents again, kept by triggers: sorting 100,000 documents by
  their title took 200 ms with the texts in between, and takes 15 ms without.
"""

from __future__ import annotations

import sqlite3

from sqlite_utils import Database, Migrations

from annotator.core.document import letters_of

MIGRATIONS = Migrations("annotator")

TABLES = """
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
"""


PROGRESS = """
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
"""


RETIREMENT = """
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
"""


PROGRESS_WITHOUT_RETIRED = """
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
"""


@MIGRATIONS()
def first(db: Database) -> None:
    """Everything of the first release."""
    for statement in _statements(TABLES):
        db.execute(statement)


@MIGRATIONS()
def progress_is_kept(db: Database) -> None:
    """Counts that triggers keep, instead of counting at every save."""
    for statement in _statements(PROGRESS):
        db.execute(statement)


@MIGRATIONS()
def trainings_name_their_host(db: Database) -> None:
    """On the machine it ran on, a training that was killed is known by its process at once."""
    db.execute("alter table train_job add column host text not null default ''")


@MIGRATIONS()
def documents_retire(db: Database) -> None:
    """A document that carries annotations may leave the corpus; the same words are found again."""
    db.execute(
        "alter table document add column retired integer not null default 0"
        " check (retired in (0, 1))"
    )
    db.execute("alter table document add column letters integer not null default 0")
    rows = db.execute("select id, text from document").fetchall()
    for id_, text in rows:
        db.execute("update document set letters = ? where id = ?", (letters_of(text), id_))
    for statement in _statements(RETIREMENT):
        db.execute(statement)


@MIGRATIONS()
def retired_documents_count_in_no_progress(db: Database) -> None:
    """What was coded in a document that is retired is kept, and counted nowhere."""
    for statement in _statements(PROGRESS_WITHOUT_RETIRED):
        db.execute(statement)


def _statements(script: str) -> list[str]:
    """Split a script at the ends of its statements; triggers keep their inner semicolons."""
    statements, pending = [], ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            statements.append(pending.strip())
            pending = ""
    return statements


NAMES = frozenset(migration.name for migration in MIGRATIONS.pending(Database(memory=True)))
"""The names of all migrations this program knows."""
