# Sourced by run and nightly: real S3 stores. with_STORE COMMAND… runs the command with MOVER_TEST_S3_* and AWS_* set to it.
s3_environment() { # ENDPOINT BUCKET
  export MOVER_TEST_S3_ENDPOINT=$1 MOVER_TEST_S3_BUCKET=$2 MOVER_TEST_S3_REGION=us-east-1
  export AWS_ACCESS_KEY_ID=rigaccess AWS_SECRET_ACCESS_KEY=rigsecret12345 AWS_REGION=us-east-1
}

with_rgw() {
  if [ ! -x "$rig/ceph/up.sh" ]; then skip "Ceph RGW: no $rig"; return; fi
  if [ "$(id -u)" != 0 ]; then skip "Ceph RGW: needs root"; return; fi
  if ! run_logged "start Ceph" start_rgw; then fail "start Ceph"; return; fi
  s3_environment "$(rgw_endpoint)" mover-ci
  "$@"
}

start_rgw() {
  RGW_PORT=$(free_port 16080) CEPH_PORT=$(free_port 16789) "$rig/ceph/up.sh" --version 16 "$work/ceph" >"$work/rgw.env" || return
  local host
  host=$(rgw_endpoint)
  host=${host#http://}
  s3cmd --config=/dev/null --access_key=rigaccess --secret_key=rigsecret12345 --no-ssl "--host=$host" "--host-bucket=$host" mb s3://mover-ci
}

rgw_endpoint() { sed -n 's/.*RIG_RGW=\([^ ]*\).*/\1/p' "$work/rgw.env"; }

with_versitygw() {
  if [ ! -d "$rig/mods/s3" ]; then skip "versitygw: no $rig"; return; fi
  if ! command -v go >/dev/null; then skip "versitygw: no go to build it with"; return; fi
  if ! run_logged "build versitygw" build_versitygw; then fail "build versitygw"; return; fi
  local port
  port=$(free_port 17070)
  mkdir -p "$work/versitygw/mover-ci"
  ROOT_ACCESS_KEY=rigaccess ROOT_SECRET_KEY=rigsecret12345 \
    "$versitygw" --port "127.0.0.1:$port" --keep-alive --quiet posix "$work/versitygw" >"$log/versitygw.log" 2>&1 </dev/null &
  background+=($!)
  if ! wait_for_port "$port"; then
    tail -n 20 "$log/versitygw.log"
    fail "start versitygw"
    return
  fi
  s3_environment "http://127.0.0.1:$port" mover-ci
  "$@"
}

# Where the rig's own build.sh puts it: built once for both.
build_versitygw() {
  mkdir -p "${versitygw%/*}"
  [ -x "$versitygw" ] || (cd "$rig/mods/s3" && GOFLAGS=-buildvcs=false GOTOOLCHAIN=local CGO_ENABLED=0 GOWORK=off \
    go build -mod=readonly -trimpath -ldflags "-s -w" -o "${versitygw%/*}/" tool)
}
versitygw=${RIG_CACHE:-$HOME/.cache/blockmover-rig}/bin/versitygw
