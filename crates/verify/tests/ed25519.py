"""Ed25519 of RFC 8032 with Python's standard library alone, for the tests that share nothing with the program.

Slow, plain and open to anybody who watches its timing: it checks signatures, and signs only what tests invent.
"""

import functools
import hashlib

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P

Point = tuple[int, int]


class NoPoint(ValueError):
    """Bytes that are not a point of the curve in its one spelling."""


def _on_curve(y: int, sign: int) -> Point:
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        raise NoPoint
    return (P - x if x & 1 != sign else x, y)


def _add(one: Point, other: Point) -> Point:
    (x1, y1), (x2, y2) = one, other
    product = D * x1 * x2 * y1 * y2
    x = (x1 * y2 + x2 * y1) * pow(1 + product, -1, P) % P
    y = (y1 * y2 + x1 * x2) * pow(1 - product, -1, P) % P
    return (x, y)


def _times(number: int, point: Point) -> Point:
    sum_ = (0, 1)
    while number:
        if number & 1:
            sum_ = _add(sum_, point)
        point, number = _add(point, point), number >> 1
    return sum_


def _read(bytes_: bytes) -> Point:
    number = int.from_bytes(bytes_, "little")
    return _on_curve(number & (2**255 - 1), number >> 255)


def _write(point: Point) -> bytes:
    return (point[1] | (point[0] & 1) << 255).to_bytes(32, "little")


BASE = _on_curve(4 * pow(5, -1, P) % P, 0)


def _hashed(*parts: bytes) -> int:
    return int.from_bytes(hashlib.sha512(b"".join(parts)).digest(), "little") % L


@functools.lru_cache(maxsize=None)
def holds(key: bytes, text: bytes, signature: bytes) -> bool:
    """Whether a signature of 64 bytes is that of the text under a public key of 32 bytes (RFC 8032, section 5.1.7)."""
    scalar = int.from_bytes(signature[32:], "little")
    if len(key) != 32 or len(signature) != 64 or scalar >= L:
        return False
    try:
        begun, public = _read(signature[:32]), _read(key)
    except NoPoint:
        return False
    return _times(scalar, BASE) == _add(begun, _times(_hashed(signature[:32], key, text), public))


def _secret(seed: bytes) -> tuple[int, bytes]:
    hashed = hashlib.sha512(seed).digest()
    number = int.from_bytes(hashed[:32], "little") & ((1 << 254) - 8) | 1 << 254
    return number, hashed[32:]


def public_key(seed: bytes) -> bytes:
    """The public key of a secret seed of 32 bytes."""
    return _write(_times(_secret(seed)[0], BASE))


def sign(seed: bytes, text: bytes) -> bytes:
    """The signature, 64 bytes, of a text under a secret seed (RFC 8032, section 5.1.6)."""
    number, prefix = _secret(seed)
    once = _hashed(prefix, text)
    begun = _write(_times(once, BASE))
    return begun + ((once + _hashed(begun, public_key(seed), text) * number) % L).to_bytes(32, "little")
