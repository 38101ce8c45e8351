import { firstTables } from './first-tables.ts'

/**
 * The tables, as an ordered list of migrations: entry N takes a file from `user_version` N to N+1.
 * Entries are never edited once released; a file with a higher version than this list is refused.
 *
 * Texts are hex, JSON or as written by their owner; instants are ms. `settled`, `provisional`: 0 or 1.
 */
export const migrations: readonly string[] = [
  firstTables,
  `
  -- The doors for document software. A collected item is 'done', whatever its state says.
  ALTER TABLE mailbox ADD COLUMN state TEXT NOT NULL DEFAULT 'initial';
  ALTER TABLE mailbox ADD COLUMN state_reason TEXT;
  ALTER TABLE mailbox ADD COLUMN lease TEXT;
  ALTER TABLE mailbox ADD COLUMN leased_until INTEGER NOT NULL DEFAULT 0;
  DROP INDEX mailbox_by_organ;
  CREATE INDEX mailbox_by_organ ON mailbox (organ, kind);
  DROP INDEX mailbox_waiting;
  CREATE INDEX mailbox_waiting ON mailbox (organ, kind) WHERE collected_at IS NULL;
  CREATE INDEX mailbox_oldest ON mailbox (kind) WHERE collected_at IS NULL;

  CREATE INDEX document_by_sender ON document (sender, kind);

  -- What became of sent documents, in order of commit; kept 30 days.
  CREATE TABLE change (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    sender TEXT NOT NULL,
    document INTEGER NOT NULL,
    type TEXT NOT NULL,
    at INTEGER NOT NULL,
    organ TEXT NOT NULL,
    generation INTEGER NOT NULL,
    state TEXT NOT NULL,
    code TEXT,
    status_code INTEGER
  ) STRICT;
  CREATE INDEX change_by_sender ON change (sender);

  CREATE TABLE upload (
    id TEXT PRIMARY KEY,
    system TEXT NOT NULL,
    sha256 TEXT,
    size INTEGER NOT NULL,
    received INTEGER NOT NULL,
    touched_at INTEGER NOT NULL,
    spent INTEGER NOT NULL DEFAULT 0
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX upload_by_system ON upload (system);
  CREATE INDEX upload_by_age ON upload (spent, touched_at);

  -- Document software that is not declared in node.yaml. organisations, scopes: JSON.
  CREATE TABLE system (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    organisations TEXT NOT NULL,
    scopes TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    disabled_at INTEGER
  ) STRICT, WITHOUT ROWID;
  -- Keys that secrets are sealed under, each sealed itself under the node's key kid.
  CREATE TABLE vault (id TEXT PRIMARY KEY, kid TEXT NOT NULL, sealed BLOB NOT NULL) STRICT;
  -- Of declared systems too. A secret is sealed under the vault key kid; of the others there is only a digest.
  CREATE TABLE credential (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    system TEXT NOT NULL,
    kind TEXT NOT NULL,
    digest TEXT UNIQUE,
    kid TEXT,
    sealed BLOB,
    created_at INTEGER NOT NULL,
    expires_at INTEGER
  ) STRICT;

  -- A subscription: how far the two streams were told.
  CREATE TABLE hook (
    id TEXT PRIMARY KEY,
    system TEXT NOT NULL,
    organ TEXT NOT NULL,
    url TEXT NOT NULL,
    events TEXT NOT NULL,
    kid TEXT NOT NULL,
    sealed BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    paused_at INTEGER,
    failures INTEGER NOT NULL DEFAULT 0,
    failing_since INTEGER,
    last_error TEXT,
    next_at INTEGER NOT NULL DEFAULT 0,
    mail_told INTEGER NOT NULL,
    change_told INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  -- One row, written to see whether writing works.
  CREATE TABLE probe (id INTEGER PRIMARY KEY CHECK (id = 1), at INTEGER NOT NULL) STRICT;
  `,
  `
  -- Business statuses as heard of a recipient, one row per packet; the furthest step stands in recipient.
  CREATE TABLE status_report (
    document INTEGER NOT NULL,
    organ TEXT NOT NULL,
    uid TEXT NOT NULL,
    generation INTEGER NOT NULL,
    code INTEGER NOT NULL,
    at INTEGER NOT NULL,
    description TEXT,
    PRIMARY KEY (document, organ, uid)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- A claim is no pause: it ends with the process that made it. Of two secrets both hold for a while.
  ALTER TABLE hook ADD COLUMN claimed_until INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE hook ADD COLUMN earlier_kid TEXT;
  ALTER TABLE hook ADD COLUMN earlier_sealed BLOB;
  ALTER TABLE hook ADD COLUMN earlier_until INTEGER NOT NULL DEFAULT 0;
  `,
  `
  -- People who administer from elsewhere, and what is kept of their keys.
  CREATE TABLE operator (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    disabled_at INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE operator_key (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    operator TEXT NOT NULL,
    digest TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    expires_at INTEGER
  ) STRICT;
  -- What an administrator ordered of a link: it survives a restart.
  CREATE TABLE link_order (
    neighbour TEXT PRIMARY KEY,
    stop TEXT,
    until INTEGER,
    bytes_per_second INTEGER,
    ordered_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- The living directory: the announcement of each node that counts here, as it was sealed.
  CREATE TABLE announcement (
    node TEXT PRIMARY KEY,
    epoch INTEGER NOT NULL,
    version INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    seal BLOB NOT NULL,
    public_key TEXT NOT NULL,
    at INTEGER NOT NULL
  ) STRICT;
  -- Every key that ever counted; entry: JSON. Kept when its node has gone.
  CREATE TABLE announced_key (kid TEXT PRIMARY KEY, node TEXT NOT NULL, entry TEXT NOT NULL) STRICT, WITHOUT ROWID;
  -- What was declared for this node, in order; content: JSON.
  CREATE TABLE declared (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    epoch INTEGER NOT NULL,
    version INTEGER NOT NULL,
    at INTEGER NOT NULL,
    by TEXT NOT NULL,
    reason TEXT NOT NULL,
    base_epoch INTEGER,
    base_version INTEGER,
    content TEXT NOT NULL
  ) STRICT;
  CREATE INDEX declared_by_version ON declared (epoch, version);
  -- The address of the parent, the passwords of children; sealed under the vault key kid.
  CREATE TABLE neighbour (node TEXT PRIMARY KEY, role TEXT NOT NULL, kid TEXT NOT NULL, sealed BLOB NOT NULL) STRICT, WITHOUT ROWID;
  -- One row: this node's own count of its directories, and the epoch it goes on with.
  CREATE TABLE directory_state (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    version INTEGER NOT NULL,
    next_epoch INTEGER NOT NULL
  ) STRICT;
  `,
  `
  -- Who may join as which child, and whom the node pins since it joined itself; roots, used_by: JSON.
  ALTER TABLE directory_state ADD COLUMN roots TEXT NOT NULL DEFAULT '[]';
  CREATE TABLE invitation (
    id TEXT PRIMARY KEY,
    child TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_by TEXT,
    kid TEXT NOT NULL,
    sealed BLOB NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- Which earlier documents of its sender a packet means, as its core says; up_to: their generations.
  CREATE TABLE recall (
    document INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    place INTEGER NOT NULL,
    target INTEGER NOT NULL,
    up_to INTEGER NOT NULL,
    PRIMARY KEY (document, generation, place)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX recall_by_target ON recall (target);
  -- What the packet did to them at this recipient, in the order of recall.place; JSON. The same of a mailbox here.
  ALTER TABLE recipient ADD COLUMN effects TEXT;
  ALTER TABLE mailbox ADD COLUMN effects TEXT;
  ALTER TABLE mailbox ADD COLUMN withdrawn_at INTEGER;
  DROP INDEX mailbox_waiting;
  CREATE INDEX mailbox_waiting ON mailbox (organ, kind) WHERE collected_at IS NULL AND withdrawn_at IS NULL;
  DROP INDEX mailbox_oldest;
  CREATE INDEX mailbox_oldest ON mailbox (kind) WHERE collected_at IS NULL AND withdrawn_at IS NULL;
  -- What never gets into a mailbox here, and the node that sealed the packet which stopped it.
  CREATE TABLE tombstone (
    uid TEXT NOT NULL,
    organ TEXT NOT NULL,
    sender TEXT NOT NULL,
    generation INTEGER NOT NULL,
    origin TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (uid, organ, sender)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX tombstone_by_organ ON tombstone (organ);
  ALTER TABLE assembly ADD COLUMN sender TEXT NOT NULL DEFAULT '';
  `,
  `
  -- Mailboxes that move. keeper: in whose mailbox the row is shown, '' in none; double_of: the row that is shown in its
  -- place; body: it owns its payload; handover: uid of the handover it left with, handed: the other node has it.
  ALTER TABLE mailbox ADD COLUMN keeper TEXT NOT NULL DEFAULT '';
  UPDATE mailbox SET keeper = organ;
  ALTER TABLE mailbox ADD COLUMN double_of INTEGER;
  ALTER TABLE mailbox ADD COLUMN body INTEGER NOT NULL DEFAULT 1;
  UPDATE mailbox SET body = 0 WHERE withdrawn_at IS NOT NULL;
  ALTER TABLE mailbox ADD COLUMN handover TEXT;
  ALTER TABLE mailbox ADD COLUMN handed INTEGER NOT NULL DEFAULT 0;
  DROP INDEX mailbox_by_organ;
  CREATE INDEX mailbox_by_keeper ON mailbox (keeper, kind);
  DROP INDEX mailbox_waiting;
  CREATE INDEX mailbox_waiting ON mailbox (keeper, kind) WHERE collected_at IS NULL AND withdrawn_at IS NULL;
  DROP INDEX mailbox_oldest;
  CREATE INDEX mailbox_oldest ON mailbox (kind) WHERE collected_at IS NULL AND withdrawn_at IS NULL AND keeper > '';
  CREATE INDEX mailbox_double ON mailbox (double_of) WHERE double_of IS NOT NULL;
  -- What is to leave, and what is leaving.
  CREATE INDEX mailbox_kept ON mailbox (organ, collected_at, withdrawn_at) WHERE handover IS NULL;
  CREATE INDEX mailbox_kept_by ON mailbox (organ, keeper) WHERE handover IS NULL;
  CREATE INDEX mailbox_leaving ON mailbox (handover) WHERE handed = 0 AND handover IS NOT NULL;
  ALTER TABLE tombstone ADD COLUMN handover TEXT;
  CREATE INDEX tombstone_kept ON tombstone (organ) WHERE handover IS NULL;
  CREATE TABLE handover (uid TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
  `,
  `
  -- Closed codes by which it was addressed; JSON.
  ALTER TABLE recipient ADD COLUMN closed TEXT;
  `,
  `
  -- Support bundles that children sent; sent_at: by the child's clock. Each owns its payload.
  CREATE TABLE bundle (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    uid TEXT NOT NULL,
    child TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    size INTEGER NOT NULL,
    sent_at INTEGER NOT NULL,
    received_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX document_bundle ON document (unsettled) WHERE kind = 'bundle';
  `,
  `
  -- Versions that left what is declared as it was in their base: a child joined, a key followed.
  CREATE TABLE unchanged (
    epoch INTEGER NOT NULL,
    version INTEGER NOT NULL,
    at INTEGER NOT NULL,
    by TEXT NOT NULL,
    reason TEXT NOT NULL,
    base_epoch INTEGER NOT NULL,
    base_version INTEGER NOT NULL,
    PRIMARY KEY (epoch, version)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- Rows of organisations that were split. unit: the code below it that was written; heir: who was given it, by_hand: by a
  -- person. about: JSON, documents that have left, after which the packet goes.
  ALTER TABLE mailbox ADD COLUMN unit TEXT;
  ALTER TABLE mailbox ADD COLUMN heir TEXT;
  ALTER TABLE mailbox ADD COLUMN by_hand INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE mailbox ADD COLUMN about TEXT;
  CREATE INDEX mailbox_kept_from ON mailbox (organ, sender)
    WHERE handover IS NULL AND collected_at IS NULL AND withdrawn_at IS NULL;
  CREATE INDEX mailbox_after ON mailbox (organ) WHERE about IS NOT NULL AND handover IS NULL;
  `,
]
