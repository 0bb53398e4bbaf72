# What the checks of this lab share. A check sources it, prints what it expected and what it saw, and ends with `pass` or `fail`.

# kubectl that ends in time whatever the cluster does.
k() { timeout 12 kubectl --request-timeout=10s "$@"; }

note() { printf '%s\n' "$*"; }

pass() {
  note "OK: $*"
  exit 0
}

# A check that finds a fault fails; but when the API itself does not answer nobody can tell (exit code 75: not decided).
fail() {
  note "NOT OK: $*"
  if ! k get --raw /readyz > /dev/null 2>&1; then
    note 'The Kubernetes API does not answer.'
    exit 75
  fi
  exit 1
}

# expect WHAT WANTED SEEN
expect() {
  note "$1: expected \"$2\", seen \"$3\""
  [ "$3" = "$2" ] || fail "$1"
}

# until_true SECONDS COMMAND...: tries once a second.
until_true() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    [ "$SECONDS" -lt "$end" ] || return 1
    sleep 1
  done
}

# page_of NAMESPACE POD [PORT] [PATH]: what a Pod serves over HTTP, asked through the API server.
page_of() { k get --raw "/api/v1/namespaces/$1/pods/$2:${3:-80}/proxy/${4:-}" 2>&1; }

# ready_pods NAMESPACE DEPLOYMENT: names of the ready Pods that belong to a Deployment, by ownership and not by label; those that are
# on their way out do not count.
ready_pods() {
  local uid sets
  uid=$(k -n "$1" get deployment "$2" -o jsonpath='{.metadata.uid}' 2> /dev/null) || return 0
  sets=$(k -n "$1" get replicasets -o json | jq -c --arg uid "$uid" '[.items[] | select(any(.metadata.ownerReferences[]?; .uid == $uid)) | .metadata.uid]')
  k -n "$1" get pods -o json | jq -r --argjson sets "$sets" '.items[]
    | select(.metadata.deletionTimestamp == null)
    | select(any(.metadata.ownerReferences[]?; .uid as $owner | any($sets[]; . == $owner)))
    | select(any(.status.conditions[]?; .type == "Ready" and .status == "True"))
    | .metadata.name'
}
