set -e
kubectl -n spice create configmap recipes --from-file="$HOME/spice/recipes"
kubectl -n spice create secret generic merchant --from-file="$HOME/spice/merchant.env"
kubectl -n spice patch deployment mixer --patch '
spec:
  template:
    spec:
      volumes:
        - name: recipes
          configMap:
            name: recipes
            defaultMode: 0440
            items: [{ key: curry.txt, path: today.txt }]
      containers:
        - name: mixer
          volumeMounts: [{ name: recipes, mountPath: /etc/spice }]
          env:
            - { name: MERCHANT_USER, value: al-zafran }
            - { name: MERCHANT_PASSWORD, value: "c4rd=m0m!" }
            - { name: HEAT, value: medium }
'
kubectl -n spice rollout status deployment mixer --timeout=80s
