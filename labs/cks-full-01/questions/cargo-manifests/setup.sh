set -e
here=${BASH_SOURCE[0]%/*}
kubectl apply --validate=false -f - << 'YAML'
apiVersion: v1
kind: Namespace
metadata: { name: cargo }
---
apiVersion: v1
kind: Secret
metadata: { name: hold-key, namespace: cargo }
stringData: { password: under-the-planks }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: barge, namespace: cargo }
spec:
  selector: { matchLabels: { app: barge } }
  template:
    metadata: { labels: { app: barge } }
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: barge
          image: nginx:1.27
          imagePullPolicy: IfNotPresent
          readinessProbe: { httpGet: { path: /, port: 80 }, periodSeconds: 2 }
YAML
# As after a pull from a registry: the runtime knows the image by its digest too.
ssh controlplane bash -s << 'NODE'
set -e
name=docker.io/library/nginx
digest=$(ctr -n k8s.io images ls | awk -v name=$name:1.27 '$1 == name {print $3}')
[[ $digest == sha256:* ]]
ctr -n k8s.io images tag --force $name:1.27 $name@$digest > /dev/null
NODE
mkdir -p /home/candidate/cargo/manifests
cp "$here"/manifests/*.yaml /home/candidate/cargo/manifests/
cp "$here/Dockerfile.txt" /home/candidate/cargo/Dockerfile
chown -R candidate:candidate /home/candidate/cargo
