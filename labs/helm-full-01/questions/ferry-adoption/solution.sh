set -e
sed -i 's|^  name: logbook|  name: logbook\n  annotations:\n    helm.sh/resource-policy: keep|' ~/ferry/templates/logbook.yaml
helm install ferry ~/ferry --namespace ferry --take-ownership
helm -n ferry uninstall raft --keep-history
