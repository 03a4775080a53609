# Sourced by run and nightly: steps with their logs, what they need, and the count at the end.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
rig=${RIG:-$root/../shared/rig}
[ ! -d "$rig" ] || rig=$(cd "$rig" && pwd)
PATH=$PATH:/usr/local/go/bin:/usr/sbin:/sbin
passed=0 failed=0 skipped=0
summary=()
background=()

work=$(mktemp -d "${TMPDIR:-/tmp}/bm-ci.XXXXXX")
log=$work/log
mkdir "$log"
# Temporary files of everything below go where they are removed again.
export TMPDIR=$work/tmp
mkdir "$TMPDIR"

say() { printf '%s\n' "$*"; }

cleanup() {
  local status=$? pid dir
  set +e
  for pid in ${background[@]+"${background[@]}"}; do
    kill "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
  done
  [ ! -e "$work/k8s" ] || RIG_DIR=$work/k8s "$rig/down.sh" --wipe >/dev/null 2>&1
  [ ! -e "$work/ceph" ] || "$rig/ceph/down.sh" "$work/ceph" --wipe >/dev/null 2>&1
  for dir in "$work"/ceph-[0-9]*/; do [ ! -e "$dir" ] || "$rig/ceph/down.sh" "$dir" --wipe >/dev/null 2>&1; done
  if [ "${CI_KEEP:-}" ]; then say "kept: $work"; else rm -rf --one-file-system "$work"; fi
  exit "$status"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

pass() { passed=$((passed + ${2:-1})); summary+=("ok    $1"); }
fail() { failed=$((failed + ${2:-1})); summary+=("FAIL  $1"); say "FAIL  $1"; }
skip() { skipped=$((skipped + ${2:-1})); summary+=("skip  $1"); say "skip  $1"; }

# run_logged NAME COMMAND…: runs it, output to a log whose end is shown if it fails.
run_logged() {
  local name=$1 start=$SECONDS status=0
  shift
  say "----  $name"
  "$@" >"$log/${name//[^a-zA-Z0-9]/-}.log" 2>&1 </dev/null || status=$?
  took=$((SECONDS - start))
  [ $status = 0 ] || tail -n 80 "$log/${name//[^a-zA-Z0-9]/-}.log"
  return $status
}

# step NAME COMMAND…: one thing that passes or fails.
step() {
  if run_logged "$@"; then pass "$1 ($took s)"; else fail "$1"; fi
}

# maven_step NAME COMMAND…: a Maven build; its tests are counted one by one, from the reports.
maven_step() {
  local name=$1 ok=1 tests bad left
  find "$root" -path '*/target/*-reports/TEST-*.xml' -delete
  run_logged "$@" || ok=0
  read -r tests bad left < <(count_tests)
  passed=$((passed + tests - bad - left))
  [ "$bad" = 0 ] || fail "$name: $bad tests" "$bad"
  # As root and with the packages in place each test can run: one that was left out is a fault of this script or of the test.
  if [ "$left" != 0 ] && [ "$(id -u)" = 0 ] && [ "$name" != "${may_skip:-}" ]; then
    fail "$name: $left tests did not run" "$left"
    list_skipped
  elif [ "$left" != 0 ]; then
    skip "$name: $left tests" "$left"
    list_skipped
  fi
  if [ $ok = 1 ]; then
    summary+=("ok    $name ($took s): $tests tests")
  elif [ "$bad" = 0 ]; then
    fail "$name"
  fi
}

count_tests() { python3 "$root/.ci/tests.py" "$root"; }

list_skipped() { python3 "$root/.ci/tests.py" "$root" --list; }

finish() {
  say ""
  printf '%s\n' "${summary[@]}"
  say "$passed passed, $failed failed, $skipped skipped"
  [ "$failed" = 0 ]
}

# JAVA_HOME becomes a JDK 25 or later: JAVA_HOME, the usual places, PATH, in this order.
find_jdk() {
  local home
  for home in "${JAVA_HOME:-}" /usr/lib/jvm/* /opt/java/* /opt/jdk* "$(dirname "$(dirname "$(readlink -f "$(command -v javac || echo /none/none/none)")")")"; do
    if [ -x "$home/bin/javac" ] && [ "$("$home/bin/javac" -version 2>&1 | sed -n 's/^javac \([0-9]*\).*/\1/p')" -ge 25 ] 2>/dev/null; then
      export JAVA_HOME=$home
      return
    fi
  done
  say "no JDK 25 or later: set JAVA_HOME, or install one (on Debian: openjdk-25-jdk, or temurin-25-jdk from Adoptium's repository)"
  exit 1
}

# need COMMAND PACKAGE, any number of pairs: installs what is missing, where that is possible.
need() {
  local missing=()
  while [ $# -gt 0 ]; do
    command -v "$1" >/dev/null || missing+=("$2")
    shift 2
  done
  [ ${#missing[@]} != 0 ] || return 0
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    say "not installed, and only root on Debian can do so here: ${missing[*]}"
    return 0
  fi
  say "apt-get install ${missing[*]}"
  install_packages "${missing[@]}" || { apt-get update -q >/dev/null && install_packages "${missing[@]}"; }
}

install_packages() {
  DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends -o DPkg::Lock::Timeout=300 "$@" >>"$log/apt.log" 2>&1
}

# The tests' python3 is one that has what tools/restore.py needs.
python_with_libraries() {
  python3 -m venv "$work/venv" && "$work/venv/bin/pip" -q --disable-pip-version-check install -r "$root/tools/requirements.txt" || return
}

# wait_for_port PORT: until somebody listens there, at most 20 seconds.
wait_for_port() {
  local i
  for i in {1..100}; do
    (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null && return
    sleep 0.2
  done
  return 1
}

# A port that nobody listens on, from $1 on.
free_port() {
  local port=$1
  while (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 100)); done
  say "$port"
}

# kill_tests NUMBER: real processes, really killed, and everything looked at after each.
kill_tests() {
  mvn -B -ntp verify -pl mover-cli -am -Dtest=KillTest -Dsurefire.failIfNoSpecifiedTests=false "-Dkills=$1"
}
