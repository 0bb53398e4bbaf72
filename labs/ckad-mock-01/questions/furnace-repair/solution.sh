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
          livenessProbe:
            httpGet: { path: /alive, port: 80 }
            initialDelaySeconds: 5
            periodSeconds: 3
            failureThreshold: 2
'
kubectl -n foundry rollout status deployment furnace --timeout=60s
