. "$CKX_CHECKS/2.sh"
said=$(k kustomize /home/candidate/kites/storm 2>&1) || fail "kubectl kustomize says: ${said:0:500}"
objects=$(yq -o=json -I=0 '.' <<< "$said" | jq -sc 'map(select(. != null and .kind != "Namespace"))')
look() { jq -r "$1" <<< "$objects"; }
expect 'kinds' 'ConfigMap Deployment Service' "$(look 'map(.kind) | sort | join(" ")')"
expect 'namespaces' storm "$(look 'map(.metadata.namespace) | unique | join(" ")')"
expect 'names without the prefix' '' "$(look '[.[].metadata.name | select(startswith("storm-") | not)] | join(" ")')"
expect 'values of the label weather' storm "$(look 'map(.metadata.labels.weather) | unique | join(" ")')"
expect 'replicas and image' '3 nginx:1.28' "$(look '.[] | select(.kind == "Deployment") | "\(.spec.replicas) \(.spec.template.spec.containers[0].image)"')"
expect 'wind' '{"from":"west","speed":"90"}' "$(look '.[] | select(.kind == "ConfigMap") | .data | tojson' | jq -Sc .)"
name=$(look '.[] | select(.kind == "ConfigMap") | .metadata.name')
expect_match 'name of the ConfigMap' '^storm-wind-[a-z0-9]{10}$' "$name"
expect 'ConfigMap that the Pods read' "$name" "$(look '.[] | select(.kind == "Deployment") | .spec.template.spec.containers[0].envFrom[0].configMapRef.name')"
pass 'the overlay renders what was asked for'
