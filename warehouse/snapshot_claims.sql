-- One row a claim in force of part $part of the documents, numbered from $first on.
-- Texts are read only where copies must be told apart: a passage's id stands for its quote (it hashes it).
with part as (select document, version from scratch.placed where part = $part),
mine as materialized (
    select c.* from claim c join part on part.version = c.version and part.document = c.document
), folded as (
    select c.passage, md5(cl.cluster || chr(31) || folding(
        substr(whole_text(v.text, v.comments), p.start_at + 1, p.end_at - p.start_at))) as key
    from mine c join scratch.cluster cl on cl.document = c.document
    join passage p on p.id = c.passage join version v on v.id = c.version
), around as (
    select p.id as passage, p.n as passage_n, p.start_at, p.end_at, lag(p.start_at) over w as before_start,
        lag(p.end_at) over w as before_end, lead(p.start_at) over w as after_start, lead(p.end_at) over w as after_end
    from passage p join part on part.version = p.version
    where p.type <> 'heading' or p.id in (select passage from mine)
    window w as (partition by p.version order by p.n)
), tags as (
    select t.passage, list(distinct t.code order by t.code) || list(distinct t.code || ':' || t.polarity
        order by t.code || ':' || t.polarity) as themes,
        list([t.code, t.polarity, t.score::varchar] order by t.score desc, t.code, t.polarity) as scored
    from tag t join mine c on c.passage = t.passage group by t.passage
), figured as (
    select f.passage, list([f.value::varchar, f.unit, f.role] order by f.start_at) as figures
    from figure f join mine c on c.passage = f.passage group by f.passage
), names as (
    select n.passage,
        list(distinct n.entity order by n.entity) filter (n.kind = 'programme') as programmes,
        list(distinct n.entity order by n.entity) filter (n.kind = 'care_model') as care_models,
        list(distinct n.entity order by n.entity) filter (n.kind = 'place') as places
    from named n join mine c on c.passage = n.passage group by n.passage
)
select (row_number() over (order by c.document, a.passage_n) - 1 + $first)::integer as n,
    c.thread, c.passage, c.tagger, c.document, c.version, a.passage_n, a.start_at, a.end_at,
    a.before_start, a.before_end, a.after_start, a.after_end,
    d.url, d.demo, coalesce(tags.scored, []) as scored, coalesce(f.figures, []) as figures,
    c.kind, c.score, c.direction, c.outcome, c.hedge, c.basis, c.attribution_type, c.attribution_name, c.attribution_role,
    coalesce(tags.themes, []) as themes, coalesce(names.programmes, []) as programmes,
    coalesce(names.care_models, []) as care_models, coalesce(names.places, []) as places,
    coalesce(d.publisher, s.publisher) as publisher,
    coalesce(nullif(d.kind, 'page'), s.config->>'$.kind', 'page') as source_type,
    nullif(len(list_filter(from_json(v.pages, '[["INTEGER"]]'), lambda p: p[1] <= a.start_at)), 0)::integer as page,
    coalesce(d.published, cast(d.first_seen as date)) as dated, d.published,
    coalesce(v.title, d.title) as title, coalesce(lc.change, 'unchanged') as change, lc.changed_at,
    coalesce(cl.cluster, c.document) as cluster, coalesce(cl.original, false) as original, r.same_claim,
    coalesce(fo.key, c.passage) as key
from mine c
join around a on a.passage = c.passage
join (select id, title, pages from version) v on v.id = c.version
join document d on d.id = c.document
left join source s on s.name = d.source
left join scratch.latest_change lc on lc.thread = c.thread
left join scratch.cluster cl on cl.document = c.document
left join folded fo on fo.passage = c.passage
left join scratch.repeated r on r.thread = c.thread
left join tags on tags.passage = c.passage
left join figured f on f.passage = c.passage
left join names on names.passage = c.passage
order by n
