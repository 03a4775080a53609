# Sourced by run and nightly: the rig's cluster with its CSI driver. with_cluster COMMAND… runs the command with KUBECONFIG
# set to it and MOVER_TEST_IMAGE to an image of what was built, which pods can use.
with_cluster() {
  if [ ! -x "$rig/up.sh" ]; then skip "Kubernetes: no $rig"; return; fi
  if [ "$(id -u)" != 0 ]; then skip "Kubernetes: needs root"; return; fi
  if ! command -v go >/dev/null; then skip "Kubernetes: no go to build it with"; return; fi
  if ! run_logged "build the cluster's parts" "$rig/build.sh"; then fail "build the cluster's parts"; return; fi
  if ! run_logged "start the cluster" start_cluster; then
    fail "start the cluster"
    stop_cluster
    return
  fi
  local path=$PATH
  . "$work/cluster.env"
  MOVER_TEST_IMAGE=localhost/rig/mover:ci "$@"
  PATH=$path
  unset KUBECONFIG
  stop_cluster
}

# The rig has its own place below the work directory, so that nothing of a run is left.
start_cluster() {
  RIG_DIR=$work/k8s "$rig/up.sh" csi >"$work/cluster.env" || return
  . "$work/cluster.env"
  mover_image "$work/mover.tar" localhost/rig/mover:ci && RIG_DIR=$work/k8s "$rig/load-image.sh" "$work/mover.tar"
}

# mover_image TAR NAME: an image with what `mvn verify` built, whose entry point is mover.
mover_image() {
  JAVA_MODULES=java.se,jdk.unsupported,jdk.crypto.ec,jdk.net,jdk.management,jdk.naming.dns "$rig/java-image.sh" "$1" "$2" \
    '["/opt/java/bin/java","-Xmx128m","-XX:+UseSerialGC","--enable-native-access=ALL-UNNAMED","--sun-misc-unsafe-memory-access=allow","-Xlog:disable","-Xlog:all=error:stderr","-cp","/app/*:/app/lib/*","io.blockmover.cli.Main"]' \
    "$(echo mover-cli/target/mover-cli-*-SNAPSHOT.jar)=/app/mover-cli.jar" mover-cli/target/lib=/app/lib
}

stop_cluster() { RIG_DIR=$work/k8s "$rig/down.sh" --wipe >>"$log/stop-cluster.log" 2>&1; }
