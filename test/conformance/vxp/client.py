"""Document software that knows VXP by its published calls only: one header map that is never cleared, as the SDKs have it.

Reads {"sender": {url, ca, systemid, secret, organ}, "receiver": {…}, "packet": path, "documentId"} from standard input, sends
the packet, fetches and acknowledges it on the other side, answers with a status, and writes what it saw as JSON. `ca`: whom to
trust over HTTPS, PEM.
"""
import base64
import hashlib
import hmac
import http.client
import json
import ssl
import sys
import time
import urllib.parse

DEADLINE_S = 60


class Service:
    def __init__(self, party):
        self.address = urllib.parse.urlsplit(party["url"])
        self.trusted = ssl.create_default_context(cadata=party["ca"]) if "ca" in party else None
        self.secret = party["secret"].encode()
        # The time of construction, for good.
        self.headers = {"systemid": party["systemid"], "timestamp": time.strftime("%d%m%YT%H%M%S") + "+0007"}

    def call(self, operation, fields, body=b"", content_type="application/json", method="POST"):
        self.headers["Content-Type"] = content_type
        self.headers.update(fields)
        members = ",".join('"XroadVnpt-%s":"%s"' % pair for pair in self.headers.items())
        signed = "{%s}" % members
        connection = self.connect()
        connection.putrequest(method, "/" + operation)
        for name, value in self.headers.items():
            connection.putheader("XroadVnpt-" + name, value)
        connection.putheader("XroadVnpt-sign-header-key", ";".join(self.headers))
        connection.putheader("XroadVnpt-sign-header", signed)
        connection.putheader("XroadVnpt-hash-header", hmac.new(self.secret, signed.encode(), hashlib.sha256).hexdigest())
        connection.putheader("XroadVnpt-version", "3.0.201608")
        connection.putheader("User-Agent", "JAVASDKAgent/1.0.0 XRoad/VPCP")
        connection.putheader("Content-Type", content_type)
        if method == "POST":
            connection.putheader("Content-Length", str(len(body)))
        if body:
            connection.putheader("Expect", "100-continue")
        connection.endheaders(body or None)
        response = connection.getresponse()
        content = response.read()
        connection.close()
        return content

    def connect(self):
        host, port = self.address.hostname, self.address.port
        if self.address.scheme == "http":
            return http.client.HTTPConnection(host, port, timeout=30)
        return http.client.HTTPSConnection(host, port, timeout=30, context=self.trusted)

    def ask(self, operation, fields, **rest):
        return json.loads(self.call(operation, fields, **rest))

    def send(self, organ, packet, kind, **more):
        digest = hashlib.sha256(packet).digest()
        return self.ask(
            "sendEdoc",
            {
                "from": organ,
                "servicetype": "eDoc",
                "messagetype": kind,
                # No leading zero in front of small bytes.
                "hash-file": "".join("%x" % byte for byte in digest),
                **more,
            },
            body=packet,
            content_type="application/octet-stream",
        )

    def received(self, kind, packet):
        """Rows of this packet, once it is there."""
        digest = hashlib.sha256(packet).hexdigest()
        mine = lambda rows: [row for row in rows if row["contentSha256"] == digest]
        return mine(self.until("getReceivedEdocList", {"servicetype": "eDoc", "messagetype": kind}, mine)["data"])

    def until(self, operation, fields, ready):
        end = time.monotonic() + DEADLINE_S
        while True:
            answer = self.ask(operation, fields)
            if answer["ErrorCode"] != "0" or ready(answer["data"]):
                return answer
            if time.monotonic() > end:
                raise SystemExit("nothing came for %s" % operation)
            time.sleep(0.05)


def status_packet(sender, answered, document_id):
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<edXML xmlns="http://www.mic.gov.vn/TBT/QCVN_102_2016">'
        '<edXML:edXMLEnvelope xmlns:edXML="http://www.mic.gov.vn/TBT/QCVN_102_2016"><edXML:edXMLHeader>'
        "<edXML:MessageHeader><edXML:From><edXML:OrganId>%s</edXML:OrganId></edXML:From>"
        "<edXML:ResponseFor><edXML:OrganId>%s</edXML:OrganId><edXML:Code>7/UBND-VP</edXML:Code>"
        "<edXML:DocumentId>%s</edXML:DocumentId></edXML:ResponseFor>"
        "<edXML:StatusCode>03</edXML:StatusCode><edXML:Description>Tiếp nhận</edXML:Description>"
        "<edXML:Timestamp>2025/07/01 08:00:00</edXML:Timestamp></edXML:MessageHeader>"
        "</edXML:edXMLHeader></edXML:edXMLEnvelope></edXML>" % (sender, answered, document_id)
    ).encode()


def main():
    task = json.load(sys.stdin)
    sender, receiver = task["sender"], task["receiver"]
    packet = open(task["packet"], "rb").read()
    there = Service(sender)
    here = Service(receiver)

    sent = [there.send(sender["organ"], packet, "edoc") for _ in range(4)]
    listed = here.received("edoc", packet)
    doc_id = listed[0]["docId"]
    fetched = base64.b64decode(here.ask("getEdoc", {"docId": doc_id, "filePath": "in"}, body=b"{}")["data"])
    downloaded = here.call("downloadEdoc", {"docId": doc_id}, method="GET")
    acknowledged = [here.ask("updateStatus", {"docid": doc_id, "status": state}, body=b"{}") for state in ("processing", "done")]
    left = here.ask("countReceiveEdoc", {"servicetype": "eDoc", "messagetype": "edoc"}, body=b"{}")["count"]

    status = status_packet(receiver["organ"], sender["organ"], task["documentId"])
    answered = here.send(receiver["organ"], status, "status", to=json.dumps([sender["organ"]]))
    statuses = there.received("status", status)
    back = base64.b64decode(there.ask("getEdoc", {"docId": statuses[0]["docId"], "filePath": "in"}, body=b"{}")["data"])
    there.ask("updateStatus", {"docId": statuses[0]["docId"], "status": "done"}, body=b"{}")
    outcome = there.until(
        "getSentEdocList",
        {"servicetype": "eDoc", "messagetype": "edoc"},
        lambda rows: all(row["receiveStatus"] == "done" for row in rows if row["senderDocId"] == sent[0]["DocId"]),
    )["data"]

    json.dump(
        {
            "docIds": [answer.get("DocId") for answer in sent],
            "listed": listed,
            "identical": [fetched == packet, downloaded == packet, back == status],
            "acknowledged": [answer["status"] for answer in acknowledged],
            "left": left,
            "answered": answered,
            "statuses": len(statuses),
            "outcome": outcome,
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
