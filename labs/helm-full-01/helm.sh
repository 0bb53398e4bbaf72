# Sourced by setups and checks: Helm as it is, whatever the candidate has configured, added or planted in the home folder.
export HELM_CONFIG_HOME=/tmp/.ckx-helm/config HELM_CACHE_HOME=/tmp/.ckx-helm/cache HELM_DATA_HOME=/tmp/.ckx-helm/data

# h ARGUMENTS: helm that ends within 12 seconds.
h() { timeout 12 helm "$@"; }

# release NAMESPACE NAME FILTER: what a jq filter takes from the release's line of `helm list`; nothing where there is none.
release() { h -n "$1" list --all -o json 2> /dev/null | jq -r --arg name "$2" ".[] | select(.name == \$name) | $3"; }

# values_of NAMESPACE NAME FILTER: what a jq filter takes from the values that were given to the release.
values_of() { h -n "$1" get values "$2" -o json 2> /dev/null | jq -r "($3) | select(. != null)"; }

# rendered FILTER ARGUMENTS: what a jq filter takes from the list of objects that `helm template ARGUMENTS` makes; nothing where it fails.
rendered() {
  local filter=$1 objects
  shift
  objects=$(h template "$@" 2> /dev/null) || return 1
  yq -o=json -I=0 '.' <<< "$objects" | jq -sr "map(select(. != null)) | $filter"
}
