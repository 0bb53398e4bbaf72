set -e
kubectl -n spice create configmap recipes --from-file="$HOME/spice/recipes"
kubectl -n spice create secret generic merchant --from-env-file="$HOME/spice/merchant.env"
kubectl -n spice patch secret merchant -p '{"immutable": true}'
kubectl -n spice patch deployment mixer --patch '
spec:
  template:
    spec:
      volumes:
        - name: recipes
          configMap:
            name: recipes
            items: [{ key: curry.txt, path: today.txt, mode: 0440 }]
      containers:
        - name: mixer
          volumeMounts: [{ name: recipes, mountPath: /etc/spice }]
          env:
            - name: MERCHANT_USER
              valueFrom: { secretKeyRef: { name: merchant, key: user } }
            - name: MERCHANT_PASSWORD
              valueFrom: { secretKeyRef: { name: merchant, key: password } }
            - name: HEAT
              valueFrom: { configMapKeyRef: { name: settings, key: heat } }
'
kubectl -n spice rollout status deployment mixer --timeout=80s
