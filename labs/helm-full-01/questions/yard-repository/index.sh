# Sourced by the checks: the index as the yard serves it.
yard=http://controlplane:30081
index=$(curl -sf -m 5 "$yard/index.yaml" | yq -o=json -I=0 '.' 2> /dev/null) || fail 'the yard serves no index'
# entry CHART VERSION FILTER: what a jq filter takes from an entry of the index.
entry() { jq -r --arg chart "$1" --arg version "$2" ".entries[\$chart][]? | select(.version == \$version) | $3" <<< "$index"; }
