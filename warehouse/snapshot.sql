-- What a snapshot holds besides the working tables: one row a claim in force, folded into entries of the index.
-- `pub` is the snapshot being made; run statement by statement inside the writer. `scratch` is thrown away after.
-- Texts are read here only where copies must be told apart: a passage's id stands for its quote (it hashes it).

create or replace temp macro whole_text(body, comments) as
    case when comments is null then body
    else body || chr(10) || array_to_string(from_json(comments, '["VARCHAR"]'), chr(10)) end;

create or replace temp macro folding(quote) as lower(regexp_replace(trim(quote), '\s+', ' ', 'g'));

create table pub.latest as
    select s.document, arg_max(s.version, s.n) as version, max(s.n) as n, min(s.seen_at) as first_shown
    from showing s join document d on d.id = s.document
    where d.status in ('live', 'gone') group by s.document order by s.document;

create table scratch.claim_now as
with latest_change as (
    select thread, arg_max(kind, (seen_at, id)) as change, max(seen_at) as changed_at
    from change where thread is not null group by thread
), cluster as (
    select member as document, min(cluster) as cluster, bool_or(original) as original
    from echo where kind in ('copy', 'near_copy') group by member
), folded as (
    select c.passage, md5(cl.cluster || chr(31) || folding(
        substr(whole_text(v.text, v.comments), p.start_at + 1, p.end_at - p.start_at))) as key
    from cluster cl join pub.latest l on l.document = cl.document join claim c on c.version = l.version
    join passage p on p.id = c.passage join version v on v.id = l.version
), repeated as (
    select e.member as thread, min(e.cluster) as same_claim from echo e where e.kind = 'same_claim' group by e.member
), around as (
    select p.id as passage, p.n as passage_n, p.start_at, p.end_at, lag(p.start_at) over w as before_start,
        lag(p.end_at) over w as before_end, lead(p.start_at) over w as after_start, lead(p.end_at) over w as after_end
    from passage p join pub.latest l on l.version = p.version
    where p.type <> 'heading' or p.id in (select passage from claim)
    window w as (partition by p.version order by p.n)
), tags as (
    select t.passage, list(distinct t.code order by t.code) || list(distinct t.code || ':' || t.polarity
        order by t.code || ':' || t.polarity) as themes,
        list([t.code, t.polarity, t.score::varchar] order by t.score desc, t.code, t.polarity) as scored
    from tag t join claim c on c.passage = t.passage group by t.passage
), figured as (
    select f.passage, list([f.value::varchar, f.unit, f.role] order by f.start_at) as figures
    from figure f join claim c on c.passage = f.passage group by f.passage
), names as (
    select n.passage,
        list(distinct n.entity order by n.entity) filter (n.kind = 'programme') as programmes,
        list(distinct n.entity order by n.entity) filter (n.kind = 'care_model') as care_models,
        list(distinct n.entity order by n.entity) filter (n.kind = 'place') as places
    from named n join claim c on c.passage = n.passage group by n.passage
)
select (row_number() over (order by c.document, a.passage_n) - 1)::integer as n,
    c.thread, c.passage, c.tagger, c.document, c.version, a.passage_n, a.start_at, a.end_at,
    a.before_start, a.before_end, a.after_start, a.after_end,
    d.url, d.demo, coalesce(tags.scored, []) as scored, coalesce(f.figures, []) as figures,
    c.kind, c.score, c.direction, c.outcome, c.hedge, c.basis, c.attribution_type, c.attribution_name,
    coalesce(tags.themes, []) as themes, coalesce(names.programmes, []) as programmes,
    coalesce(names.care_models, []) as care_models, coalesce(names.places, []) as places,
    coalesce(d.publisher, s.publisher) as publisher, coalesce(s.type, d.kind) as source_type,
    coalesce(d.published, cast(d.first_seen as date)) as dated, d.published,
    coalesce(v.title, d.title) as title, coalesce(lc.change, 'unchanged') as change, lc.changed_at,
    coalesce(cl.cluster, c.document) as cluster, coalesce(cl.original, false) as original, r.same_claim,
    coalesce(fo.key, c.passage) as key
from claim c
join around a on a.passage = c.passage
join pub.latest l on l.version = c.version and l.document = c.document
join (select id, title from version) v on v.id = c.version
join document d on d.id = c.document
left join source s on s.name = d.source
left join latest_change lc on lc.thread = c.thread
left join cluster cl on cl.document = c.document
left join folded fo on fo.passage = c.passage
left join repeated r on r.thread = c.thread
left join tags on tags.passage = c.passage
left join figured f on f.passage = c.passage
left join names on names.passage = c.passage
order by n;

create table pub.current_claim as select * exclude (title, url, demo, scored, figures, key) from scratch.claim_now order by n;

create table scratch.said as
    select same_claim, count(distinct cluster) as works from scratch.claim_now
    where same_claim is not null group by same_claim;

create table scratch.shared as
    select key from scratch.claim_now where key <> passage group by key having count(*) > 1;

-- Most entries are one claim; only those with copies need grouping.
create table scratch.entry_new as
select c.key, c.passage, c.tagger, c.title, [c.n] as members, [c.kind] as kind, c.themes as theme,
    list_filter([c.outcome], lambda x: x is not null) as outcome,
    list_filter([c.direction], lambda x: x is not null) as direction,
    c.programmes as programme, c.care_models as care_model, c.places as place,
    list_filter([c.publisher], lambda x: x is not null) as publisher, [c.source_type] as source_type,
    list_filter([c.basis], lambda x: x is not null) as basis,
    list_filter([c.attribution_name], lambda x: x is not null) as speaker, [c.change] as change,
    [c.document] as document, [year(c.dated)] as year, date_diff('day', date '1970-01-01', c.dated) as dated,
    coalesce(epoch(c.changed_at)::bigint, 0) as changed_at, 0::bigint as copies,
    coalesce(said.works, 1)::bigint as repeats,
    hash(c.passage, c.thread, c.scored, c.figures, c.url, c.score, c.published, c.demo) as shown
from scratch.claim_now c left join scratch.said on said.same_claim = c.same_claim
where c.key not in (select key from scratch.shared)
union all
select key, arg_min(passage, place), arg_min(f.tagger, place), arg_min(f.title, place), list(f.n order by place),
    list_sort(list_distinct(list(f.kind))), list_sort(list_distinct(flatten(list(f.themes)))),
    list_sort(list_distinct(list(f.outcome))), list_sort(list_distinct(list(f.direction))),
    list_sort(list_distinct(flatten(list(f.programmes)))), list_sort(list_distinct(flatten(list(f.care_models)))),
    list_sort(list_distinct(flatten(list(f.places)))), list_sort(list_distinct(list(f.publisher))),
    list_sort(list_distinct(list(f.source_type))), list_sort(list_distinct(list(f.basis))),
    list_sort(list_distinct(list(f.attribution_name))), list_sort(list_distinct(list(f.change))),
    list_sort(list_distinct(list(f.document))), list_sort(list_distinct(list(year(f.dated)))),
    date_diff('day', date '1970-01-01', min(f.dated)), coalesce(epoch(max(f.changed_at))::bigint, 0),
    count(*) - 1, greatest(count(distinct f.document), coalesce(max(said.works), 1)),
    bit_xor(hash(f.passage, f.thread, f.scored, f.figures, f.url, f.score, f.published, f.demo))
from (
    select *, row_number() over (partition by key order by original desc, dated, document, passage_n) as place
    from scratch.claim_now where key in (select key from scratch.shared)
) f left join scratch.said on said.same_claim = f.same_claim
group by key;
