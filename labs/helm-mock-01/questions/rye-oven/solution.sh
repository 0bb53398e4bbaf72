set -e
helm -n bakery history oven
helm -n bakery rollback oven 2
helm -n bakery upgrade oven ~/oven --reuse-values --set replicas=3 --wait --timeout 60s
helm -n bakery get values oven --revision 1 -o yaml > ~/oven-first.yaml
