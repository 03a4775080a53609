# Sourced by run and nightly: the image, the chart, and Velero on the rig's cluster.
e2e_image=localhost/blockmover:ci

# build_image NAME: the image that users get, of what `mvn verify` built.
build_image() { deploy/image/build.sh --name "$1" "$work/blockmover.tar"; }

# with_velero COMMAND…: runs it with a cluster that has Velero and the image, as the end-to-end tests want it.
with_velero() {
  if [ ! -x "$rig/up.sh" ]; then skip "Velero: no $rig"; return; fi
  if [ "$(id -u)" != 0 ]; then skip "Velero: needs root"; return; fi
  if ! command -v go >/dev/null; then skip "Velero: no go to build it with"; return; fi
  if ! run_logged "build the parts of Velero's cluster" "$rig/build.sh"; then fail "build the parts of Velero's cluster"; return; fi
  if [ ! -s "$work/blockmover.tar" ]; then fail "Velero: there is no image"; return; fi
  if ! run_logged "start Velero" start_velero; then
    fail "start Velero"
    stop_cluster
    return
  fi
  local path=$PATH
  . "$work/velero.env"
  MOVER_E2E_IMAGE=$e2e_image MOVER_E2E_APP_IMAGE=localhost/rig/busybox:1 "$@"
  PATH=$path
  unset KUBECONFIG RIG_DIR S3_ENDPOINT S3_BUCKET
  stop_cluster
}

start_velero() {
  RIG_DIR=$work/k8s "$rig/up.sh" velero >"$work/velero.env" && RIG_DIR=$work/k8s "$rig/load-image.sh" "$work/blockmover.tar"
}

# What helm makes of the chart is what the API server takes, field by field.
chart_is_valid() {
  helm lint deploy/chart/blockmover --set repository.password.existingSecret=x || return
  local all=(--set repository.password.existingSecret=x --set controller.replicas=2 --set networkPolicy.enabled=true --set metrics.dashboard.enabled=true)
  helm template blockmover deploy/chart/blockmover -n velero --kube-version 1.34.0 "${all[@]}" |
    kubectl apply --dry-run=server --validate=strict -f - || return
  deploy/render.sh --check && kubectl apply --dry-run=server --validate=strict -f deploy/install.yaml
}

end_to_end() { mvn -B -ntp -Pe2e verify -pl mover-cli -am -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false -Dspotless.check.skip=true "$@"; }
