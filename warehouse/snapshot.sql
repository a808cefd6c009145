-- What a snapshot holds besides the working tables, first part: what claims.sql looks up for one part of the documents.
-- `pub` is the snapshot being made; run statement by statement inside the writer. `scratch` is thrown away after.

create or replace temp macro whole_text(body, comments) as
    case when comments is null then body
    else body || chr(10) || array_to_string(from_json(comments, '["VARCHAR"]'), chr(10)) end;

create or replace temp macro folding(quote) as lower(regexp_replace(trim(quote), '\s+', ' ', 'g'));

create table pub.latest as
    select s.document, arg_max(s.version, s.n) as version, max(s.n) as n, min(s.seen_at) as first_shown
    from showing s join document d on d.id = s.document
    where d.status in ('live', 'gone') group by s.document order by s.document;

create table scratch.latest_change as
    select thread, arg_max(kind, (seen_at, id)) as change, max(seen_at) as changed_at
    from change where thread is not null group by thread;

create table scratch.cluster as
    select member as document, min(cluster) as cluster, bool_or(original) as original
    from echo where kind in ('copy', 'near_copy') group by member;

create table scratch.repeated as
    select member as thread, min(cluster) as same_claim from echo where kind = 'same_claim' group by member;

-- Documents in parts of about so many claims ($claims): a part's joins and lists fit in memory, however many parts.
create table scratch.placed as
with counted as (select version, count(*) as claims from claim group by version)
select l.document, l.version, ((sum(c.claims) over (order by l.document) - c.claims) // $claims)::integer as part
from pub.latest l join counted c on c.version = l.version order by part, l.document;
