set -e
kubectl apply --validate=false -f - << 'YAML'
apiVersion: v1
kind: Namespace
metadata: { name: observatory }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: camera-settings, namespace: observatory }
data:
  exposure.conf: '30 seconds'
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: dome, namespace: observatory }
spec:
  selector: { matchLabels: { app: dome } }
  template:
    metadata: { labels: { app: dome } }
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: dome
          image: ngnix:1.27 # ckx-lint: allow IMAGE_UNDECLARED
          imagePullPolicy: IfNotPresent
          readinessProbe: { httpGet: { path: /, port: 80 }, periodSeconds: 2 }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: camera, namespace: observatory }
spec:
  selector: { matchLabels: { app: camera } }
  template:
    metadata: { labels: { app: camera } }
    spec:
      terminationGracePeriodSeconds: 1
      volumes: [{ name: settings, configMap: { name: camera-settings } }]
      containers:
        - name: camera
          image: busybox:1.36
          imagePullPolicy: IfNotPresent
          command:
            - sh
            - -c
            - |
              echo 'camera 4 warming up'
              exposure=$(cat "$SETTINGS/exposure.conf" 2> /dev/null)
              if [ -z "$exposure" ]; then
                echo "no exposure in $SETTINGS, shutter closed (code 17)"
                exit 17
              fi
              echo "exposing for $exposure"
              touch /tmp/open
              while true; do sleep 1; done
          env: [{ name: SETTINGS, value: /etc/camera }]
          volumeMounts: [{ name: settings, mountPath: /etc/kamera }]
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: tracker, namespace: observatory }
spec:
  selector: { matchLabels: { app: tracker } }
  template:
    metadata: { labels: { app: tracker } }
    spec:
      terminationGracePeriodSeconds: 1
      nodeSelector: { motor: precise }
      containers:
        - name: tracker
          image: nginx:1.27
          imagePullPolicy: IfNotPresent
          resources: { requests: { cpu: '100', memory: 64Mi } }
          readinessProbe: { httpGet: { path: /, port: 80 }, periodSeconds: 2 }
YAML
