/** The tables as the first migration makes them; what has changed since stands in `schema.ts`. Never edited. */
export const firstTables = `
  -- Bytes owned by documents and mailbox rows. refs: unsettled documents + mailbox rows naming it.
  CREATE TABLE payload (
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE,
    size INTEGER NOT NULL,
    refs INTEGER NOT NULL
  ) STRICT;
  -- Only payloads kept in the database; the others are files. Apart, so that counting refs never touches bytes.
  CREATE TABLE payload_bytes (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;

  CREATE TABLE document (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    business_type INTEGER NOT NULL,
    sender TEXT NOT NULL,
    document_id TEXT NOT NULL,
    lane TEXT NOT NULL,
    segment_bytes INTEGER NOT NULL,
    subject TEXT,
    number TEXT,
    issued TEXT,
    sha256 TEXT NOT NULL,
    size INTEGER NOT NULL,
    accepted_at INTEGER NOT NULL,
    unsettled INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX document_by_document_id ON document (document_id, sender);
  CREATE INDEX document_by_number ON document (number) WHERE number IS NOT NULL;
  CREATE INDEX document_unsettled ON document (id) WHERE unsettled > 0;

  CREATE TABLE outbox_core (
    id INTEGER PRIMARY KEY,
    document INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    core BLOB NOT NULL,
    seal BLOB NOT NULL,
    -- JSON [[organ, node], …] in the core's order
    recipients TEXT NOT NULL
  ) STRICT;
  CREATE INDEX outbox_core_by_document ON outbox_core (document);

  CREATE TABLE recipient (
    document INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    organ TEXT NOT NULL,
    node TEXT NOT NULL,
    core INTEGER NOT NULL,
    position INTEGER NOT NULL,
    state TEXT NOT NULL,
    provisional INTEGER NOT NULL DEFAULT 0,
    settled INTEGER NOT NULL DEFAULT 0,
    code TEXT,
    dispatched_at INTEGER,
    delivered_at INTEGER,
    collected_at INTEGER,
    refused_since INTEGER,
    path TEXT,
    status_code INTEGER,
    status_at INTEGER,
    PRIMARY KEY (document, generation, organ)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX recipient_unsettled ON recipient (document, generation, node) WHERE settled = 0;

  -- A copy of a core waiting for one hop; the order of seq is the order of sending.
  CREATE TABLE copy (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    hop TEXT NOT NULL,
    lane TEXT NOT NULL,
    core INTEGER NOT NULL,
    targets TEXT NOT NULL,
    segments TEXT NOT NULL
  ) STRICT;
  CREATE INDEX copy_in_line ON copy (hop, lane);
  CREATE INDEX copy_by_core ON copy (core);

  -- The one current query about (document, generation, serving node).
  CREATE TABLE query (
    document INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    node TEXT NOT NULL,
    lane TEXT NOT NULL,
    number INTEGER NOT NULL,
    next_at INTEGER,
    PRIMARY KEY (document, generation, node)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX query_due ON query (next_at, node, lane);

  CREATE TABLE mailbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    uid TEXT NOT NULL,
    organ TEXT NOT NULL,
    generation INTEGER NOT NULL,
    kind TEXT NOT NULL,
    business_type INTEGER NOT NULL,
    sender TEXT NOT NULL,
    origin TEXT NOT NULL,
    document_id TEXT NOT NULL,
    subject TEXT,
    number TEXT,
    issued TEXT,
    sha256 TEXT NOT NULL,
    size INTEGER NOT NULL,
    sealed_at INTEGER NOT NULL,
    delivered_at INTEGER NOT NULL,
    collected_at INTEGER,
    path TEXT NOT NULL,
    -- When the collected notice goes out (again); null: not collected yet, or noted by the origin.
    notice_at INTEGER,
    notice_number INTEGER NOT NULL DEFAULT 0,
    UNIQUE (uid, organ, generation)
  ) STRICT;
  CREATE INDEX mailbox_by_organ ON mailbox (organ);
  CREATE INDEX mailbox_waiting ON mailbox (organ) WHERE collected_at IS NULL;
  CREATE INDEX mailbox_notice ON mailbox (notice_at) WHERE notice_at IS NOT NULL;

  CREATE TABLE assembly (
    uid TEXT PRIMARY KEY,
    link TEXT NOT NULL,
    segment_bytes INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    size INTEGER NOT NULL,
    have BLOB NOT NULL,
    failures INTEGER NOT NULL DEFAULT 0,
    touched_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE assembly_core (
    uid TEXT NOT NULL,
    digest TEXT NOT NULL,
    core BLOB NOT NULL,
    seal BLOB NOT NULL,
    generation INTEGER NOT NULL,
    organs TEXT NOT NULL,
    path TEXT NOT NULL,
    PRIMARY KEY (uid, digest)
  ) STRICT;

  CREATE TABLE dead_letter (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    reason TEXT NOT NULL,
    link TEXT NOT NULL,
    uid TEXT,
    detail TEXT NOT NULL,
    bytes BLOB NOT NULL
  ) STRICT;

  -- hash = SHA-256(hash of the row before ‖ canonical text of this row); 32 zero bytes before the first.
  CREATE TABLE event (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    type TEXT NOT NULL,
    uid TEXT,
    detail TEXT NOT NULL,
    hash BLOB NOT NULL
  ) STRICT;
  `
