set -e
kubectl -n archive create serviceaccount librarian
kubectl create clusterrole librarian --verb=get,list,watch --resource=pods,configmaps,secrets
kubectl create clusterrolebinding librarian --clusterrole=librarian --serviceaccount=archive:librarian
kubectl -n archive create secret generic catalog-key --from-literal=token=shelf-42-north
kubectl -n archive patch deployment catalog --patch '
spec:
  template:
    spec:
      serviceAccountName: librarian
      volumes:
        - { name: settings, configMap: { name: catalog-settings } }
        - { name: tmp, emptyDir: {} }
      containers:
        - name: catalog
          env:
            - name: CATALOG_TOKEN
              valueFrom: { secretKeyRef: { name: catalog-key, key: token } }
          securityContext: { runAsUser: 10001, runAsNonRoot: true, readOnlyRootFilesystem: true }
          volumeMounts:
            - { name: settings, mountPath: /etc/catalog }
            - { name: tmp, mountPath: /tmp }
'
kubectl -n archive rollout status deployment catalog --timeout=60s
