"""receipt.py: checks a receipt of kontor-audit as an outsider would, from docs/ledger.md alone.

Ed25519 is written out here (RFC 8032), so that nothing but Python is needed; it is slow and need not be
safe, for it only verifies.
"""

import hashlib

P = 2 ** 255 - 19
ORDER = 2 ** 252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def add(a, b):
    """The sum of two points in extended coordinates."""
    e = (a[1] - a[0]) * (b[1] - b[0]) % P
    f = (a[1] + a[0]) * (b[1] + b[0]) % P
    g = 2 * a[3] * b[3] * D % P
    h = 2 * a[2] * b[2] % P
    return (f - e) * (h - g) % P, (h + g) * (f + e) % P, (h - g) * (h + g) % P, (f - e) * (f + e) % P


def multiply(n, point):
    total = (0, 1, 1, 0)
    while n:
        if n & 1:
            total = add(total, point)
        point = add(point, point)
        n >>= 1
    return total


def decode(data):
    """The point that 32 bytes stand for, or None."""
    y = int.from_bytes(data, 'little')
    sign, y = y >> 255, y & ((1 << 255) - 1)
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


BASE = decode((4 * pow(5, P - 2, P) % P).to_bytes(32, 'little'))


def is_signed(message, signature, key):
    first, second, scalar = decode(key), decode(signature[:32]), int.from_bytes(signature[32:], 'little')
    if first is None or second is None or scalar >= ORDER:
        return False
    digest = hashlib.sha512(signature[:32] + key + message).digest()
    left = multiply(scalar, BASE)
    right = add(second, multiply(int.from_bytes(digest, 'little') % ORDER, first))
    return not ((left[0] * right[2] - right[0] * left[2]) % P or (left[1] * right[2] - right[1] * left[2]) % P)


def blake(data):
    return hashlib.blake2b(data, digest_size=32).digest()


def root_of(receipt):
    """Where the way from the leaf ends."""
    here = blake(b'\0' + bytes.fromhex(receipt['leaf']))
    index, last = receipt['index'], receipt['leaves'] - 1
    for sibling in map(bytes.fromhex, receipt['path']):
        if index % 2 == 1 or index == last:
            here = blake(b'\1' + sibling + here)
            while index % 2 == 0 and index != 0:
                index, last = index // 2, last // 2
        else:
            here = blake(b'\1' + here + sibling)
        index, last = index // 2, last // 2
    return here


def proves(receipt):
    """Whether the leaf is in the block, and the block signed."""
    block = receipt['block']
    numbers = [block[name] for name in ('number', 'last_entry', 'last_version', 'created')]
    header = (b'B' + b''.join(number.to_bytes(8, 'big', signed=True) for number in numbers)
              + bytes.fromhex(block['root']) + bytes.fromhex(block['previous']))
    leaf = bytes.fromhex(receipt['leaf'])
    return (leaf[:1] == b'E' and int.from_bytes(leaf[1:9], 'big') == receipt['entry']
            and root_of(receipt).hex() == block['root']
            and is_signed(header, bytes.fromhex(block['signature']), bytes.fromhex(receipt['key'])))
