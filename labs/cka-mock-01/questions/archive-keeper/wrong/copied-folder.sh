set -e
ssh -n root@controlplane 'mkdir -p /var/backups && tar -C /var/lib/etcd -cf /var/backups/etcd-snapshot.db member'
kubectl -n archive-east create serviceaccount marta
kubectl -n archive-east create role archivist --verb=get,list,create,delete --resource=deployments.apps
kubectl -n archive-east create rolebinding marta --role=archivist --serviceaccount=archive-east:marta
openssl x509 -req -in ~/marta.csr -signkey ~/marta.key -days 30 -out ~/marta.crt
