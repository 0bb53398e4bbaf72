set -e
kubectl apply --validate=false -f - << 'YAML'
apiVersion: v1
kind: Namespace
metadata: { name: courier }
---
apiVersion: v1
kind: Secret
metadata: { name: sealed, namespace: courier }
stringData: { letter: meet me at the mill }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: courier, namespace: courier }
spec:
  strategy: { type: Recreate }
  selector: { matchLabels: { app: courier } }
  template:
    metadata: { labels: { app: courier } }
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: courier
          image: busybox:1.36
          imagePullPolicy: IfNotPresent
          command:
            - sh
            - -c
            - |
              while true; do
                if [ -n "$LETTER_FILE" ]; then letter=$(cat "$LETTER_FILE"); else letter=$LETTER; fi
                echo "delivering ${#letter} characters"
                sleep 2
              done
          env:
            - name: LETTER
              valueFrom: { secretKeyRef: { name: sealed, key: letter } }
YAML
cat > /home/candidate/no-chmod.json << 'JSON'
{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    { "names": ["chmod", "fchmod", "fchmodat", "fchmodat2"], "action": "SCMP_ACT_ERRNO", "errnoRet": 1 }
  ]
}
JSON
chown candidate:candidate /home/candidate/no-chmod.json
