-- Made anew after every migration: sqlite-utils' transform() drops the triggers of a table, and
-- without them the counts go wrong and the index stops following.
CREATE TRIGGER standing_insert AFTER INSERT ON standing WHEN NEW.removed IS NULL BEGIN
  UPDATE pile_count SET papers = papers + 1, done = done + (NEW.done IS NOT NULL)
  WHERE pile = NEW.pile;
END;
CREATE TRIGGER standing_delete AFTER DELETE ON standing WHEN OLD.removed IS NULL BEGIN
  UPDATE pile_count SET papers = papers - 1, done = done - (OLD.done IS NOT NULL)
  WHERE pile = OLD.pile;
END;
CREATE TRIGGER standing_update AFTER UPDATE OF pile, done, removed ON standing BEGIN
  UPDATE pile_count SET
    papers = papers - (OLD.removed IS NULL),
    done = done - (OLD.removed IS NULL AND OLD.done IS NOT NULL)
  WHERE pile = OLD.pile;
  UPDATE pile_count SET
    papers = papers + (NEW.removed IS NULL),
    done = done + (NEW.removed IS NULL AND NEW.done IS NOT NULL)
  WHERE pile = NEW.pile;
END;
CREATE TRIGGER paper_insert AFTER INSERT ON paper BEGIN
  INSERT INTO change(kind, ref) VALUES ('paper', NEW.id);
END;
CREATE TRIGGER paper_update AFTER UPDATE OF title, abstract, authors, venue, venue_short, comment ON paper
WHEN NEW.title IS NOT OLD.title OR NEW.abstract IS NOT OLD.abstract
  OR NEW.authors IS NOT OLD.authors OR NEW.venue IS NOT OLD.venue
  OR NEW.venue_short IS NOT OLD.venue_short
  OR NEW.comment IS NOT OLD.comment BEGIN
  INSERT INTO change(kind, ref) VALUES ('paper', NEW.id);
END;
CREATE TRIGGER paper_delete AFTER DELETE ON paper BEGIN
  INSERT INTO change(kind, ref) VALUES ('paper', OLD.id);
END;
CREATE TRIGGER note_insert AFTER INSERT ON note BEGIN
  INSERT INTO change(kind, ref) VALUES ('note', NEW.id);
END;
CREATE TRIGGER note_update AFTER UPDATE OF title, body, revision, paper_id ON note BEGIN
  INSERT INTO change(kind, ref) VALUES ('note', NEW.id);
  -- A note that moves leaves the document of the paper it lay on.
  INSERT INTO change(kind, ref) SELECT 'paper', OLD.paper_id
  WHERE OLD.paper_id IS NOT NULL AND OLD.paper_id IS NOT NEW.paper_id;
END;
CREATE TRIGGER note_delete AFTER DELETE ON note BEGIN
  INSERT INTO change(kind, ref) VALUES ('note', OLD.id);
  INSERT INTO change(kind, ref) SELECT 'paper', OLD.paper_id WHERE OLD.paper_id IS NOT NULL;
END;
