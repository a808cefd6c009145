-- Views for linking: the version that each live document shows now, and what stands in it.
create or replace temp macro whole_text(body, comments) as
    case when comments is null then body
    else body || chr(10) || array_to_string(from_json(comments, '["VARCHAR"]'), chr(10)) end;

create or replace temp view latest as
select s.document, arg_max(s.version, s.n) as version
from showing s join document d on d.id = s.document
where d.status in ('live', 'gone')
group by s.document;

create or replace temp view latest_document as
select d.id, d.url, d.canonical_url, v.title, v.text, d.authors, d.publisher, d.published, d.doi, d.kind, d.first_seen
from latest l join document d on d.id = l.document join version v on v.id = l.version;

create or replace temp view latest_claim as
select c.passage, c.thread, c.document,
    substr(whole_text(v.text, v.comments), p.start_at + 1, p.end_at - p.start_at) as quote,
    c.kind, c.direction, c.outcome, c.intervention, c.basis,
    coalesce(cast(d.published as timestamp), d.first_seen) as said_at, coalesce(c.attribution_name, d.publisher) as who,
    p.n, e.scale, e.v
from latest l join claim c on c.version = l.version join passage p on p.id = c.passage
    join version v on v.id = l.version join document d on d.id = l.document join vector e on e.passage = c.passage;

create or replace temp view latest_promising as
select p.id, l.document, substr(whole_text(v.text, v.comments), p.start_at + 1, p.end_at - p.start_at) as quote,
    p.start_at, p.n
from latest l join passage p on p.version = l.version join version v on v.id = l.version
where p.id in (select passage from figure where role <> 'context');
