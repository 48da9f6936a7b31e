#!/usr/bin/env python3
"""Recomputes leaf.txt with Python's standard library alone: a stranger can do it in an evening."""

import base64
import hashlib
import hmac
import pathlib

given = {}
for line in pathlib.Path(__file__).with_name("leaf.txt").read_text(encoding="utf-8").splitlines():
    if not line.startswith("#"):
        name, _, rest = line.partition(" ")
        given.setdefault(name, []).append(rest)


def sha256(data):
    return hashlib.sha256(data).digest()


def node(left, right):
    return sha256(b"\x01" + left + right)


def tree(hashes):
    while len(hashes) > 1:
        hashes = [node(left, right) for left, right in zip(hashes[::2], hashes[1::2])]
    return hashes[0]


def text(data):
    return base64.b64encode(data).decode()


key = bytes.fromhex(given["key"][0])
values = {int(index): value for index, _, value in (line.partition(" ") for line in given["value"])}

# A salt is HMAC-SHA-256 under the bag key; that of a paper match, slot 9 where it is not blank, under the entry's key.
# A slot's hash is the RFC 6962 leaf hash of salt and value.
bag_key = hmac.new(key, b"candor leaf v1 bag\0", hashlib.sha256).digest()
under = [key if i == 9 and i in values else bag_key for i in range(32)]
salts = [hmac.new(under[i], b"candor leaf v1 salt\0" + bytes([i]), hashlib.sha256).digest() for i in range(32)]
hashes = [sha256(b"\x00" + salts[i] + values.get(i, "").encode()) for i in range(32)]
root = tree(hashes)
assert given["salt"] == [f"{i} {text(salt)}" for i, salt in enumerate(salts)]
assert given["hash"] == [f"{i} {text(value)}" for i, value in enumerate(hashes)]
assert given["root"] == [text(root)]
assert given["leaf"] == [text(sha256(b"\x00" + root))]

# An opening leads from one slot to the root: at each level the index says on which side the path's hash stands.
name, salt, path, value = given["open"][0].split(" ", 3)
index = {"year": 1}[name]
found = sha256(b"\x00" + base64.b64decode(salt) + value.encode())
path = base64.b64decode(path)
for step in range(5):
    other = path[32 * step : 32 * step + 32]
    found = node(other, found) if index >> step & 1 else node(found, other)
assert found == root and len(path) == 5 * 32
print("leaf.txt holds: 32 salts, 32 slot hashes, root, leaf hash and opening")
