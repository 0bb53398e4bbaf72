set -e
kubectl apply --validate=false -f - << 'YAML'
apiVersion: v1
kind: Namespace
metadata: { name: citadel }
---
apiVersion: v1
kind: Secret
metadata: { name: gate-key, namespace: citadel }
stringData: { key: iron }
---
apiVersion: v1
kind: Secret
metadata: { name: vault-key, namespace: citadel }
stringData: { key: gold }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: warden, namespace: citadel }
spec:
  selector: { matchLabels: { app: warden } }
  template:
    metadata: { labels: { app: warden } }
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: warden
          image: curlimages/curl:8.10.1
          imagePullPolicy: IfNotPresent
          command:
            - sh
            - -c
            - |
              folder=/var/run/secrets/kubernetes.io/serviceaccount
              while true; do
                code=$(curl -s -m 5 -o /dev/null -w '%{http_code}' --cacert "$folder/ca.crt" -H "Authorization: Bearer $(cat "$folder/token")" \
                  https://kubernetes.default.svc/api/v1/namespaces/citadel/pods)
                echo "$(date +%T) counting the guards: $code"
                sleep 2
              done
---
apiVersion: v1
kind: ConfigMap
metadata: { name: gate-server, namespace: citadel }
data:
  nginx.conf: |
    pid /tmp/nginx.pid;
    events {}
    http {
      client_body_temp_path /tmp/body; proxy_temp_path /tmp/proxy; fastcgi_temp_path /tmp/fastcgi; uwsgi_temp_path /tmp/uwsgi; scgi_temp_path /tmp/scgi;
      access_log off;
      server { listen 8080; location / { return 200 'who goes there\n'; } }
    }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: gate, namespace: citadel }
spec:
  selector: { matchLabels: { app: gate } }
  template:
    metadata: { labels: { app: gate } }
    spec:
      terminationGracePeriodSeconds: 1
      volumes: [{ name: server, configMap: { name: gate-server } }]
      containers:
        - name: gate
          image: nginx:1.27
          imagePullPolicy: IfNotPresent
          command: [nginx, -e, /dev/stderr, -c, /etc/gate/nginx.conf, -g, 'daemon off;']
          volumeMounts: [{ name: server, mountPath: /etc/gate }]
          readinessProbe: { httpGet: { path: /, port: 8080 }, periodSeconds: 2 }
YAML
