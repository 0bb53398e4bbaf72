set -e
folder=/home/candidate/spice
mkdir -p "$folder/recipes"
printf 'turmeric 2\ncumin 1\nchili 1\n' > "$folder/recipes/curry.txt"
printf 'paprika 3\npepper 1\n' > "$folder/recipes/goulash.txt"
printf 'user=al-zafran\npassword=c4rd=m0m!\n' > "$folder/merchant.env"
chown -R candidate:candidate "$folder"
kubectl apply --validate=false -f - << 'YAML'
apiVersion: v1
kind: Namespace
metadata: { name: spice }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: settings, namespace: spice }
data: { heat: medium, salt: none }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: mixer, namespace: spice }
spec:
  selector: { matchLabels: { app: mixer } }
  template:
    metadata: { labels: { app: mixer } }
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: mixer
          image: busybox:1.36
          imagePullPolicy: IfNotPresent
          command: [sh, -c, 'while true; do sleep 1; done']
YAML
