-- New entries in [$first, $until) as the word index takes them: facets, the quote to search, and what a hit shows (copies
-- too) as JSON.
with mine as materialized (
    select f.row, e.* from scratch.entry_new e join scratch.fresh f on f.key = e.key
    where f.row >= $first and f.row < $until
), fresh as (
    select row, unnest(members) as n, generate_subscripts(members, 1) as place from mine
), member as (
    select f.row, f.place, c.thread, c.passage, c.document, c.version, c.title, c.publisher, c.published, c.url, c.demo,
        substr(whole_text(v.text, v.comments), c.start_at + 1, c.end_at - c.start_at) as quote,
        coalesce(substr(whole_text(v.text, v.comments), c.before_start + 1, c.before_end - c.before_start), '') as before,
        coalesce(substr(whole_text(v.text, v.comments), c.after_start + 1, c.after_end - c.after_start), '') as after,
        c.kind, c.scored as themes, c.figures, c.change, c.changed_at, c.direction, c.outcome, c.source_type, c.score,
        c.attribution_type, c.attribution_name, c.attribution_role, c.page
    from fresh f join scratch.claim_now c on c.n = f.n join version v on v.id = c.version
), shown as (
    select row, place, quote, to_json(m)::varchar as fact from member m
), stored as (
    select row, arg_min(quote, place) as text, '[' || string_agg(fact, ',' order by place) || ']' as stored
    from shown group by row
)
select e.* exclude (key, members, passage, tagger, shown), s.text, s.stored
from mine e join stored s on s.row = e.row order by e.row
