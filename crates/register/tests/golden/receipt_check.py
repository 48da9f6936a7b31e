"""Checks receipt.txt with Python alone: the leaf that it leads to, the paper, and both signatures (RFC 8032).

Written from docs/LOG-FORMAT.md, sections 2, 3 and 10a: it shares nothing with the program. Run: python3 receipt_check.py
"""

import base64
import hashlib
import pathlib
import sys

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parents[2] / "verify" / "tests"))
from ed25519 import holds  # noqa: E402

LOG_KEY = "example.test/log+383cb154+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
PAPER = "i-247a|2022-06-13|0001234567"


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def node(left, right):
    return sha(b"\x01", left, right)


def slot(salt, value):
    return sha(b"\x00", salt, value.encode())


def parts(text):
    bytes_ = base64.b64decode(text, validate=True)
    return [bytes_[at : at + 32] for at in range(0, len(bytes_), 32)]


receipt = (HERE / "receipt.txt").read_text(encoding="utf-8")
signed, signature_line = receipt.rsplit("\n\n", 1)
signed += "\n"
header, origin, mode, said, *rest = signed.splitlines()
fields = dict(line.split(" ", 1) for line in rest)
assert (header, mode, said) == ("candor receipt v1", "live", "receipt")

counts_as, year = fields["counts-as"].split(" ")
salts, hashes = parts(fields["salts"]), parts(fields["hashes"])
nine, eight, two, four, ten, twelve, sixteen = hashes
low = node(node(node(slot(salts[0], counts_as), slot(salts[1], year)), two), four)
high = node(node(node(eight, nine), ten), twelve)
root = node(node(low, high), sixteen)
leaf = base64.b64encode(sha(b"\x00", root)).decode()
assert leaf == fields["leaf"], "what is opened is not of the leaf"
assert f"leaf {leaf}\n" in (HERE / "leaf.txt").read_text(encoding="utf-8"), "it is not the leaf of leaf.txt"
assert slot(salts[2], PAPER) == nine and slot(salts[2], PAPER + "8") != nine, "it is not of the paper"

name = origin + "/receipt"
key = base64.b64decode(fields["key"], validate=True)
key_id = sha(name.encode(), b"\n", key)[:4]
vkey = f"{name}+{key_id.hex()}+{fields['key']}"
log_key = base64.b64decode(LOG_KEY.split("+", 2)[2])
assert key[0] == log_key[0] == 1
certificate = base64.b64decode(fields["certified"], validate=True)
assert holds(log_key[1:], f"candor receipt key v1\n{vkey}\n".encode(), certificate), "the log's key has not signed the key"
mark, signer, signature = signature_line.rstrip("\n").split(" ")
signature = base64.b64decode(signature, validate=True)
assert (mark, signer, signature[:4]) == ("\u2014", name, key_id)
assert holds(key[1:], signed.encode(), signature[4:]), "the signature does not hold"
assert not holds(key[1:], signed.replace("2022-06-14", "2022-06-15").encode(), signature[4:])
print("the receipt holds:", leaf)
