-- Each check: its rule after two dashes, then a query that returns the ids that break it.

-- a version belongs to a document
select id from version where document not in (select id from document);

-- a document has a version
select id from document where id not in (select document from version);

-- an address leads to a document
select address from alias where document not in (select id from document);

-- a showing is of a version of its document
select s.document || ' ' || s.n from showing s left join version v on v.id = s.version and v.document = s.document where v.id is null;

-- showings of a document are numbered without a gap
select document from showing group by document having max(n) <> count(*) or min(n) <> 1;

-- a version was shown
select id from version where id not in (select version from showing);

-- a fetch names a version that is there
select seq from fetched where version is not null and version not in (select id from version);

-- a passage is there once
select id from passage group by id having count(*) > 1;

-- a passage lies inside its version's text
select p.id from passage p left join version v on v.id = p.version
where v.id is null or p.start_at < 0 or p.end_at <= p.start_at
    or (p.type <> 'comment' and p.end_at > length(v.text) and v.kept <> 'metadata');

-- a lead lies inside its version's text
select p.id from passage p join version v on v.id = p.version
where p.lead_start is not null and (p.lead_start < 0 or p.lead_end <= p.lead_start or p.lead_end > length(v.text));

-- a claim stands in a passage of its own version
select c.passage from claim c left join passage p on p.id = c.passage and p.version = c.version where p.id is null;

-- a passage makes one claim
select passage from claim group by passage having count(*) > 1;

-- a claim has its thread
select passage from claim where thread not in (select id from thread);

-- a thread has a claim
select id from thread where id not in (select thread from claim);

-- a claim has one vector
select c.passage from claim c left join vector v on v.passage = c.passage group by c.passage having count(v.passage) <> 1;

-- a vector belongs to a claim
select passage from vector where passage not in (select passage from claim);

-- a tag is there once, in a passage
select id from tag where passage not in (select id from passage)
union all select id from tag group by id having count(*) > 1;

-- a figure lies inside its passage or the passage's lead
select f.id from figure f left join passage p on p.id = f.passage
where p.id is null or f.end_at <= f.start_at
    or not (f.start_at >= p.start_at and f.end_at <= p.end_at
        or p.lead_start is not null and f.start_at >= p.lead_start and f.end_at <= p.lead_end);

-- a named thing stands in a passage
select passage from named where passage not in (select id from passage);

-- a change is between two versions of its document
select c.id from change c
left join version o on o.id = c.old_version and o.document = c.document
left join version n on n.id = c.new_version and n.document = c.document
where o.id is null or n.id is null;

-- an echo of documents is of documents that are there
select member from echo where kind in ('copy', 'near_copy', 'same_work') and member not in (select id from document);

-- an echo of claims is of threads that are there
select member from echo where kind = 'same_claim' and member not in (select id from thread);

-- a promise joins two figures
select id from promise where planned_figure not in (select id from figure) or actual_figure not in (select id from figure);

-- a tagged version is there
select version from tagged where version not in (select id from version);
