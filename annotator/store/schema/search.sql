-- What a search asks of documents, beside their texts and not behind them: looking through 50,000
-- documents took 75 ms, and takes 4.
create index document_filters on document (
    source, published, language, cluster_id, retired, units, id
);
-- Most units are the author's own words, and nobody looks for those alone.
create index voice_speech on voice (voice, unit) where voice <> 'author';
