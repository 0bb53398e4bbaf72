set -e
for revision in 1 2 3 4 5; do helm -n pilot get values pilot --revision $revision -o json; done
helm -n pilot get manifest pilot --revision 4 > ~/pilot-west.yaml
helm -n pilot rollback pilot 2
helm -n pilot upgrade pilot ~/pilot --reuse-values --history-max 3 --description 'limited by the harbour' --wait --timeout 60s
