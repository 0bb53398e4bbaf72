set -e
cd ~/ship
weight=5
for job in 'count-chain chain counted' 'weigh-anchor anchor weighed'; do
  read -r name says <<< "$job"
  cat > "templates/$name.yaml" << YAML
apiVersion: batch/v1
kind: Job
metadata:
  name: {{ .Release.Name }}-$name
  annotations:
    helm.sh/hook: pre-install
    helm.sh/hook-weight: "$weight"
    helm.sh/hook-delete-policy: before-hook-creation, hook-succeeded
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: job
          image: busybox:1.36
          command: [echo, "$says"]
YAML
  weight=1
done
cat > templates/lookout.yaml << 'YAML'
apiVersion: v1
kind: Pod
metadata:
  name: {{ .Release.Name }}-lookout
  annotations: { helm.sh/hook: test }
spec:
  restartPolicy: Never
  containers:
    - name: lookout
      image: busybox:1.36
      command: [sh, -c, 'wget -q -T 4 -t 1 -O - http://{{ .Release.Name }} > /dev/null']
YAML
helm install ship . --namespace anchor --wait --timeout 80s
helm -n anchor test ship --timeout 40s
