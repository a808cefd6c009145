-- What to fetch and when. One row a page of a source; `key` is its address normalised, `n` the order of arrival.
create table if not exists page (
    n integer primary key autoincrement, source text not null, key text not null, url text not null, site text not null,
    role text not null check (role in ('listing', 'document', 'records')),
    state text not null check (state in ('queued', 'leased', 'done', 'retry', 'gone', 'blocked', 'quarantined', 'quiet')),
    due real, lease_until real, lease_run integer, last_run integer not null default 0, listed_run integer not null, listed_at real not null,
    tries integer not null default 0, reason text, seq integer,
    etag text, last_modified text, body_sha256 text, final_url text, 
    wait_s real, changed_at real, quiet_wait_s real, quiet_changed_at real, first_seen real not null, fetched_at real,
    hints text not null default '{}', state_json text not null default '{}', headers text not null default '{}',
    unique (source, role, key)
);
create index if not exists page_ready on page (site, state, role = 'document', coalesce(seq, 0), n);
create index if not exists page_due on page (state, due);
create index if not exists page_key on page (key);
create table if not exists host (
    site text primary key, not_before real not null default 0, failures integer not null default 0, why text
);
create table if not exists robots (origin text primary key, body blob not null, at real not null);
