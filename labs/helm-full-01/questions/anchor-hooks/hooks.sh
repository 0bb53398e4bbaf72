# Sourced by the checks: the hooks of the release ship.
. "${BASH_SOURCE[0]%/*}/../../helm.sh"
hooks=$(h -n anchor get hooks ship 2> /dev/null) || fail 'there is no release ship in anchor'
hooks=$(yq -o=json -I=0 '.' <<< "$hooks" | jq -sc 'map(select(. != null))')
[ "$(release anchor ship .status)" = deployed ] || fail "the release ship is $(release anchor ship .status)"
# hook ENDING FILTER: what a jq filter takes from the hook whose name has that ending.
hook() { jq -r --arg ending "$1" ".[] | select(.metadata.name | startswith(\"ship\") and endswith(\$ending)) | $2" <<< "$hooks"; }
# events ENDING: when the hook runs, sorted.
events() { hook "$1" '.metadata.annotations["helm.sh/hook"] | split(",") | map(gsub(" "; "")) | sort | join(",")'; }
