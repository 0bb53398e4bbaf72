set -e
kubectl -n old-town create service externalname library --external-name library.new-town.svc.cluster.local
kubectl -n old-town create service clusterip well --tcp=80:8765
kubectl -n old-town create service clusterip choir-0 --clusterip=None
kubectl -n old-town create service clusterip choir-1 --clusterip=None
