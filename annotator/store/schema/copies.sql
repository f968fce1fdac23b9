-- A null signature means that a document was not compared yet. Documents of one story share a
-- cluster_id, which is the id of the first of them; it is empty where a document has no copies.
alter table document add column signature blob;
create index document_uncompared on document (cluster_id) where signature is null;
create index document_cluster on document (cluster_id) where cluster_id <> '';
