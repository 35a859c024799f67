-- What subscriptions, watched folders and papers' files need: added to the schema by a migration.

-- of the last answer: the same one again is not read
ALTER TABLE feed ADD COLUMN digest TEXT NOT NULL DEFAULT '';
-- where the server says its address is now for good
ALTER TABLE feed ADD COLUMN moved TEXT NOT NULL DEFAULT '';
-- the last UTC day of which everything was read
ALTER TABLE feed ADD COLUMN read_until TEXT NOT NULL DEFAULT '';
-- the instant until which the server asks us to wait
ALTER TABLE feed ADD COLUMN not_before TEXT NOT NULL DEFAULT '';
-- in a row
ALTER TABLE feed ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;

-- Files of watched folders that were read: the same content is not read twice.
CREATE TABLE seen_file (
  feed_id INTEGER NOT NULL REFERENCES feed(id),
  path TEXT NOT NULL,                          -- within the folder
  digest TEXT NOT NULL,
  at TEXT NOT NULL,
  failure TEXT NOT NULL DEFAULT '',            -- why it could not be read, empty if it was
  PRIMARY KEY (feed_id, path)
) STRICT, WITHOUT ROWID;

-- Papers of which only a name is known (pasted where there was no network): completed with the next.
CREATE TABLE awaited (
  paper_id INTEGER PRIMARY KEY REFERENCES paper(id),
  scheme TEXT NOT NULL,                        -- arxiv, doi, openreview, acl
  value TEXT NOT NULL,
  asked TEXT NOT NULL,                         -- when the user named it
  tried TEXT NOT NULL DEFAULT '',
  tries INTEGER NOT NULL DEFAULT 0,
  failure TEXT NOT NULL DEFAULT ''
) STRICT;

-- What became of fetching a paper's PDF: an address that gave one, or gave none, is not asked again.
CREATE TABLE fetched_file (
  paper_id INTEGER NOT NULL REFERENCES paper(id),
  url TEXT NOT NULL,
  at TEXT NOT NULL,
  tries INTEGER NOT NULL DEFAULT 1,
  failure TEXT NOT NULL DEFAULT '',            -- empty: it was kept
  PRIMARY KEY (paper_id, url)
) STRICT, WITHOUT ROWID;
