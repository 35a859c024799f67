-- The whole tray, as the first migration makes it. Instants are text in UTC
-- (2026-11-23T07:12:01.123Z); done, snoozed and the like are local dates (2026-11-23).

-- What the world knows about a work. Never updated by a decision.
CREATE TABLE paper (
  id INTEGER PRIMARY KEY,
  uid TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL,
  abstract TEXT NOT NULL DEFAULT '',
  authors TEXT NOT NULL DEFAULT '[]',          -- JSON: {family, given, particle, suffix} or {literal}
  type TEXT NOT NULL DEFAULT '',
  year INTEGER,
  month INTEGER,
  day INTEGER,
  venue TEXT NOT NULL DEFAULT '',
  venue_type TEXT NOT NULL DEFAULT '',
  venue_short TEXT NOT NULL DEFAULT '',
  publisher TEXT NOT NULL DEFAULT '',
  volume TEXT NOT NULL DEFAULT '',
  number TEXT NOT NULL DEFAULT '',
  pages TEXT NOT NULL DEFAULT '',
  doi TEXT NOT NULL DEFAULT '',
  arxiv_id TEXT NOT NULL DEFAULT '',
  url TEXT NOT NULL DEFAULT '',
  pdf_url TEXT NOT NULL DEFAULT '',
  code_urls TEXT NOT NULL DEFAULT '[]',        -- JSON list
  primary_class TEXT NOT NULL DEFAULT '',
  categories TEXT NOT NULL DEFAULT '[]',       -- JSON list
  comment TEXT NOT NULL DEFAULT '',
  extra TEXT NOT NULL DEFAULT '{}',            -- JSON: fields a source gave that we do not know
  title_key TEXT NOT NULL DEFAULT '',          -- folded letters and digits of the title
  author_key TEXT NOT NULL DEFAULT '',         -- folded surname of the first author
  merged_into INTEGER REFERENCES paper(id)
) STRICT;
CREATE INDEX paper_title_key ON paper(title_key);
CREATE INDEX paper_year ON paper(year);
CREATE INDEX paper_merged_into ON paper(merged_into) WHERE merged_into IS NOT NULL;

-- Where each paper stands: all that decisions change, in narrow rows.
CREATE TABLE standing (
  paper_id INTEGER PRIMARY KEY REFERENCES paper(id),
  pile TEXT NOT NULL DEFAULT 'inbox' CHECK (pile IN ('inbox', 'read', 'starred', 'skip')),
  added TEXT NOT NULL,
  decided TEXT,
  done TEXT,
  snoozed TEXT,
  removed TEXT
) STRICT;
-- done and snoozed ride along so that a view is read from the index alone.
CREATE INDEX standing_pile ON standing(pile, added DESC, paper_id, done, snoozed)
  WHERE removed IS NULL;
CREATE INDEX standing_added ON standing(added DESC, paper_id) WHERE removed IS NULL;
CREATE INDEX standing_decided ON standing(decided DESC, paper_id) WHERE decided IS NOT NULL;
CREATE INDEX standing_snoozed ON standing(snoozed) WHERE snoozed IS NOT NULL;

-- Kept by triggers; snoozed papers are counted in and subtracted by date when shown.
CREATE TABLE pile_count (
  pile TEXT PRIMARY KEY,
  papers INTEGER NOT NULL DEFAULT 0,
  done INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO pile_count(pile) VALUES ('inbox'), ('read'), ('starred'), ('skip');

-- Every name a work goes by. Schemes: doi (casefolded), arxiv (without version), acl, pubmed,
-- openalex, semanticscholar, url, uid.
CREATE TABLE identifier (
  scheme TEXT NOT NULL,
  value TEXT NOT NULL,
  paper_id INTEGER NOT NULL REFERENCES paper(id),
  PRIMARY KEY (scheme, value)
) STRICT, WITHOUT ROWID;
CREATE INDEX identifier_paper ON identifier(paper_id);

CREATE TABLE feed (
  id INTEGER PRIMARY KEY,
  uid TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL DEFAULT 'file',           -- file, page, folder, url, search
  location TEXT NOT NULL DEFAULT '',
  settings TEXT NOT NULL DEFAULT '{}',         -- JSON: expire, tags, paused ...
  etag TEXT NOT NULL DEFAULT '',
  last_modified TEXT NOT NULL DEFAULT '',
  fetched TEXT,
  failed TEXT,
  failure TEXT NOT NULL DEFAULT '',
  removed TEXT
) STRICT;

-- One sighting of a paper in a feed. What feeds bring is not a decision: the batch names the add.
CREATE TABLE listing (
  id INTEGER PRIMARY KEY,
  paper_id INTEGER NOT NULL REFERENCES paper(id),
  feed_id INTEGER NOT NULL REFERENCES feed(id),
  batch INTEGER NOT NULL REFERENCES batch(id),
  seen TEXT NOT NULL,
  rank INTEGER,
  votes INTEGER,
  record TEXT NOT NULL DEFAULT '',             -- digest of the record: the same one again has it too
  is_first INTEGER NOT NULL DEFAULT 0          -- 1: this sighting brought the paper into the tray
) STRICT;
CREATE INDEX listing_paper ON listing(paper_id, feed_id);
CREATE INDEX listing_batch ON listing(batch);
CREATE INDEX listing_feed ON listing(feed_id, paper_id);
CREATE INDEX listing_record ON listing(record);

-- What came, where the canonical text of `paper` differs from it.
CREATE TABLE original (
  paper_id INTEGER NOT NULL REFERENCES paper(id),
  field TEXT NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (paper_id, field)
) STRICT, WITHOUT ROWID;

CREATE TABLE versions (
  paper_id INTEGER NOT NULL REFERENCES paper(id),
  version INTEGER NOT NULL,
  title TEXT NOT NULL DEFAULT '',
  abstract TEXT NOT NULL DEFAULT '',
  seen TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (paper_id, version)
) STRICT, WITHOUT ROWID;

-- state: provisional (recomputed as authors or year arrive), final (has left the tray),
-- pinned (chosen by hand or brought by a bibliography), old (still resolves, never given again).
CREATE TABLE citekey (
  folded TEXT PRIMARY KEY,                     -- casefolded: BibTeX keys ignore case
  key TEXT NOT NULL,
  paper_id INTEGER NOT NULL REFERENCES paper(id),
  state TEXT NOT NULL CHECK (state IN ('provisional', 'final', 'pinned', 'old'))
) STRICT, WITHOUT ROWID;
CREATE INDEX citekey_paper ON citekey(paper_id, state);

CREATE TABLE tag (
  paper_id INTEGER NOT NULL REFERENCES paper(id),
  tag TEXT NOT NULL,
  PRIMARY KEY (paper_id, tag)
) STRICT, WITHOUT ROWID;
CREATE INDEX tag_name ON tag(tag, paper_id);

-- A note on a paper, or free-standing. body is the text of `revision`; a note without one is gone.
CREATE TABLE note (
  id INTEGER PRIMARY KEY,
  uid TEXT NOT NULL UNIQUE,
  paper_id INTEGER REFERENCES paper(id),
  title TEXT NOT NULL DEFAULT '',
  body TEXT NOT NULL DEFAULT '',
  revision TEXT REFERENCES note_revision(uid) DEFERRABLE INITIALLY DEFERRED,
  is_main INTEGER NOT NULL DEFAULT 0,
  created TEXT NOT NULL,
  updated TEXT NOT NULL
) STRICT;
CREATE INDEX note_paper ON note(paper_id) WHERE paper_id IS NOT NULL;

CREATE TABLE note_revision (
  uid TEXT PRIMARY KEY,
  note_id INTEGER NOT NULL REFERENCES note(id),
  parent_uid TEXT,
  body TEXT NOT NULL,
  batch INTEGER NOT NULL REFERENCES batch(id)
) STRICT;
CREATE INDEX note_revision_note ON note_revision(note_id);

CREATE TABLE attachment (
  id INTEGER PRIMARY KEY,
  paper_id INTEGER NOT NULL REFERENCES paper(id),
  path TEXT NOT NULL,
  media_type TEXT NOT NULL DEFAULT '',
  digest TEXT NOT NULL DEFAULT '',
  source TEXT NOT NULL DEFAULT '',
  added TEXT NOT NULL
) STRICT;
CREATE INDEX attachment_paper ON attachment(paper_id);

CREATE TABLE saved_search (
  id INTEGER PRIMARY KEY,
  uid TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL UNIQUE,
  query TEXT NOT NULL,
  position INTEGER,
  removed TEXT
) STRICT;

CREATE TABLE rule (
  id INTEGER PRIMARY KEY,
  uid TEXT NOT NULL UNIQUE,
  query TEXT NOT NULL,
  action TEXT NOT NULL,                        -- JSON: {pile: ...} or {tag: ...}
  removed TEXT
) STRICT;

-- The journal: append-only. A batch is what one undo takes back; an op is one decision about one
-- field of one thing, with the value before.
CREATE TABLE batch (
  id INTEGER PRIMARY KEY,
  uid TEXT NOT NULL UNIQUE,
  device TEXT NOT NULL,
  number INTEGER NOT NULL,
  session TEXT NOT NULL DEFAULT '',
  hlc TEXT NOT NULL,
  at TEXT NOT NULL,
  utc_offset INTEGER NOT NULL DEFAULT 0,       -- minutes east
  origin TEXT NOT NULL CHECK (origin IN
    ('screen', 'command', 'rule', 'add', 'expire', 'repair', 'exchange')),
  label TEXT NOT NULL DEFAULT '',
  reason TEXT NOT NULL DEFAULT '',
  undoes INTEGER REFERENCES batch(id),
  UNIQUE (device, number)
) STRICT;
CREATE INDEX batch_session ON batch(session, id);
CREATE INDEX batch_undoes ON batch(undoes) WHERE undoes IS NOT NULL;

CREATE TABLE op (
  seq INTEGER PRIMARY KEY,
  batch INTEGER NOT NULL REFERENCES batch(id),
  kind TEXT NOT NULL,                          -- paper, note, search, rule, feed, apart
  ref INTEGER NOT NULL,
  field TEXT NOT NULL,
  value TEXT,
  before TEXT
) STRICT;
CREATE INDEX op_ref ON op(kind, ref, field);
CREATE INDEX op_batch ON op(batch);

-- What the search index has to follow, in the order of commits.
CREATE TABLE change (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,                          -- paper, note
  ref INTEGER NOT NULL,
  nonce INTEGER NOT NULL DEFAULT (random())    -- tells a restored database from a grown one
) STRICT;

CREATE TABLE quarantine (
  id INTEGER PRIMARY KEY,
  source TEXT NOT NULL,
  place TEXT NOT NULL,
  bytes BLOB NOT NULL,
  reason TEXT NOT NULL,
  at TEXT NOT NULL,
  UNIQUE (source, place, bytes)
) STRICT;

-- Files that exports wrote, so that they can be told from files of the user.
CREATE TABLE exported_file (
  path TEXT PRIMARY KEY,
  format TEXT NOT NULL,
  digest TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT;

CREATE TABLE exported_field (
  path TEXT NOT NULL,
  citekey TEXT NOT NULL,
  field TEXT NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (path, citekey, field)
) STRICT, WITHOUT ROWID;

-- Small facts about the tray: epoch, device, where the screen was left.
CREATE TABLE meta (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE VIEW reading_list AS
  SELECT p.id, c.key AS citekey, p.title, p.authors, p.year, p.venue, s.pile, s.done, s.added,
    (SELECT group_concat(tag, ', ') FROM tag WHERE tag.paper_id = p.id) AS tags
  FROM standing s
  JOIN paper p ON p.id = s.paper_id
  LEFT JOIN citekey c ON c.paper_id = p.id AND c.state <> 'old'
  WHERE s.pile IN ('read', 'starred') AND s.removed IS NULL;

CREATE VIEW starred AS SELECT * FROM reading_list WHERE pile = 'starred';

CREATE VIEW notes_with_papers AS
  SELECT n.id, n.title, n.body, n.created, n.updated, p.id AS paper_id, p.title AS paper
  FROM note n LEFT JOIN paper p ON p.id = n.paper_id
  WHERE n.revision IS NOT NULL;

-- Another database under the same path has another epoch.
INSERT INTO meta(name, value) VALUES ('epoch', lower(hex(randomblob(8))));
