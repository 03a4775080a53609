# Sourced by run and nightly: Ceph clusters with RBD. with_ceph VERSION COMMAND… runs the command with CEPH_CONF and RIG_CEPH_*
# set to one of that version: 16 has packages of this host, and no diff by snapshot id; 18 lives in a Debian 13 root.
with_ceph() {
  local version=$1
  shift
  if [ ! -x "$rig/ceph/up.sh" ]; then skip "Ceph $version: no $rig"; return; fi
  if [ "$(id -u)" != 0 ]; then skip "Ceph $version: needs root"; return; fi
  if ! run_logged "start Ceph $version" start_ceph "$version"; then
    fail "start Ceph $version"
    stop_ceph "$version"
    return
  fi
  . "$work/ceph-$version.env"
  # Tests that stop and start the cluster's processes do so by this.
  MOVER_TEST_CEPH_RIG=$rig/ceph MOVER_TEST_CEPH_DIR=$work/ceph-$version "$@"
  unset CEPH_CONF CEPH_ARGS RIG_CEPH_VERSION
  stop_ceph "$version"
}

# Ports apart from those of the cluster that has RGW (16789 and a hundred more).
start_ceph() {
  CEPH_PORT=$(free_port "$((17789 + ($1 - 16) * 500))") "$rig/ceph/up.sh" --version "$1" "$work/ceph-$1" >"$work/ceph-$1.env"
}

stop_ceph() { "$rig/ceph/down.sh" "$work/ceph-$1" --wipe >>"$log/stop-ceph.log" 2>&1; }

# ceph_tests ARGUMENT…: Maven with the ITs of profile ceph, where the librbd of the cluster's version is.
ceph_tests() {
  local arguments=(-B -ntp -Pceph verify -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false -Dspotless.check.skip=true
    -pl mover-ceph-rbd,mover-cli -am "$@") maven dir bind
  if [ "$RIG_CEPH_VERSION" = 16 ]; then
    mvn "${arguments[@]}"
    return
  fi
  # This host's Maven and its libraries, at the same paths in the root.
  maven=$(readlink -f "$(command -v mvn)")
  bind=$root:$work:$rig
  for dir in "${maven%/bin/*}" /usr/share/java /etc/maven; do [ ! -d "$dir" ] || bind+=:$dir; done
  RIG_BIND=$bind "$rig/ceph/trixie.sh" run "$maven" "${arguments[@]}"
}
