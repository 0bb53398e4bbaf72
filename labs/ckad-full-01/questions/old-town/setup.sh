set -e
kubectl apply --validate=false -f - << 'YAML'
apiVersion: v1
kind: Namespace
metadata: { name: old-town }
---
apiVersion: v1
kind: Namespace
metadata: { name: new-town }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: library, namespace: new-town }
spec:
  selector: { matchLabels: { app: library } }
  template:
    metadata: { labels: { app: library } }
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: library
          image: nginx:1.27
          imagePullPolicy: IfNotPresent
          command: [sh, -c, 'echo "books of the new town" > /usr/share/nginx/html/index.html; exec nginx -g "daemon off;"']
---
apiVersion: v1
kind: Service
metadata: { name: library, namespace: new-town }
spec: { selector: { app: library }, ports: [{ port: 80 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: townsman, namespace: old-town }
spec:
  selector: { matchLabels: { app: townsman } }
  template:
    metadata: { labels: { app: townsman } }
    spec:
      terminationGracePeriodSeconds: 1
      containers: [{ name: townsman, image: 'nginx:1.27', imagePullPolicy: IfNotPresent }] # ckx-lint: allow IMAGE_UNDECLARED
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: choir, namespace: old-town }
spec:
  serviceName: choir
  replicas: 2
  podManagementPolicy: Parallel
  selector: { matchLabels: { app: choir } }
  template:
    metadata: { labels: { app: choir } }
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: singer
          image: nginx:1.27
          imagePullPolicy: IfNotPresent
          command: [sh, -c, 'hostname > /usr/share/nginx/html/index.html; exec nginx -g "daemon off;"']
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ground-water, namespace: kube-system }
spec:
  selector: { matchLabels: { app: ground-water } }
  template:
    metadata: { labels: { app: ground-water } }
    spec:
      terminationGracePeriodSeconds: 1
      hostNetwork: true
      containers:
        - name: water
          image: nginx:1.27
          imagePullPolicy: IfNotPresent
          command: [sh, -c, 'sed -i "s/listen  *80;/listen 8765;/; /listen  *\[/d" /etc/nginx/conf.d/default.conf; echo "clear water" > /usr/share/nginx/html/index.html; exec nginx -g "daemon off;"']
YAML
kubectl get nodes -o jsonpath='{.items[0].status.addresses[?(@.type=="InternalIP")].address}{"\n"}' > /home/candidate/well-address.txt
chown candidate:candidate /home/candidate/well-address.txt
