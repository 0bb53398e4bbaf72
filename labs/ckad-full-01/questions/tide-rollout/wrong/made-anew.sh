set -e
kubectl -n tide get deployment tide-table -o yaml > tide.yaml
kubectl -n tide delete deployment tide-table
sed -i -e 's/nginx:1.72/nginx:1.28/' -e "s/value: \"3\"/value: \"2\"/" -e '/resourceVersion:/d' -e '/uid:/d' tide.yaml # ckx-lint: allow IMAGE_UNDECLARED
kubectl apply -f tide.yaml
kubectl -n tide patch deployment tide-table -p '{"spec": {"revisionHistoryLimit": 3, "strategy": {"rollingUpdate": {"maxUnavailable": "0%", "maxSurge": "50%"}}}}'
kubectl -n tide rollout status deployment tide-table --timeout=90s
