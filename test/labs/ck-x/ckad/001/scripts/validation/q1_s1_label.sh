test "$(kubectl -n quarry get configmap stone -o jsonpath={.metadata.labels.kind})" = granite
