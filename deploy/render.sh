#!/usr/bin/env bash
# deploy/render.sh: install.yaml from the chart, for who does not use helm; --check: fails if it is not what the chart makes.
set -euo pipefail
cd "$(dirname "$0")"
render() {
  echo '# Made by deploy/render.sh from deploy/chart; for: kubectl apply -f install.yaml. Namespace velero; the password is in Secret blockmover-repository,'
  echo '# which has to be there: kubectl create secret generic blockmover-repository -n velero --from-literal=password="$(openssl rand -base64 33)"'
  helm template blockmover chart/blockmover --namespace velero --kube-version 1.34.0 --no-hooks \
    --set repository.password.existingSecret=blockmover-repository --set uninstall.drain=false |
    sed -e '/^# Source:/d' -e '/helm.sh\/chart:/d'
}
if [ "${1:-}" = --check ]; then
  render | diff -u install.yaml - || { echo "install.yaml is not what the chart makes: run deploy/render.sh" >&2; exit 1; }
else
  render >install.yaml.part
  mv install.yaml.part install.yaml
fi
