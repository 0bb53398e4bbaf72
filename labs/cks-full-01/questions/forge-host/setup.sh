set -e
kubectl apply --validate=false -f - << 'YAML'
apiVersion: v1
kind: Namespace
metadata: { name: forge }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: anvil, namespace: forge }
spec:
  strategy: { type: Recreate }
  selector: { matchLabels: { app: anvil } }
  template:
    metadata: { labels: { app: anvil } }
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - { name: anvil, image: 'busybox:1.36', imagePullPolicy: IfNotPresent, command: [sh, -c, 'while true; do echo clang; sleep 5; done'] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: bellows, namespace: forge }
spec:
  strategy: { type: Recreate }
  selector: { matchLabels: { app: bellows } }
  template:
    metadata: { labels: { app: bellows } }
    spec:
      terminationGracePeriodSeconds: 1
      securityContext: { seccompProfile: { type: Unconfined } }
      containers:
        - name: bellows
          image: busybox:1.36
          imagePullPolicy: IfNotPresent
          command: [sh, -c, 'while true; do echo whoosh; sleep 5; done']
          securityContext: { seccompProfile: { type: Unconfined } }
YAML
ssh controlplane bash -s << 'NODE'
set -e
id smith > /dev/null 2>&1 || useradd --create-home --shell /bin/bash --password '*' smith
usermod -aG sudo smith
printf 'smith ALL=(ALL) NOPASSWD: ALL\n' > /etc/sudoers.d/90-forge
chmod 440 /etc/sudoers.d/90-forge
printf '#!/bin/sh\nexec socat TCP-LISTEN:7070,fork,reuseaddr SYSTEM:"echo relay"\n' > /usr/local/sbin/forge-relay
chmod 755 /usr/local/sbin/forge-relay
printf '[Unit]\nDescription=Status of the forge\n\n[Service]\nExecStart=/usr/local/sbin/forge-relay\nRestart=always\nRestartSec=2\n\n[Install]\nWantedBy=multi-user.target\n' > /etc/systemd/system/forge-status.service
systemctl daemon-reload
systemctl enable --now forge-status.service > /dev/null 2>&1
NODE
