. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../../../node.sh"
dns=$(value_of kube-system service kube-dns .spec.clusterIP)
# asked NAME: what the cluster's DNS answers, asked on a node, which no policy keeps from it.
asked() { said_on controlplane "busybox nslookup $1 $dns" | sed -n '/^Name:/,$p' | sed -n 's/^Address[ 0-9]*: *\([0-9.]*\).*/\1/p' | head -n 1; }
expect_soon 12 'address of bell.valley.example' 192.0.2.17 asked bell.valley.example
expect 'address of mill.valley.example' 192.0.2.18 "$(asked mill.valley.example)"
expect 'address of kubernetes.default.svc.cluster.local' "$(value_of default service kubernetes .spec.clusterIP)" "$(asked kubernetes.default.svc.cluster.local)"
servers=$(k -n kube-system get configmap coredns -o jsonpath='{.data}')
expect 'whether the addresses are written down in the cluster' no "$(grep -qE '192\.0\.2\.1[78]' <<< "$servers" && echo yes || echo no)"
pass 'the valley is known'
