set -e
cd ~/ship
cat > templates/hooks.yaml << 'YAML'
{{- range $weight, $job := list (dict "name" "count-chain" "says" "chain counted") (dict "name" "weigh-anchor" "says" "anchor weighed") }}
---
apiVersion: batch/v1
kind: Job
metadata:
  name: {{ $.Release.Name }}-{{ $job.name }}
  annotations:
    helm.sh/hook: pre-install,pre-upgrade
    helm.sh/hook-weight: {{ $weight | quote }}
    helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
spec:
  backoffLimit: 0
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: hook
          image: busybox:1.36
          command: [echo, {{ $job.says | quote }}]
{{- end }}
YAML
mkdir -p templates/tests
cat > templates/tests/lookout.yaml << 'YAML'
apiVersion: v1
kind: Pod
metadata:
  name: {{ .Release.Name }}-lookout
  annotations:
    helm.sh/hook: test
    helm.sh/hook-delete-policy: before-hook-creation
spec:
  restartPolicy: Never
  containers:
    - name: lookout
      image: busybox:1.36
      command: [wget, -q, -T, '4', -t, '2', -O, /dev/null, 'http://{{ .Release.Name }}']
YAML
helm install ship . --namespace anchor --wait --timeout 80s
helm -n anchor test ship --timeout 40s
