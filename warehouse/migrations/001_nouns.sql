-- The nouns. No foreign keys: they block later column changes; checks.py holds the integrity instead.
create table document (
    id varchar primary key, source varchar not null, url varchar not null, title varchar, kind varchar not null,
    published date, updated date, authors varchar[] not null, publisher varchar, language varchar, licence varchar,
    doi varchar, canonical_url varchar, peer_reviewed boolean, storage varchar not null, status varchar not null,  -- live, gone, held, suspect
    relevance double, relevance_reason varchar, history json, extra json, demo boolean not null,
    first_seen timestamp not null, last_seen timestamp not null
);
create table alias (address varchar primary key, document varchar not null);
create table version (
    id varchar primary key, document varchar not null, title varchar, text varchar not null, text_sha256 varchar not null,
    pages json, comments json, extractor varchar not null, body_sha256 varchar, declared_at timestamp, note varchar,
    kept varchar not null,  -- full, excerpt (all but claims blanked; sentences holds hashes), metadata (no text)
    sentences json, first_seen timestamp not null
);
create table fetched (  -- the noun Fetch; the word itself is reserved
    seq bigint primary key, run bigint not null, source varchar not null, url varchar not null, final_url varchar not null,
    seen_at timestamp not null, status integer, outcome varchar not null, role varchar not null, headers json, hints json,
    body_sha256 varchar, bytes bigint not null, reason varchar, document varchar, version varchar
);
-- Which version a document showed, in order: a text that goes A, B, A is three rows here and two in version.
create table showing (document varchar not null, n integer not null, version varchar not null, seen_at timestamp not null, fetch_seq bigint,
    primary key (document, n));
-- No primary keys from here to vector: their indexes slow every write; checks.py holds uniqueness.
create table passage (
    id varchar not null, version varchar not null, n integer not null, start_at integer not null, end_at integer not null,
    type varchar not null, lead_start integer, lead_end integer, skipped varchar,
    said json,  -- attribution, basis and study of a passage that is no claim (a claim's are columns of claim)
    tagger varchar not null
);
create table claim (
    passage varchar not null, thread varchar not null, document varchar not null, version varchar not null,
    kind varchar not null, score double not null, direction varchar, outcome varchar, intervention varchar,
    hedge varchar not null, attribution_type varchar not null, attribution_name varchar, attribution_role varchar,
    basis varchar, study json, tagger varchar not null
);
create table tag (
    id varchar not null, passage varchar not null, code varchar not null, polarity varchar not null, score double not null,
    cues json not null, stanza varchar not null, tagger varchar not null
);
create table figure (
    id varchar not null, passage varchar not null, value double not null, unit varchar not null, role varchar not null,
    measure varchar, bound varchar, period varchar, direction varchar, start_at integer not null, end_at integer not null
);
create table named (passage varchar not null, entity varchar not null, kind varchar not null, start_at integer not null, end_at integer not null);
create table vector (passage varchar not null, scale float not null, v tinyint[384] not null);
create table thread (id varchar primary key, document varchar not null, first_passage varchar not null, first_seen timestamp not null);
create table change (
    id varchar primary key, document varchar not null, n integer not null, old_version varchar not null, new_version varchar not null,
    kind varchar not null, also varchar[] not null, claim boolean not null, old varchar, new varchar,
    old_passage varchar, new_passage varchar, thread varchar, detail json, seen_at timestamp not null, run bigint not null
);
create table echo (
    cluster varchar not null, kind varchar not null, member varchar not null, original boolean not null, score double, why varchar,
    primary key (kind, member)
);
create table unsure (kind varchar not null, a varchar not null, b varchar not null, score double not null, primary key (kind, a, b));
create table promise (id varchar primary key, measure varchar, planned_figure varchar not null, actual_figure varchar not null, score double not null,
    verdict varchar not null);  -- met, missed, opposite, open
create table disagreement (id varchar primary key, a varchar not null, b varchar not null, outcome varchar not null, intervention varchar);
create table source (
    name varchar primary key, title varchar not null, publisher varchar, type varchar not null, licence varchar not null,
    storage varchar not null, config json not null, digest varchar not null
);
create table run (
    seq bigint primary key, command varchar not null, started timestamp not null, ended timestamp, exit_code integer,
    settings varchar, versions json, counts json, warnings json
);
create table run_source (
    run bigint not null, source varchar not null, request varchar, started timestamp, ended timestamp,
    reported bigint, listed bigint not null, fetched bigint not null, unchanged bigint not null, kept bigint not null,
    duplicates bigint not null, failures json, status varchar not null, message varchar,
    primary key (run, source)
);
create table tombstone (address varchar primary key, seen_at timestamp not null, why varchar);
create table memo (key varchar primary key, value varchar not null);
create table setting (name varchar primary key, value varchar not null);
create table tagged (version varchar primary key, tagger varchar not null);
create table compared (document varchar not null, n integer not null, primary key (document, n));  -- showings n-1 and n
