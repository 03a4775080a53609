#!/usr/bin/env python3
"""Restores a backup from a Block Mover repository in a directory, without Block Mover.

    restore.py REPO BACKUP|latest|VOLUME@latest OUT      write the volume into the new file OUT
    restore.py REPO --list                               show the backups

The password is taken from MOVER_PASSWORD_FILE or MOVER_PASSWORD. Needs Python 3.11, tools/requirements.txt, and
docs/repository-format.md to understand it ("section" below means there). Everything read is authenticated. Damaged
metadata ends the run; a damaged pack is named together with the bytes that it leaves as zeros, the rest is restored,
and the exit status is 1.
"""
import argparse, base64, hashlib, hmac, json, os, re, struct, sys
from datetime import datetime
from pathlib import Path

import zstandard
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

DATA, MAP = 1, 2  # kinds of packs
TABLE_SLOT = 0xFFFFFFFF
RECORD_BYTES, ROW_BYTES, TRAILER_BYTES, RECIPIENT_BYTES = 40, 48, 16, 112
ZERO_BLOCK = bytes(4096)


class Failure(Exception):
    """What a person has to hear: no such backup, wrong password, newer format."""


class Damage(Failure):
    """An object is not what the format says, or not what was written."""


def expect(condition, key, what):
    if not condition:
        raise Damage(f"{key}: {what}")


def hkdf(key, salt, info):
    return HKDF(SHA256(), 32, salt, info).derive(key)


def unseal(key, nonce, ciphertext, aad, name):
    try:
        return AESGCM(key).decrypt(nonce, ciphertext, aad)
    except InvalidTag:
        raise Damage(f"{name}: damaged, moved, or of another repository") from None


def decompress(codec, plain, limit, name):
    expect(codec in (0, 1), name, f"unknown codec {codec}")
    if codec == 0:
        return plain
    try:
        return zstandard.ZstdDecompressor().decompress(plain, max_output_size=limit)
    except zstandard.ZstdError as e:
        raise Damage(f"{name}: {e}") from None


def pack_key_path(kind, name):
    """The object's key of a pack (section 1); `name` is 28 bytes."""
    session, run, counter = name[:16].hex(), name[16:24].hex(), int.from_bytes(name[24:], "big")
    return f"{'d' if kind == DATA else 'm'}/{(name[16] + counter) % 256:02x}/{session}-{run}-{counter:08x}"


class Repository:
    def __init__(self, root, password):
        """Sections 1 and 2: opens the keys with the password."""
        self.root, self.data_keys = Path(root), {}
        if not (self.root / "format").is_file():
            raise Failure(f"{root}: no repository here (no object 'format')")
        text, checksum = (self.read("format").split(b"\n") + [b"", b""])[:2]
        try:
            self.format = json.loads(text)
            expect(self.format["format"] == "blockmover", "format", "not a Block Mover repository")
            if self.format["version"] != 1 or self.format["requires"]["read"]:
                raise Failure(f"format: this reader knows version 1 without features, not {text.decode()}")
            self.lineage = bytes.fromhex(self.format["lineage"])
        except (ValueError, KeyError, TypeError):
            raise Damage("format: damaged") from None
        keys = self.open_keys(password)
        self.metadata_key = base64.b64decode(keys["metadataKey"])
        self.volume_id_key = base64.b64decode(keys["chunkIdKey"])
        mac = hmac.new(self.metadata_key, text, hashlib.sha256).hexdigest()
        expect(hmac.compare_digest(mac.encode(), checksum), "format", "its second line does not fit the first")
        expect(keys["lineage"] == self.format["lineage"], "format", "the keys are of another lineage")
        if "dataPrivateKey" not in keys:
            raise Failure("this password opens a key set that may write but not read")
        self.private_key = X25519PrivateKey.from_private_bytes(base64.b64decode(keys["dataPrivateKey"]))
        self.public_key = base64.b64decode(keys["dataPublicKey"])

    def open_keys(self, password):
        found = None
        for key in self.list("keys/"):
            try:
                found = self.open_slot(json.loads(self.read(key)), password) or found
            except (ValueError, KeyError, TypeError):
                print(f"damaged: {key}", file=sys.stderr)
            if found and "dataPrivateKey" in found:
                break  # a key set that may only write is the second choice
        if not found:
            raise Failure("wrong password" if password is not None else "set MOVER_PASSWORD or MOVER_PASSWORD_FILE")
        return found

    def open_slot(self, slot, password):
        """The key set in a slot; None if the password is not its own."""
        if slot["kdf"] == "none" and self.format["encryption"] == "none":
            return slot["keys"]
        if slot["kdf"] != "argon2id" or password is None:
            return None
        kdf = Argon2id(salt=base64.b64decode(slot["salt"]), length=32, iterations=slot["passes"],
                       lanes=slot["lanes"], memory_cost=slot["memoryKiB"])
        wrapped = base64.b64decode(slot["wrapped"])
        aad = b"blockmover/1 key set" + self.format["repository"].encode()
        try:
            return json.loads(AESGCM(kdf.derive(password)).decrypt(wrapped[:12], wrapped[12:], aad))
        except InvalidTag:
            return None

    def path(self, key):
        expect(re.fullmatch(r"[a-z0-9][a-z0-9.-]*(/[a-zA-Z0-9][a-zA-Z0-9.-]*)*", key), key, "not a key")
        return self.root / key

    def read(self, key):
        try:
            return self.path(key).read_bytes()
        except OSError as e:
            raise Damage(f"{key}: {e.strerror}") from None

    def list(self, prefix):
        return sorted(str(p.relative_to(self.root)) for p in (self.root / prefix).rglob("*") if p.is_file())

    def document(self, key):
        """Section 3."""
        raw = self.read(key)
        expect(len(raw) >= 60 and raw[:8] == b"BMDOC001" and raw[9:12] == bytes(3), key, "not a document")
        document_key = hkdf(self.metadata_key, raw[12:44], b"blockmover/1 document")
        plain = unseal(document_key, bytes(12), raw[44:], self.lineage + raw[:44] + key.encode(), key)
        return json.loads(decompress(raw[8], plain, 16 << 20, key))

    def backups(self):
        """Section 11: (volume name, row) of every backup; a damaged HEAD is reported and passed over."""
        for key in self.list("v/"):
            if not re.fullmatch(r"v/[0-9a-f]{32}/HEAD", key):
                continue
            try:
                head = self.document(key)
                id = hmac.new(self.volume_id_key, b"volume\0" + head["volume"].encode(), hashlib.sha256).hexdigest()
                expect(key == f"v/{id[:32]}/HEAD", key, "names another volume")
                older = self.document(head["older"])["backups"] if head["older"] else []
            except Damage as e:
                print(f"damaged: {e}", file=sys.stderr)
                continue
            yield from ((head["volume"], row) for row in older + head["backups"])

    def find(self, wanted):
        rows = list(self.backups())
        if wanted == "latest" or wanted.endswith("@latest"):
            volume = wanted.removesuffix("latest").removesuffix("@")
            if volume:  # the last row of its HEAD, whatever the clocks said
                rows = [r for r in rows if r[0] == volume][-1:]
            rows = sorted(rows, key=lambda r: datetime.fromisoformat(r[1]["created"]))[-1:]
        else:
            rows = [r for r in rows if r[1]["id"].startswith(wanted)]
        if len(rows) != 1:
            raise Failure(f"{'no backup' if not rows else 'more than one backup'} {wanted}")
        volume, row = rows[0]
        manifest = self.document(row["manifest"])
        expect((manifest["backup"], manifest["volume"]) == (row["id"], volume), row["manifest"], "of another backup")
        if manifest["version"] != 1 or manifest["requires"]:
            raise Failure(f"{row['manifest']}: needs a newer reader: {manifest['requires']}")
        return manifest


class Pack:
    """Section 4: one open pack; authenticates each record that it returns."""

    def __init__(self, repository, kind, name):
        self.repository, self.kind, self.name = repository, kind, name
        self.key = pack_key_path(kind, name)
        try:
            self.file = open(repository.path(self.key), "rb")
        except OSError as e:
            raise Damage(f"{self.key}: {e.strerror}") from None
        magic, found, mode, recipients, self.header_bytes = struct.unpack("<8sBBHI", self.at(0, 16))
        expect(magic == b"BMPACK01" and found == kind and self.at(16, 28) == name, self.key, "not the pack it should be")
        expect(self.header_bytes == 44 + recipients * RECIPIENT_BYTES, self.key, "wrong header length")
        root = repository.metadata_key if mode == 0 else self.data_key(self.at(44, recipients * RECIPIENT_BYTES))
        self.pack_key = hkdf(root, name, b"blockmover/1 pack")

    def at(self, offset, length):
        self.file.seek(offset)
        data = self.file.read(length)
        expect(len(data) == length, self.key, f"ends before byte {offset + length}")
        return data

    def data_key(self, recipients):
        """The data key of the session and run, from the recipient that is us."""
        keys, run = self.repository.data_keys, self.name[:24]
        for i in range(0, 0 if run in keys else len(recipients), RECIPIENT_BYTES):
            recipient, ephemeral, wrapped = struct.unpack("32s32s48s", recipients[i:i + RECIPIENT_BYTES])
            if recipient == self.repository.public_key:
                secret = self.repository.private_key.exchange(X25519PublicKey.from_public_bytes(ephemeral))
                wrap = hkdf(secret, ephemeral + recipient, b"blockmover/1 data key")
                keys[run] = unseal(wrap, bytes(12), wrapped, self.repository.lineage + run, self.key)
        expect(run in keys, self.key, "its data key is not wrapped for us")
        return keys[run]

    def record(self, slot, offset, stored=None, plain=None, id=None):
        """The plain text of the record at `offset`; slot None: whichever. What is given besides must fit."""
        header = self.at(offset, RECORD_BYTES)
        magic, codec, plain_bytes, stored_bytes, found, found_id = struct.unpack("<4sB3xIII4x16s", header)
        where = f"{self.key} at byte {offset}"
        expect(magic == b"BMR1" and slot in (None, found), where, "no record, or not the one that should be here")
        expect(stored in (None, stored_bytes) and plain in (None, plain_bytes), where, "wrong length")
        expect(id in (None, found_id), where, "another chunk")
        aad = self.repository.lineage + self.name + bytes([self.kind]) + header
        nonce = struct.pack("<I8x", found)
        sealed = unseal(self.pack_key, nonce, self.at(offset + RECORD_BYTES, stored_bytes), aad, where)
        text = decompress(codec, sealed, plain_bytes, where)
        expect(len(text) == plain_bytes, where, f"{len(text)} bytes instead of {plain_bytes}")
        return text

    def records(self, size):
        """(table id, plain text) of all records of a pack that is `size` bytes long."""
        expect(self.file.seek(0, os.SEEK_END) == size, self.key, f"is not {size} bytes long")
        table, rows, magic = struct.unpack("<II8s", self.at(size - TRAILER_BYTES, TRAILER_BYTES))
        expect(magic == b"BMTRAIL1", self.key, "no trailer")
        text = self.record(TABLE_SLOT, table)
        expect(len(text) == rows * ROW_BYTES, self.key, "its table and its trailer disagree")
        for slot, row in enumerate(struct.iter_unpack("<32sIIIB3x", text)):
            id, offset, stored, plain, _ = row
            yield id, self.record(slot, offset, stored, plain)


def columns(text, *formats):
    """The columns of a leaf: a count, then one column after the other."""
    count, position = struct.unpack_from("<I", text)[0], 4
    for format in formats:
        yield struct.unpack_from("<" + count * format, text, position)
        position += count * struct.calcsize("<" + format)


def layer_entries(repository, layer):
    """Section 6: (start, end, None or (pack name, offset, stored, plain, within, id)), ascending."""
    last = 0
    for reference in layer["packs"]:
        name = b"".join(map(bytes.fromhex, reference["name"].split("-")))
        pack = Pack(repository, MAP, name)
        *leaves, (dictionary_id, dictionary) = pack.records(reference["bytes"])
        expect(dictionary_id == b"\xff" * 32, pack.key, "no dictionary")
        (packs,) = columns(dictionary, "28s")
        for id, text in leaves:
            first, last_end, count = struct.unpack("<QQI12x", id)
            end, rows = 0, list(zip(*columns(text, *"QQBIIIII", "16s")))
            for gap, length, kind, ordinal, offset, stored, plain, within, chunk in rows:
                start, end = end + gap, end + gap + length
                expect(start >= last and kind in (0, 1), pack.key, "entries in disorder")
                expect(kind == 0 or ordinal < len(packs) and within + length <= plain, pack.key, "impossible entry")
                yield start, end, (packs[ordinal], offset, stored, plain, within, chunk) if kind else None
                last = end
            expect((rows[0][0], end, len(rows)) == (first, last_end, count), pack.key, "a leaf is not where it belongs")


def cut(entry, start, end):
    """The part of an entry between start and end; None if nothing is left."""
    first, last, place = entry
    start, end = max(first, start), min(last, end)
    if start >= end:
        return None
    return start, end, place and (*place[:4], place[4] + start - first, place[5])


def overlay(older, newer):
    """Both lists merged; where both cover a byte, the newer decides."""
    merged, i, position = [], 0, 0
    for start, end in [(s, e) for s, e, _ in newer] + [(1 << 63, 1 << 63)]:
        while i < len(older) and older[i][0] < start:  # the gap before this newer entry
            merged.append(cut(older[i], position, start))
            if older[i][1] > start:
                break  # goes on behind it, perhaps
            i += 1
        position = end
    return sorted(entry for entry in merged + newer if entry)


def volume_map(repository, manifest):
    """The manifest's layers as one list of disjoint entries without ZERO ones."""
    limits, limit = [], manifest["volumeBytes"]
    for layer in reversed(manifest["map"]):
        limits.append(limit := min(limit, layer["volumeBytes"]))
    entries = []
    for layer, limit in zip(manifest["map"], reversed(limits)):
        cuts = (cut(entry, 0, limit) for entry in layer_entries(repository, layer))
        entries = overlay(entries, [entry for entry in cuts if entry])
    return [entry for entry in entries if entry[2]]


def write_sparse(file, offset, content):
    """Writes the blocks that are not zero."""
    step, start = len(ZERO_BLOCK), 0
    for at in range(0, len(content) + step, step):
        block = content[at:at + step]
        if not block or block == ZERO_BLOCK[:len(block)]:
            if start < at:
                file.seek(offset + start)
                file.write(content[start:at])
            start = at + step


def restore(repository, manifest, out):
    """Section 15, pack by pack, so that each chunk is read and opened once. Returns the bytes that could not be restored."""
    lost, pack, chunk = 0, None, (None, None)
    entries = volume_map(repository, manifest)
    entries.sort(key=lambda entry: (entry[2][:2], entry[0]))
    with open(out, "xb") as file:
        for start, end, (name, offset, stored, plain, within, id) in entries:
            try:
                if chunk[0] != (name, offset, stored, plain, id):
                    if not pack or pack.name != name:
                        pack = Pack(repository, DATA, name)
                    chunk = (name, offset, stored, plain, id), pack.record(None, offset, stored, plain, id)
                write_sparse(file, start, chunk[1][within:within + end - start])
            except Damage as e:
                print(f"damaged: {e}; bytes {start} to {end} of the volume are left as zeros", file=sys.stderr)
                lost += end - start
        file.truncate(manifest["volumeBytes"])
        file.flush()
        os.fsync(file.fileno())
    return lost


def password():
    if path := os.environ.get("MOVER_PASSWORD_FILE"):
        return re.split(rb"\r\n|\n|\r", Path(path).read_bytes(), maxsplit=1)[0]
    text = os.environ.get("MOVER_PASSWORD")
    return None if text is None else os.fsencode(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repo")
    parser.add_argument("backup", nargs="?", default="latest", help="an id or its beginning, latest, VOLUME@latest")
    parser.add_argument("out", nargs="?")
    parser.add_argument("--list", action="store_true", help="show the backups and stop")
    args = parser.parse_args()
    try:
        repository = Repository(args.repo, password())
        if args.list or not args.out:
            for volume, row in repository.backups():
                print(row["id"], row["created"], row["volumeBytes"], volume)
            return
        manifest = repository.find(args.backup)
        lost = restore(repository, manifest, args.out)
        print(f"{manifest['backup']} of {manifest['volume']}: {manifest['volumeBytes'] - lost} bytes restored, {lost} lost")
        for offset, length in manifest["badBlocks"]:
            print(f"the source could not be read when this backup was made: {length} zeros at byte {offset}")
        sys.exit(1 if lost else 0)
    except (Failure, OSError) as e:
        sys.exit(f"restore.py: {e}")


if __name__ == "__main__":
    main()
