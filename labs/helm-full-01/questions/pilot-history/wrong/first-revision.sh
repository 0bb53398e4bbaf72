set -e
helm -n pilot get manifest pilot --revision 4 > ~/pilot-west.yaml
helm -n pilot rollback pilot
helm -n pilot upgrade pilot ~/pilot --reuse-values --history-max 3 --description 'limited by the harbour' --wait --timeout 60s
