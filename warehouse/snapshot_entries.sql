-- What a snapshot holds besides the working tables, last part: claims in force, folded into entries of the index.

create table pub.current_claim as select * exclude (title, url, demo, scored, figures, key) from scratch.claim_now;

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
