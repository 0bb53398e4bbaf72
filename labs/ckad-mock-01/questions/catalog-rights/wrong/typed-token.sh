set -e
kubectl -n archive create serviceaccount librarian
kubectl -n archive create role librarian --verb=get,list,watch --resource=pods,configmaps
kubectl -n archive create rolebinding librarian --role=librarian --serviceaccount=archive:librarian
kubectl -n archive create secret generic catalog-key --from-literal=token=shelf-42-north
kubectl -n archive patch deployment catalog --patch '
spec:
  template:
    spec:
      volumes:
        - { name: settings, configMap: { name: catalog-settings } }
      containers:
        - name: catalog
          env: [{ name: CATALOG_TOKEN, value: shelf-42-north }]
          securityContext:
            runAsUser: 10001
            runAsNonRoot: true
            allowPrivilegeEscalation: false
            capabilities: { drop: [ALL] }
          volumeMounts:
            - { name: settings, mountPath: /etc/catalog }
'
kubectl -n archive rollout status deployment catalog --timeout=60s
