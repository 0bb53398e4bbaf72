set -e
kubectl apply --validate=false -f - << 'YAML'
apiVersion: v1
kind: Namespace
metadata: { name: kiosk }
---
apiVersion: v1
kind: Namespace
metadata: { name: workshop }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: kiosk, namespace: kiosk }
spec:
  strategy: { type: Recreate }
  selector: { matchLabels: { app: kiosk } }
  template:
    metadata: { labels: { app: kiosk } }
    spec:
      terminationGracePeriodSeconds: 1
      hostPID: true
      volumes:
        - { name: work, hostPath: { path: /var/kiosk, type: DirectoryOrCreate } }
        - { name: tmp, emptyDir: {} }
      containers:
        - name: kiosk
          image: nginx:1.27
          imagePullPolicy: IfNotPresent
          command:
            - sh
            - -c
            - |
              echo open > /work/index.html
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
            capabilities: { add: [NET_ADMIN] }
          volumeMounts:
            - { name: work, mountPath: /work }
            - { name: tmp, mountPath: /tmp }
          readinessProbe: { httpGet: { path: /, port: 8080 }, periodSeconds: 2 }
YAML
