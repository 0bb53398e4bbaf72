set -e
kubectl -n kiln patch deployment kiln --patch '
spec:
  template:
    spec:
      containers:
        - name: kiln
          startupProbe:
            httpGet: { path: /alive, port: 80 }
            periodSeconds: 1
            failureThreshold: 60
          livenessProbe:
            httpGet: { path: /alive, port: 80 }
            periodSeconds: 3
            failureThreshold: 2
          readinessProbe:
            httpGet: { path: /ready, port: 80 }
            periodSeconds: 2
            failureThreshold: 1
'
kubectl -n kiln rollout status deployment kiln --timeout=80s
