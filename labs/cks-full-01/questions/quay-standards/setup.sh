set -e
kubectl apply --validate=false -f - << 'YAML'
apiVersion: v1
kind: Namespace
metadata: { name: quay }
---
apiVersion: v1
kind: Namespace
metadata: { name: seabed }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: crane, namespace: quay }
spec:
  strategy: { type: Recreate }
  selector: { matchLabels: { app: crane } }
  template:
    metadata: { labels: { app: crane } }
    spec:
      terminationGracePeriodSeconds: 1
      hostPID: true
      volumes:
        - { name: work, emptyDir: {} }
        - { name: tmp, emptyDir: {} }
      initContainers:
        - name: rig
          image: busybox:1.36
          imagePullPolicy: IfNotPresent
          command: [sh, -c, 'echo "crane up" > /work/index.html']
          volumeMounts: [{ name: work, mountPath: /work }]
      containers:
        - name: crane
          image: nginx:1.27
          imagePullPolicy: IfNotPresent
          command:
            - sh
            - -c
            - |
              cat > /tmp/nginx.conf << 'END'
              pid /tmp/nginx.pid;
              events {}
              http {
                client_body_temp_path /tmp/body; proxy_temp_path /tmp/proxy; fastcgi_temp_path /tmp/fastcgi; uwsgi_temp_path /tmp/uwsgi; scgi_temp_path /tmp/scgi;
                access_log off;
                server { listen 8080; root /work; }
              }
              END
              exec nginx -e /dev/stderr -c /tmp/nginx.conf -g 'daemon off;'
          securityContext:
            runAsUser: 0
            allowPrivilegeEscalation: true
            capabilities: { add: [NET_ADMIN] }
          volumeMounts:
            - { name: work, mountPath: /work }
            - { name: tmp, mountPath: /tmp }
          readinessProbe: { httpGet: { path: /, port: 8080 }, periodSeconds: 2 }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: sonar, namespace: quay }
spec:
  selector: { matchLabels: { app: sonar } }
  template:
    metadata: { labels: { app: sonar } }
    spec:
      terminationGracePeriodSeconds: 1
      volumes: [{ name: log, hostPath: { path: /var/log, type: Directory } }]
      containers:
        - name: sonar
          image: busybox:1.36
          imagePullPolicy: IfNotPresent
          command: [sh, -c, 'while true; do if [ -d /host/log/pods ]; then echo "hearing the node"; else echo "hearing nothing"; fi; sleep 3; done']
          volumeMounts: [{ name: log, mountPath: /host/log, readOnly: true }]
YAML
