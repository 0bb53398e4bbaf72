set -e
kubectl apply --validate=false -f - << 'YAML'
apiVersion: v1
kind: Namespace
metadata: { name: exchange }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: valley-dns, namespace: exchange }
data:
  Corefile: |
    valley.example:5353 {
        errors
        hosts {
            192.0.2.17 bell.valley.example
            192.0.2.18 mill.valley.example
        }
    }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: valley-dns, namespace: exchange }
spec:
  selector: { matchLabels: { app: valley-dns } }
  template:
    metadata: { labels: { app: valley-dns } }
    spec:
      terminationGracePeriodSeconds: 1
      volumes: [{ name: config, configMap: { name: valley-dns } }]
      containers:
        - name: dns
          image: registry.k8s.io/coredns/coredns:v1.12.1
          imagePullPolicy: IfNotPresent
          args: [-conf, /etc/coredns/Corefile]
          volumeMounts: [{ name: config, mountPath: /etc/coredns }]
---
apiVersion: v1
kind: Service
metadata: { name: valley-dns, namespace: exchange }
spec:
  selector: { app: valley-dns }
  ports:
    - { name: dns, port: 53, protocol: UDP, targetPort: 5353 }
    - { name: dns-tcp, port: 53, protocol: TCP, targetPort: 5353 }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: operator, namespace: exchange }
spec:
  selector: { matchLabels: { app: operator } }
  template:
    metadata: { labels: { app: operator } }
    spec:
      terminationGracePeriodSeconds: 1
      dnsPolicy: None
      dnsConfig:
        nameservers: [10.43.0.11]
        searches: [exchange.svc.cluster.local, svc.cluster.local, cluster.local]
      containers:
        - name: web
          image: nginx:1.27
          imagePullPolicy: IfNotPresent
          command: [sh, -c, 'echo "operator speaking" > /usr/share/nginx/html/index.html; exec nginx -g "daemon off;"']
---
apiVersion: v1
kind: Service
metadata: { name: kiosk, namespace: exchange }
spec:
  selector: { app: operator }
  ports: [{ name: http, port: 80 }, { name: other, port: 8080, targetPort: 80 }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: lines, namespace: exchange }
spec:
  podSelector: { matchLabels: { app: operator } }
  policyTypes: [Egress]
  egress:
    - ports: [{ port: 80 }]
YAML
