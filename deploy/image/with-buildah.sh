#!/usr/bin/env bash
# deploy/image/with-buildah.sh: builds the Containerfile where there is neither a container engine nor a registry, and runs what comes of it.
# The base images, which others pull, are made here: Debian by mmdebstrap, and a JDK on it (JAVA_HOME). Wants root, buildah, mmdebstrap.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf --one-file-system "$work"' EXIT
export STORAGE_DRIVER=vfs BUILDAH_ISOLATION=chroot
b() { buildah --root "$work/root" --runroot "$work/run" "$@"; }
mirror=${DEBIAN_MIRROR:-$(apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT) $(IDENTIFIER)' |
  awk '$3 == "main" && $4 == "Packages" && $2 !~ /-/ && $1 !~ /security/ { print $1; exit }')}
mmdebstrap --variant=apt --keyring=/usr/share/keyrings/debian-archive-keyring.gpg --aptopt='Acquire::Check-Valid-Until "false"' \
  --aptopt='Acquire::Check-Date "false"' trixie "$work/debian.tar" "$mirror"
container=$(b from scratch)
b add "$container" "$work/debian.tar" /
b commit --rm "$container" localhost/debian
cp -rL "$JAVA_HOME" "$work/jdk"
container=$(b from localhost/debian)
b copy "$container" "$work/jdk" /opt/jdk
b config --env PATH=/opt/jdk/bin:/usr/bin:/bin "$container"
b commit --rm "$container" localhost/jdk
cd "$root"
b bud --build-arg JDK=localhost/jdk --build-arg DEBIAN=localhost/debian -f deploy/image/Containerfile -t localhost/blockmover .
b images localhost/blockmover
b run "$(b from localhost/blockmover)" -- /usr/bin/mover --version
