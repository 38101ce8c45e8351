import type { Sentence } from './catalogue.ts'
import { englishJoiningErrors } from './catalogue-joining-en.ts'
import { englishSignatureErrors } from './catalogue-signatures-en.ts'
import type { ErrorCode } from './errors.ts'

export const englishErrors: Readonly<Record<ErrorCode, Sentence>> = {
  NOT_EDXML: {
    text: 'The file is not a valid edXML packet[: {why}][ (element {field})][ (at most {limit})][ (line {line})].',
    action: 'Export the document again from the document software in the edXML format, then send it again.',
  },
  DOCUMENT_TOO_LARGE: {
    text: 'The document is larger than allowed[ ({maxBytes} bytes)].',
    action: 'Make the attachments smaller, or split them over several documents.',
  },
  DOCUMENT_ID_MISSING: {
    text: 'The packet has no DocumentId.',
    action: 'Give the document an id in the document software, then send it again.',
  },
  DOCUMENT_ID_REUSED: {
    text: 'The DocumentId[ {documentId}] already belongs to a document with other content.',
    action: 'Give this document a new id; never change the content of one that was sent.',
  },
  SENDER_NOT_ALLOWED: {
    text: 'This system may not send for the organisation[ {organ}].',
    action: 'Check the sender named in the packet, or ask the administrator of the node to assign the organisation.',
  },
  RECEIVER_MISSING: {
    text: 'The document names no recipient.',
    action: 'Choose at least one recipient, then send it again.',
  },
  RECEIVER_UNKNOWN: {
    text: 'The directory does not know the recipient[ {organ}].',
    action: 'Look up the code of the recipient; if it has merged or changed its code, use the new one.',
  },
  RECEIVER_SPLIT: {
    text: 'The recipient[ {organ}] was split[ after {validTo}][ into {candidates}].',
    action: 'Address the one of its successors that the document is meant for.',
  },
  RECEIVER_CLOSED: {
    text: 'The recipient[ {organ}] closed[ after {validTo}], and nobody has taken over.',
    action: 'Look up who is in charge now and address that organisation.',
  },
  RECEIVER_REPLACED: {
    text: 'The recipient[ {organ}] closed[ after {validTo}]; its successor[ {successor}][ ({name})] is to be addressed by its own code.',
    action: 'Send it to the successor.',
  },
  RECEIVER_NOT_YET: {
    text: 'The recipient[ {organ}] does not exist yet[; it opens on {validFrom}].',
    action: 'Send it on that day or later, or address the organisation in charge until then.',
  },
  RECEIVER_HELD: {
    text: 'This node holds documents to the recipient[ {organ}] back[ until the end of {until}][: {reason}].',
    action: 'Send it when the hold has ended, or ask the administrator of the node.',
  },
  DOCUMENT_SECRET: {
    text: 'The document is marked secret[ ("{mark}")][ in {field}]; the law keeps state secrets off this system.',
    action:
      'Send it as the rules for the protection of state secrets demand; if it is none, correct that field and submit it again.',
  },
  RECALL_NOT_SENDER: {
    text: 'Only the organisation that sent the document[ {documentId}] may recall, update, replace or take it back.',
    action: 'Check the id of the document in the packet; ask the organisation that sent it when it has to be recalled.',
  },
  DOCUMENT_RECALLED: {
    text: 'Its sender has recalled this document; it can be had no more.',
    action: 'Nothing need be done; ask the sender to send it again when it is needed after all.',
  },
  DECISION_LATE: {
    text: 'Nothing is to be decided about this document[ {uid}] any more[: it has gone to {heir}].',
    action:
      'See with lienthong where who has it; it can be decided anew at the node of that successor while nobody has collected it.',
  },
  USE_HTTP: {
    text: 'The document is too large to be submitted over AMQP[ (at most {maxBytes} bytes)].',
    action: 'Submit it through the HTTP interface of the node.',
  },
  ATTACHMENT_UNREADABLE: {
    text: 'The attachment[ number {number}] cannot be read[: {why}].',
    action: 'Ask the sender to attach the file again and send the document anew.',
  },
  ...englishSignatureErrors,
  ...englishJoiningErrors,
  FRAME_INVALID: {
    text: 'A frame came in that is not well formed[: {why}].',
    action: 'Check the software version of the sending node; the frame is kept among the dead letters.',
  },
  FRAME_TOO_LARGE: {
    text: 'A frame is larger than a link allows[ ({maxBytes} bytes)].',
    action: 'Check configuration and version of the sending node.',
  },
  VERSION_UNSUPPORTED: {
    text: 'The sending node speaks a protocol version[ {version}] this node does not know.',
    action: 'Upgrade this node, or let the sending node use the highest common version.',
  },
  SEAL_INVALID: {
    text: 'The seal of the document does not hold; the document may have been changed on its way.',
    action: 'Do not use it; tell the administrator and ask the sender to send it again.',
  },
  KEY_UNKNOWN: {
    text: 'The directory has no key[ {kid}] to check the seal with.',
    action: 'Update the directory of the node; if the key is still missing, ask the unit that runs the sending node.',
  },
  KEY_REVOKED: {
    text: 'The key[ {kid}] has been revoked; nothing sealed by it is believed any more.',
    action: 'The sending node must seal with a new key: `lienthong key rotate`. Do not use what the old one sealed.',
  },
  KEY_EXPIRED: {
    text: 'The key[ {kid}] is outside its period of validity[ ({state})].',
    action: 'Check the key in the directory and the clock of this node; a key that has ended must be rotated.',
  },
  KEY_NOT_VOUCHED: {
    text: 'Nobody whom the roots of the directory vouch for vouches for the key[ {kid}].',
    action: 'Have the parent of its node sign the entry: `lienthong key vouch`.',
  },
  KEY_HANDOVER_MISSING: {
    text: 'The node[ {node}] has a key already, and the new one[ {kid}] is signed neither by that nor by the grandparent.',
    action: 'Rotate with the old key; if it is lost, have the parent of the parent sign the entry as well.',
  },
  KEY_EXISTS: {
    text: 'There is a key[ {kid}] in this place already[, in {file}].',
    action: 'Go on with that key: one key hands over to one other, and a key file is never written over.',
  },
  CERTIFICATE_INVALID: {
    text: 'The certificate cannot be used[: {reason}].',
    action: 'Ask the organisation for its certificate of today, as X.509 in a PEM file.',
  },
  FROM_NOT_ALLOWED: {
    text: 'The link[ {link}] may not speak for this sender[ {from}].',
    action: 'Check that the sender belongs below that link; if it has just moved, update the directory.',
  },
  USER_ID_REQUIRED: {
    text: 'The AMQP message lacks user_id, so the sending system is not known.',
    action: 'Set user_id to the account of the connection, then send it again.',
  },
  CC_REFUSED: {
    text: 'The AMQP message has a CC header and was refused.',
    action: 'Remove the CC header; recipients are named in the packet only.',
  },
  SIGNAL_NOT_ALLOWED: {
    text: 'The node[ {node}] has no right to give this signal.',
    action: 'Check that node; the signal was ignored and recorded.',
  },
  LOOP: {
    text: 'The document went in a circle[ at {node}] and was put aside.',
    action: 'Compare the routing tables along its path, mend the difference, then replay it from the dead letters.',
  },
  DIGEST_MISMATCH: {
    text: 'The bytes that came in do not match the digest sealed by the origin.',
    action: 'The origin is asked to send again; if it keeps happening, check the disk of the origin node.',
  },
  DOCUMENT_TOO_OLD: {
    text: 'The document was sealed too long ago[ ({days} days)] to be taken.',
    action: 'Ask the sender to issue it again if it is still needed.',
  },
  DOCUMENT_FROM_FUTURE: {
    text: 'The document was sealed more than a day ahead of now.',
    action: 'Check the clocks of the origin node and of this node.',
  },
  LINK_FULL: {
    text: 'The queue to the node[ {node}] is full; the document is deferred.',
    action: 'Nothing to send again: the origin goes on when there is room. If it lasts, look at the receiving node.',
  },
  ROUTE_CHANGED: {
    text: 'The route of the document has just changed; it is deferred.',
    action: 'Nothing to send again: the origin follows the new table. If it lasts over 24 hours, check the directory.',
  },
  ASSEMBLY_FULL: {
    text: 'The receiving node is putting together too many large documents; this one is deferred.',
    action: 'Nothing to send again: the origin goes on in a few minutes.',
  },
  LINK_DOWN: {
    text: 'There is no connection to the next node[ {node}].',
    action: 'Nothing to send again: the document waits. If it lasts, check the line.',
  },
  CONFIRM_TIMEOUT: {
    text: 'The broker did not confirm in time.',
    action: 'Check disk and memory of the RabbitMQ server; the node tries again by itself.',
  },
  ACCESS_DENIED: {
    text: 'The system is not let in: its credentials are missing, wrong, expired or disabled.',
    action: 'Check the system id, key or certificate, or ask the administrator of the node for new ones.',
  },
  SCOPE_MISSING: {
    text: 'The system[ {system}] may not do this[ (it lacks the scope {scope})].',
    action: 'Ask the administrator of the node to give the system this scope.',
  },
  LEASE_LOST: {
    text: 'The item is no longer held for the one who asks: the lease is over, or another has it.',
    action: 'Ask for waiting items again; do not go on under the old lease.',
  },
  RANGE_INVALID: {
    text: 'The range asked for lies outside the document[ (its size is {size} bytes)].',
    action: 'Ask for a range inside the size of the document.',
  },
  UPLOAD_OFFSET: {
    text: 'The part does not go on where the upload stands[: it must begin at byte {offset}].',
    action: 'Ask where the upload stands, and go on from there.',
  },
  NOT_AS_ANNOUNCED: {
    text: 'The bytes that came in do not have the SHA-256 that was announced for them.',
    action: 'Make sure the digest is of this very file, as it is sent, then send it again.',
  },
  UPLOADS_FULL: {
    text: 'The system has too many unfinished uploads.',
    action: 'Finish or drop some of them, then try again.',
  },
  HOOKS_FULL: {
    text: 'The system already has too many webhooks[ (at most {limit})].',
    action: 'Remove those no longer used, then add this one again.',
  },
  HOOK_TARGET_REFUSED: {
    text: 'The node sends no webhooks to this address[: {host}].',
    action: 'Use a public https address, or ask the administrator to name this host in webhooks.allow.',
  },
  SYSTEM_EXISTS: {
    text: 'There already is a system with this id[ ({system})].',
    action: 'Choose another id, or issue new credentials for the existing one.',
  },
  SYSTEM_DECLARED: {
    text: 'The system[ {system}] is declared in node.yaml.',
    action: 'Change it there and restart the node; API keys and certificates can still be issued by command.',
  },
  OPERATOR_DENIED: {
    text: 'The operator is not let in: the key is missing, wrong, expired or disabled.',
    action:
      'Check the key of the context (`lienthong context list`), or ask an administrator of the node for a new one.',
  },
  OPERATOR_LOCKED: {
    text: 'This address has shown wrong keys too often and is shut out for a while.',
    action: 'Wait[ {retryAfterSeconds} seconds] and try again with the right key.',
  },
  OPERATOR_EXISTS: {
    text: 'There already is an operator with this id[ ({operator})].',
    action: 'Choose another id, or issue a new key for the existing one.',
  },
  ROLE_MISSING: {
    text: 'The operator[ {operator}] may not do this[ (it needs the role {role})].',
    action: 'Let somebody with that role do it, or ask an administrator of the node for another role.',
  },
  CALL_INVALID: {
    text: 'The call is not right[: {reason}].',
    action: 'Compare it with the description of the interface, /openapi.json.',
  },
  ORGAN_REQUIRED: {
    text: 'The system[ {system}] stands for several organisations, and the call does not say which.',
    action: 'Name the organisation with the parameter "as".',
  },
  FIELD_INVALID: {
    text: 'The call lacks a value, or gives one that cannot be used[: {field}].',
    action: 'Check this value in the software, then call again.',
  },
  REGISTRATION_REFUSED: {
    text: 'An organisation[ ({organ})] cannot be registered or removed by software: administrators keep the directory.',
    action: 'Ask the administrator of the node to change the directory, or to give the organisation to the system.',
  },
  PLAIN_HTTP_REFUSED: {
    text: 'The node takes no unencrypted HTTP from this address[ ({address})].',
    action: 'Use HTTPS, or have the administrator name this network in vxp.plainHttpFrom.',
  },
  RATE_LIMITED: {
    text: 'This system calls too often.',
    action: 'Wait[ {retryAfterSeconds} seconds] and call again; ask less often, or use notices instead of asking.',
  },
  LISTEN_FAILED: {
    text: 'The HTTP port[ {address}] cannot be opened.',
    action: 'See whether another program uses the port, and whether this one may open it.',
  },
  NODE_UNREACHABLE: {
    text: 'The node cannot be reached[ at {url}][ ({reason})].',
    action: 'Check the address, the network and whether the node runs; the call may be repeated.',
  },
  ANSWER_INVALID: {
    text: 'The answer is not one a node gives[ (HTTP {status})][: {reason}].',
    action: 'Check that the address is that of the node and that nothing in between answers for it.',
  },
  CLIENT_CLOSED: {
    text: 'The client has been closed.',
    action: 'Open a new one.',
  },
  WEBHOOK_INVALID: {
    text: 'The call does not prove that it comes from the node[: {reason}].',
    action: 'Answer with status 401 and do nothing else; check the secret and the clock if it was the node.',
  },
  BROKER_UNREACHABLE: {
    text: 'The broker cannot be reached[ at {url}].',
    action: 'Check that RabbitMQ runs and that the address in the configuration is right.',
  },
  BROKER_REFUSED: {
    text: 'The broker refused a request[: {reason}].',
    action: 'Check account, password and permissions on the vhost of the node.',
  },
  TOPOLOGY_DIFFERS: {
    text: 'The object[ {name}] at the broker differs from what the node needs.',
    action: 'Run the command that mends it[: {command}], or delete the object and let the node create it again.',
  },
  STORE_LOCKED: {
    text: 'The store[ {dir}] is in use by another process.',
    action: 'Stop that process, or choose another data folder.',
  },
  STORE_NEWER: {
    text: 'The store[ {dir}] was written by a newer version of the software.',
    action: 'Run the newer version; do not open the store with an older one.',
  },
  STORE_FAILED: {
    text: 'The store cannot be read or written[: {reason}].',
    action: 'Check the disk and the permissions of the data folder.',
  },
  DISK_FULL: {
    text: 'The disk that holds the data of the node[ {dir}] is full.',
    action: 'Free some space; the node goes on by itself.',
  },
  NODE_STOPPING: {
    text: 'The node[ {node}] is stopping and takes no more work.',
    action: 'Wait until it runs again, then retry.',
  },
  DIRECTORY_INVALID: {
    text: 'The directory is not valid[: {reason}][ ({id})].',
    action: 'Mend the entry it names, then load the directory again.',
  },
  ANNOUNCEMENT_INVALID: {
    text: 'The announcement[ of node {node}] is not valid[: {reason}][ ({id})].',
    action: 'Tell the administrator of that node; its former announcement stays in force.',
  },
  ANNOUNCEMENT_OLD: {
    text: 'The announcement[ of node {node}] is older than the one held.',
    action: 'Nothing needs to be done. A node that came back from a backup goes on above what is held by itself.',
  },
  ANNOUNCEMENT_ORPHAN: {
    text: 'The parent[ {parent}] does not announce the node[ {node}] yet.',
    action: 'See at the parent that the node is entered as its child; the directory follows by itself.',
  },
  DELEGATION_EXCEEDED: {
    text: 'Outside the codes that the parent node gave[: {id}][ (node {node})].',
    action: 'Ask the parent node for more codes, or take the entry out of the table of the node.',
  },
  BASE_MOVED: {
    text: 'The table of the node has changed[ and is version {version} now] since this change was made.',
    action: 'Look at it again on top of the present table, then apply it once more.',
  },
  DECLARED_INVALID: {
    text: 'What was to be declared for the node cannot stand[: {reason}].',
    action: 'Change it as said, then try again; nothing was changed.',
  },
  SHEET_INVALID: {
    text: 'The table[ {file}] was not taken[: problems in {count} rows].',
    action: 'Mend these rows[ as {errors} says in its last column], then import the table again; nothing was changed.',
  },
  DIRECTORY_FIXED: {
    text: 'The directory of the node[ {node}] is a file, and is changed there.',
    action: 'Change the directory file and start the node again, or let the node join a living directory.',
  },
  CONFIG_INVALID: {
    text: 'The configuration file[ {file}] is not valid[: {reason}].',
    action: 'Mend the file where it says[ (line {line}, column {column})], then run again.',
  },
  FILE_UNREADABLE: {
    text: 'The file[ {file}] cannot be read[ ({reason})].',
    action: 'Check the path and the permissions of the file.',
  },
  FILE_UNWRITABLE: {
    text: 'The file[ {file}] cannot be written[ ({reason})].',
    action: 'Check the folder, its permissions and the free space, or name another file.',
  },
  CONTROL_PATH_TOO_LONG: {
    text: 'The path of the control socket[ {path}] is longer than the system allows[ ({limit} bytes)].',
    action: 'Choose a data folder with a shorter path.',
  },
  CONTROL_DENIED: {
    text: 'You may not open the control socket[ {path}] of the node.',
    action: 'Run the command as the system user the node runs as.',
  },
  NODE_NOT_RUNNING: {
    text: 'The node[ {node}] is not running or does not answer.',
    action: 'Start it[ with `{start}`], then retry.',
  },
  NOT_FOUND: {
    text: 'What was asked for[ ({what})] was not found.[ What the organisations that came to this node sent before is recorded at {nodes}: ask there.]',
    action: 'Check the id or number given.',
  },
  USAGE: {
    text: 'The command is not right[: {reason}].',
    action: 'See how it is used with --help.',
  },
  INTERNAL: {
    text: 'Something unexpected went wrong[: {reason}].',
    action: 'Send the log of the node to whoever supports it; the action may be tried again.',
  },
}
