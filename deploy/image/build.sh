#!/usr/bin/env bash
# deploy/image/build.sh [--arch amd64|arm64] [--name NAME] [OUT.tar]: Block Mover as one OCI archive, without a container engine.
# Debian 13's libraries (librbd among them), a Java runtime made by jlink, what `mvn package` built, and a cache for a fast start.
# Wants Linux, root, mmdebstrap, python3, a JDK 25 and `mvn package -DskipTests` done before. The same packages and jars give the
# same layers; of another architecture than this machine's, the image has no cache, and starts half a second later.
#
#   DEBIAN_MIRROR      where packages come from (default: as this machine's apt)
#   SOURCE_DATE_EPOCH  the time that all files bear (default: that of the sources' build)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
arch=amd64 name=localhost/blockmover:0.1.0 out=
while [ $# -gt 0 ]; do
  case $1 in
    --arch) arch=$2; shift ;;
    --name) name=$2; shift ;;
    -*) sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
    *) out=$1 ;;
  esac
  shift
done
work=$root/deploy/target/image-$arch
out=$(readlink -m "${out:-$root/deploy/target/blockmover-$arch.tar}")
suite=trixie
# A shell for the launcher; NSS for librados; base-files say what system it is.
packages=librbd1,libnss3,dash,base-files
# What jdeps finds, and what is only looked up by name: DNS, TLS with elliptic curves, the kernel's file interfaces.
modules=java.base,java.instrument,java.logging,java.management,java.naming,java.net.http,java.security.jgss,java.security.sasl,java.sql,java.xml
modules+=,jdk.crypto.ec,jdk.httpserver,jdk.jfr,jdk.management,jdk.naming.dns,jdk.net,jdk.unsupported,jdk.zipfs

say() { printf 'image: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }
[ "$(id -u)" = 0 ] || die "needs root, for chroot"
command -v mmdebstrap >/dev/null || die "needs mmdebstrap: apt-get install mmdebstrap"
jars=$root/mover-cli/target
[ -d "$jars/lib" ] || die "nothing is built: mvn -DskipTests package"
[ -x "${JAVA_HOME:-}/bin/jlink" ] || die "JAVA_HOME names no JDK"
: "${SOURCE_DATE_EPOCH:=$(date -d "$(sed -n 's/.*<project.build.outputTimestamp>\(.*\)<.*/\1/p' "$root/pom.xml")" +%s)}"
export SOURCE_DATE_EPOCH
mirror=${DEBIAN_MIRROR:-$(apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT) $(IDENTIFIER)' |
  awk '$3 == "main" && $4 == "Packages" && $2 !~ /-/ && $1 !~ /security/ { print $1; exit }')}
mkdir -p "$work"

# debian ARCH PACKAGES TAR HOOK: packages unpacked, none installed: no script of theirs runs, so any architecture will do.
debian() {
  local sources=$work/sources.list
  printf 'deb %s %s main\ndeb %s %s-updates main\ndeb %s %s-security main\n' \
    "$mirror" $suite "$mirror" $suite "${mirror%/*/}/debian-security" $suite >"$sources"
  mmdebstrap --variant=extract --architectures="$1" --include="$2" --extract-hook="$4" --skip=cleanup \
    --hook-dir=/usr/share/mmdebstrap/hooks/merged-usr --keyring=/usr/share/keyrings/debian-archive-keyring.gpg \
    --aptopt='Acquire::Check-Valid-Until "false"' --aptopt='Acquire::Check-Date "false"' \
    $suite "$3" - <"$sources" >"$work/mmdebstrap.log" 2>&1 || { tail -n 20 "$work/mmdebstrap.log" >&2; die "mmdebstrap"; }
}

# Libraries and nothing that runs but a shell.
base() {
  debian "$arch" $packages "$work/base.tar" "$here/base-hook.sh"
  rm -rf "$work/base"
  mkdir "$work/base"
  tar -xf "$work/base.tar" -C "$work/base" --exclude='./dev/*' --exclude='./tmp/*'
}

runtime() {
  local jmods=$JAVA_HOME/jmods
  if [ "$arch" != "$(dpkg --print-architecture)" ]; then
    debian "$arch" openjdk-25-jdk-headless "$work/jdk.tar" true
    rm -rf "$work/jdk"
    mkdir "$work/jdk"
    tar -xf "$work/jdk.tar" -C "$work/jdk" --wildcards './usr/lib/jvm/*' './etc/java-25-openjdk/*'
    jmods=$(echo "$work"/jdk/usr/lib/jvm/java-25-openjdk-*/jmods)
  fi
  rm -rf "$work/java"
  mkdir -p "$work/java/opt"
  "$JAVA_HOME/bin/jlink" --module-path "$jmods" --no-header-files --no-man-pages --strip-java-debug-attributes \
    --add-modules "$modules" --output "$work/java/opt/java"
}

# The class path is spelt out, in order: a cache is good for one class path only.
application() {
  local app=$work/app/opt/blockmover
  rm -rf "$work/app"
  mkdir -p "$app/lib" "$work/app/usr/bin"
  cp "$jars"/mover-cli-*.jar "$jars"/lib/*.jar "$app/lib"
  python3 "$here/oci.py" jars "$app"/lib/*-unsigned.jar "$app"/lib/*-recompiled.jar
  cp "$here/mover" "$work/app/usr/bin/mover"
  {
    sed '/^#/d' "$here/java.args"
    (cd "$work/app" && LC_ALL=C && printf -- '-cp\n' && printf ':/%s' opt/blockmover/lib/*.jar | sed 's/^://')
    echo
  } >"$app/java.args"
  python3 "$here/oci.py" sbom "$app/lib" "$work/base/usr/share/blockmover/packages" "$work/java/opt/java/release" >"$app/sbom.json"
}

# In the image's own root, with its files' own times: the JVM takes a cache only for what it was made of.
cache() {
  local inside=$work/root
  rm -rf "$inside" "$work/cache"
  mkdir -p "$inside" "$work/cache/opt/blockmover"
  for layer in base java app; do cp -a "$work/$layer/." "$inside/"; done
  unshare --mount --pid --fork --mount-proc -- bash -euc '
    mount -t tmpfs tmp "$0/tmp"; mount -t proc proc "$0/proc"; mount --rbind /dev "$0/dev"
    mkdir /tmp/training 2>/dev/null || true; mkdir "$0/tmp/training"
    chroot "$0" /bin/sh -c "MALLOC_ARENA_MAX=2 LANG=C.UTF-8 exec /opt/java/bin/java -Xmx512m @/opt/blockmover/java.args -Xlog:disable -XX:AOTMode=auto \
      -XX:AOTCacheOutput=/tmp/mover.aot io.blockmover.cli.Training /tmp/training"
    cp "$0/tmp/mover.aot" "$1/opt/blockmover/mover.aot"
  ' "$inside" "$work/cache" >"$work/training.log" 2>&1 || { tail -n 20 "$work/training.log" >&2; die "training for a fast start"; }
  rm -rf --one-file-system "$inside"
}

say "Debian $suite, $arch, from $mirror"; base
say "Java runtime"; runtime
say "application"; application
layers=(base java app)
for layer in "${layers[@]}"; do python3 "$here/oci.py" layer "$work/$layer" "$work/$layer.layer"; done
if [ "$arch" = "$(dpkg --print-architecture)" ]; then
  say "cache for a fast start"; cache
  python3 "$here/oci.py" layer "$work/cache" "$work/cache.layer"
  layers+=(cache)
else
  say "no cache for a fast start: $arch does not run here"
fi
python3 "$here/oci.py" image "$out" "$name" "$arch" "${layers[@]/#/$work/}"
