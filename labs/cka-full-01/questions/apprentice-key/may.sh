# Sourced by the checks. `may USER VERB RESOURCE[/SUBRESOURCE] [OPTION...]`: what the API server says to a driver.
may() {
  local user=$1 verb=$2 resource=${3%%/*} part=()
  # To kubectl, what follows a slash is a name.
  [[ $3 != */* ]] || part=(--subresource="${3#*/}")
  shift 3
  k auth can-i "$verb" "$resource" "${part[@]}" "$@" --as="$user" --as-group=drivers --as-group=system:authenticated 2> /dev/null
}
