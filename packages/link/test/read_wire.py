"""Reads the wire with nothing but Python's standard library, from what PROTOCOL.md says. Prints JSON.

Usage: python3 read_wire.py vectors.json
"""
import hashlib
import json
import sys


def read(data, at=0):
    """One CBOR item at offset `at`: (value, offset after it). Deterministic encoding only."""
    initial = data[at]
    major, minor, at = initial >> 5, initial & 31, at + 1
    if major == 7:
        return {20: False, 21: True, 22: None}[minor], at
    if minor < 24:
        argument = minor
    else:
        width = {24: 1, 25: 2, 26: 4, 27: 8}[minor]
        argument, at = int.from_bytes(data[at:at + width], 'big'), at + width
        assert argument >= (24 if width == 1 else 1 << (width * 4)), 'not the shortest form'
    if major == 0:
        return argument, at
    if major == 1:
        return -1 - argument, at
    if major in (2, 3):
        text = data[at:at + argument]
        assert len(text) == argument, 'cut short'
        return (text if major == 2 else text.decode('utf-8')), at + argument
    items = []
    for _ in range(argument * (2 if major == 5 else 1)):
        item, at = read(data, at)
        items.append(item)
    if major == 4:
        return items, at
    assert major == 5, 'tags are not used'
    pairs = list(zip(items[::2], items[1::2]))
    assert len(dict(pairs)) == len(pairs), 'a key twice'
    return dict(pairs), at


def whole(data):
    value, end = read(data)
    assert end == len(data), 'bytes after the end'
    return value


def head(major, length):
    if length < 24:
        return bytes([major << 5 | length])
    return bytes([major << 5 | 24, length]) if length < 256 else bytes([major << 5 | 25]) + length.to_bytes(2, 'big')


def text(value):
    return head(3, len(value.encode())) + value.encode()


def uid(core):
    # [kind, businessType, from, documentId, sha256]
    small = head(0, core[4]) + head(0, core[5])
    return hashlib.sha256(b'\x85' + small + text(core[6]) + text(core[7]) + b'\x58\x20' + core[10]).hexdigest()


def indices(runs):
    return [i for run in runs for i in ([run] if isinstance(run, int) else range(run[0], run[1] + 1))]


def segment(data):
    core, seal, to, number, path, part, *extra = whole(data)
    fields = whole(core)
    assert uid(fields) == fields[2].hex(), 'the uid is not that of the content'
    protected, unprotected, payload, signature = whole(seal)
    assert unprotected == {} and payload is None and len(signature) == 64
    header = whole(protected)
    assert header[1] == -8
    after = read(data, 1)[1]
    for _ in range(5):
        after = read(data, after)[1]
    return fields, {
        'origin': header[4].decode().rpartition('#')[0],
        'uid': fields[2].hex(),
        'to': indices(to),
        'segment': number,
        'path': [{'node': node, 'version': version, 'at': at} for node, version, at in path],
        'data': part.hex(),
        'extra': data[after:].hex() if extra else None,
    }


def main():
    with open(sys.argv[1], encoding='utf-8') as file:
        vectors = json.load(file)
    raw = {name: bytes.fromhex(vectors[name]['hex']) for name in ('core', 'seal', 'frame', 'signals', 'enquiries', 'hello')}
    version, segments = whole(raw['frame'])
    assert version == 1
    read_segments = [segment(data) for data in segments]
    parts = [part for fields, part in read_segments if fields[4] == 0]
    payload = b''.join(bytes.fromhex(part['data']) for part in sorted(parts, key=lambda part: part['segment']))
    assert hashlib.sha256(payload).digest() == whole(raw['core'])[10]
    protected = whole(raw['seal'])[0]
    signed = b'\x84' + text('Signature1') + head(2, len(protected)) + protected + b'\x40'
    signed += head(2, len(raw['core'])) + raw['core']
    types = ['delivered', 'collected', 'noted', 'undeliverable', 'deferred', 'query', 'answer', 'ask', 'standing']
    hello = whole(raw['hello'])
    recall = {name: bytes.fromhex(vectors['recall'][name]['hex']) for name in ('core', 'signals')}
    recalling = whole(recall['core'])
    assert uid(recalling) == recalling[2].hex(), 'what it is about is no part of its uid'
    effects = ['stopped', 'withdrawn', 'asked']
    nodes = vectors['nodes']
    item = lambda vector: whole(bytes.fromhex(vector['hex']))
    cores = [item(vector) for vector in (nodes['handover']['core'], nodes['bundle'])]
    assert [core[4] for core in cores] == [3, 4] and all(uid(core) == core[2].hex() for core in cores)
    handed = item(nodes['handover']['list'])
    print(json.dumps({
        'uid': uid(whole(raw['core'])),
        'signed': signed.hex(),
        'payload': payload.decode('utf-8'),
        'segments': [part for _, part in read_segments],
        'signals': [types[signal[1]] for signal in whole(raw['signals'])[1]],
        'enquiries': [types[signal[1]] for signal in whole(raw['enquiries'])[1]],
        'about': [[document.hex(), generation] for document, generation in recalling[16]],
        'effects': [
            [effects_ and [effects[effect] for effect in effects_] for effects_ in signal[10]]
            for signal in whole(recall['signals'])[1]
        ],
        'hello': [hello[1], hello[3]],
        'kinds': item(nodes['hello'])[6],
        'betweenNodes': [[core[2].hex(), core[8]] for core in cores],
        'handed': [len(cores[0][17]), handed[2][0][0].hex()],
        'survey': item(nodes['survey']['asked'])[17],
    }))


main()
