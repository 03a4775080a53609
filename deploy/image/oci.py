#!/usr/bin/env python3
"""What an image needs beside its files; the standard library only, and the same input gives the same bytes.

oci.py jars JAR…                        entries in order and of one time
oci.py sbom JARS PACKAGES RELEASE       CycloneDX on standard output: the jars of a folder, Debian's packages, the Java runtime
oci.py layer DIR OUT.layer              a folder as layer (gzip), all of it root's
oci.py image OUT.tar NAME ARCH FOLDER…  an archive of the layers FOLDER.layer; prints digest and sizes"""
import gzip
import hashlib
import io
import json
import os
import pathlib
import re
import sys
import tarfile
import time
import zipfile

EPOCH = int(os.environ["SOURCE_DATE_EPOCH"])
MEDIA = "application/vnd.oci.image."


def jars(*files):
    """Jars that Ant has zipped bear the time of the build, in the order of the disk."""
    moment = time.gmtime(EPOCH)[:6]
    for path in map(pathlib.Path, files):
        fresh = path.with_suffix(".part")
        with zipfile.ZipFile(path) as old, zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED) as new:
            # A manifest has to be the first.
            for name in sorted(set(old.namelist()), key=lambda n: (not n.startswith("META-INF/MANIFEST"), n)):
                entry = zipfile.ZipInfo(name, moment)
                entry.compress_type = zipfile.ZIP_STORED if name.endswith("/") else zipfile.ZIP_DEFLATED
                entry.external_attr = (0o40755 if name.endswith("/") else 0o100644) << 16
                new.writestr(entry, old.read(name))
        fresh.replace(path)


def sbom(directory, packages, release):
    """What a jar was built as stands in it; where it does not, its name is all that is known."""
    parts = []
    for path in sorted(pathlib.Path(directory).glob("*.jar")):
        with zipfile.ZipFile(path) as jar:
            found = [n for n in jar.namelist() if n.startswith("META-INF/maven/") and n.endswith("/pom.properties")]
            own = [n for n in found if path.name.startswith(n.split("/")[-2])] or (found if len(found) == 1 else [])
            lines = jar.read(own[0]).decode().splitlines() if own else []
        known = dict(line.split("=", 1) for line in lines if "=" in line)
        if not known and (named := re.fullmatch(r"(.+?)-(\d.*)", path.stem)):
            known = {"artifactId": named[1], "version": named[2]}
        name, version = known.get("artifactId", path.stem), known.get("version", "")
        group = known.get("groupId", "")
        part = {"type": "library", "bom-ref": path.name, "name": name, "version": version,
                "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(path.read_bytes()).hexdigest()}]}
        if group:
            part |= {"group": group, "purl": f"pkg:maven/{group}/{name}@{version}?type=jar"}
        parts.append(part)
    for line in pathlib.Path(packages).read_text().splitlines():
        name, version, arch, source = line.split("\t")
        url = f"pkg:deb/debian/{name}@{version}?arch={arch}&distro=trixie"
        parts.append({"type": "library", "bom-ref": url, "name": name, "version": version, "purl": url,
                      "properties": [{"name": "debian:source", "value": source}]})
    java = dict(line.split("=", 1) for line in pathlib.Path(release).read_text().splitlines() if "=" in line)
    parts.append({"type": "platform", "bom-ref": "java", "name": "OpenJDK", "version": java["JAVA_VERSION"].strip('"')})
    moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(EPOCH))
    json.dump({"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
               "metadata": {"timestamp": moment, "component": {"type": "container", "bom-ref": "image", "name": "blockmover"}},
               "components": parts}, sys.stdout, indent=1)


def layer(directory, out):
    """Modes are kept, times are one, owner is root. The files on disk get the time too: a cache is made beside them."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for path in sorted(pathlib.Path(directory).rglob("*")):
            os.utime(path, (EPOCH, EPOCH), follow_symlinks=False)
            entry = tar.gettarinfo(path, str(path.relative_to(directory)))
            entry.uid = entry.gid = 0
            entry.uname = entry.gname = ""
            entry.mtime = EPOCH
            if entry.isreg() or entry.islnk():
                entry.type, entry.linkname, entry.size = tarfile.REGTYPE, "", path.stat().st_size
                with path.open("rb") as file:
                    tar.addfile(entry, file)
            else:
                tar.addfile(entry)
    pathlib.Path(out).write_bytes(gzip.compress(raw.getvalue(), 6, mtime=0))


def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def image(out, name, arch, *folders):
    blobs = {}

    def blob(media, data):
        blobs[digest(data)] = data
        return {"mediaType": MEDIA + media, "digest": digest(data), "size": len(data)}

    layers, plain, total = [], [], 0
    for folder in folders:
        data = pathlib.Path(folder + ".layer").read_bytes()
        unpacked = gzip.decompress(data)
        plain.append(digest(unpacked))
        layers.append(blob("layer.v1.tar+gzip", data))
        total += len(unpacked)
        print(f"{pathlib.Path(folder).name:6} {len(data) / 1e6:6.1f} MB, unpacked {len(unpacked) / 1e6:6.1f} MB, {plain[-1]}")
    created = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(EPOCH))
    config = {
        "architecture": arch,
        "os": "linux",
        "created": created,
        "config": {
            "User": "65532:65532",
            "Env": ["PATH=/usr/bin:/opt/java/bin", "LANG=C.UTF-8", "JAVA_HOME=/opt/java"],
            "Entrypoint": ["/usr/bin/mover"],
            "WorkingDir": "/tmp",
            "Labels": {"org.opencontainers.image.title": "Block Mover", "org.opencontainers.image.base.name": "debian:trixie"},
        },
        "rootfs": {"type": "layers", "diff_ids": plain},
    }
    manifest = {"schemaVersion": 2, "mediaType": MEDIA + "manifest.v1+json",
                "config": blob("config.v1+json", json.dumps(config).encode()), "layers": layers}
    top = blob("manifest.v1+json", json.dumps(manifest).encode())
    top["platform"] = {"architecture": arch, "os": "linux"}
    top["annotations"] = {"io.containerd.image.name": name, "org.opencontainers.image.ref.name": name}
    index = {"schemaVersion": 2, "mediaType": MEDIA + "index.v1+json", "manifests": [top]}
    part = pathlib.Path(out + ".part")
    with tarfile.open(part, "w", format=tarfile.PAX_FORMAT) as tar:
        files = {"oci-layout": b'{"imageLayoutVersion":"1.0.0"}', "index.json": json.dumps(index).encode()}
        files |= {"blobs/" + key.replace(":", "/"): data for key, data in sorted(blobs.items())}
        for path, data in files.items():
            entry = tarfile.TarInfo(path)
            entry.size, entry.mtime = len(data), EPOCH
            tar.addfile(entry, io.BytesIO(data))
    part.replace(out)
    print(f"{name} {arch}: {top['digest']}, {os.path.getsize(out) / 1e6:.1f} MB, unpacked {total / 1e6:.1f} MB, in {out}")


if __name__ == "__main__":
    commands = {"jars": jars, "sbom": sbom, "layer": layer, "image": image}
    if len(sys.argv) < 3 or sys.argv[1] not in commands:
        sys.exit(__doc__)
    commands[sys.argv[1]](*sys.argv[2:])
