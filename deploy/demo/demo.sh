#!/usr/bin/env bash
# deploy/demo/demo.sh: a volume's life with Velero and Block Mover on your cluster: written, backed up twice, lost, restored, compared.
# Wants kubectl, velero, and the chart installed in Velero's namespace. Makes one namespace and two backups, and removes all of it.
#
#   STORAGE_CLASS      of a CSI driver with snapshots (the cluster's default)
#   IMAGE              with a shell, dd and sha256sum (busybox:1.36)
#   DEMO_NAMESPACE     (blockmover-demo)
#   VELERO_NAMESPACE   (velero)
set -euo pipefail
cd "$(dirname "$0")"
namespace=${DEMO_NAMESPACE:-blockmover-demo} velero=${VELERO_NAMESPACE:-velero}
class=${STORAGE_CLASS:-$(kubectl get storageclass -o jsonpath='{.items[?(@.metadata.annotations.storageclass\.kubernetes\.io/is-default-class=="true")].metadata.name}')}
stamp=$(date +%H%M%S)

say() { printf '\n== %s\n' "$*"; }
show() { printf '$ %s\n' "$*"; "$@"; }
k() { kubectl -n "$namespace" "$@"; }
clerk() { k exec deploy/clerk -- sh -ec "$1" 2>/dev/null; }
content() { clerk 'sha256sum </dev/ledger; cd /papers; find . -type f | sort | xargs sha256sum'; }
back_up() {
  show velero -n "$velero" backup create "$1" --include-namespaces "$namespace" --snapshot-move-data --data-mover blockmover --wait
  show kubectl -n "$velero" get datauploads -l "velero.io/backup-name=$1" \
    -o 'custom-columns=CLAIM:.spec.sourcePVC,PHASE:.status.phase,SIZE:.status.progress.totalBytes,NEW:.status.incrementalBytes,HOW:.status.message'
}
clean() {
  say "cleaning up"
  kubectl delete namespace "$namespace" --ignore-not-found --timeout=120s
  for backup in demo-$stamp-1 demo-$stamp-2; do velero -n "$velero" backup delete "$backup" --confirm || true; done
}
trap clean EXIT

say "an application, on StorageClass $class"
kubectl create namespace "$namespace"
sed -e "s|STORAGE_CLASS|$class|" -e "s|IMAGE|${IMAGE:-busybox:1.36}|" app.yaml | k apply -f -
k rollout status deploy/clerk --timeout=180s
clerk 'dd if=/dev/urandom of=/dev/ledger bs=1M count=40 conv=fsync; dd if=/dev/urandom of=/papers/contract bs=1M count=10; sync'

say "the first backup reads what is there"
back_up "demo-$stamp-1"

say "the application changes a little: 50 blocks of 4 KiB here and there, and a new file"
clerk 'for i in $(seq 1 50); do dd if=/dev/urandom of=/dev/ledger bs=4k count=1 seek=$((i * 200)) conv=notrunc; done; dd if=/dev/urandom of=/papers/letter bs=64k count=1; sync'
before=$(content)
echo "$before"

say "the second backup reads what changed"
back_up "demo-$stamp-2"

say "disaster: the namespace is gone, volumes and all"
show kubectl delete namespace "$namespace" --timeout=120s

say "restore"
show velero -n "$velero" restore create "demo-$stamp" --from-backup "demo-$stamp-2" --wait
k rollout status deploy/clerk --timeout=180s
after=$(content)
echo "$after"
if [ "$before" = "$after" ]; then say "byte for byte the same"; else say "NOT THE SAME"; exit 1; fi
