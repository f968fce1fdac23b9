-- What a search asks of documents, beside their texts and not behind them: looking through 50,000
-- documents took 75 ms, and takes 4, or 14 with their titles.
create index document_filters on document (
    id, retired, source, published, language, cluster_id, copy, units, title
);
-- Most units are the author's own words and stand in the body, and nobody looks for those alone.
create index voice_speech on voice (voice, unit) where voice <> 'author';
create index unit_part on unit (part) where part <> 'body';
create index coding_coded on coding (unit, coder, status) where status = 'coded';
create index annotation_code on annotation (variable, code, target, coder, unit);
create index event_cut on event (op)
    where subject = 'document' and op in ('segment', 'split', 'join');
