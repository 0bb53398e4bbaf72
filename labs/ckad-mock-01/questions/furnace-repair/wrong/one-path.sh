set -e
kubectl -n foundry patch deployment furnace --patch '
spec:
  template:
    spec:
      containers:
        - name: furnace
          env:
            - name: TEMPERATURE
              valueFrom:
                configMapKeyRef: { name: furnace-settings, key: furnace.temperature }
          readinessProbe:
            httpGet: { path: /ready, port: 80 }
            periodSeconds: 2
            failureThreshold: 1
'
kubectl -n foundry rollout status deployment furnace --timeout=60s
