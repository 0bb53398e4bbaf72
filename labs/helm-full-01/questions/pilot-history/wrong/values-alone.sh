set -e
helm -n pilot get values pilot --revision 4 > ~/pilot-west.yaml
helm -n pilot upgrade pilot ~/pilot --set course=south,speed=5 --description 'limited by the harbour' --wait --timeout 60s
