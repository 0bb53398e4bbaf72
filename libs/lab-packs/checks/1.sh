# Functions for checks, version 1 (docs/labs/checks.md). A check sources this file, prints what it expected and what it saw, and ends with
# `pass` or `fail`. What a version does never changes: packs that are pinned rely on it. Anything else goes into the next version.

# note TEXT: a line of evidence.
note() { printf '%s\n' "$*"; }

# pass TEXT: the check has passed.
pass() {
  note "OK: $*"
  exit 0
}

# undecided TEXT: nobody can tell (exit code 75): the check is errored, and never a wrong answer.
undecided() {
  note "UNDECIDED: $*"
  exit 75
}

# fail TEXT: the check has failed; but where there is a cluster whose API does not answer nobody can tell.
fail() {
  note "NOT OK: $*"
  if [ -s "${KUBECONFIG:-}" ] && ! k get --raw /readyz > /dev/null 2>&1; then undecided 'The Kubernetes API does not answer.'; fi
  exit 1
}

# k ARGUMENTS: kubectl that ends within 12 seconds whatever the cluster does.
k() { timeout 12 kubectl --request-timeout=10s "$@"; }

# expect WHAT WANTED SEEN: says both; fails where they differ.
expect() {
  note "$1: expected \"$2\", seen \"$3\""
  [ "$3" = "$2" ] || fail "$1"
}

# expect_match WHAT PATTERN SEEN: fails where SEEN has no match of the extended regular expression.
expect_match() {
  note "$1: expected a match of \"$2\", seen \"$3\""
  [[ $3 =~ $2 ]] || fail "$1"
}

# expect_at_least WHAT NUMBER SEEN: whole numbers; anything else that was seen fails.
expect_at_least() {
  note "$1: expected at least $2, seen \"$3\""
  [[ $3 =~ ^[0-9]+$ ]] && ((10#$3 >= 10#$2)) || fail "$1"
}

# until_true SECONDS COMMAND...: tries at once and then every second; its exit code says whether the command came true.
until_true() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    [ "$SECONDS" -lt "$end" ] || return 1
    sleep 1
  done
}

# wait_for SECONDS WHAT COMMAND...: the same; fails where it does not come true, and says what the command printed last.
wait_for() {
  local seconds=$1 what=$2 last=''
  shift 2
  _ckx_try() { last=$("$@" 2>&1); }
  if until_true "$seconds" _ckx_try "$@"; then
    note "$what: yes${last:+, \"$last\"}"
  else
    note "$what: not within $seconds s${last:+; seen last: \"$last\"}"
    fail "$what"
  fi
}

# expect_soon SECONDS WHAT WANTED COMMAND...: waits until the command prints WANTED, then compares as `expect` does.
expect_soon() {
  local seconds=$1 what=$2 wanted=$3 seen=''
  shift 3
  _ckx_prints() { seen=$("$@" 2>&1); [ "$seen" = "$wanted" ]; }
  until_true "$seconds" _ckx_prints "$@"
  expect "$what" "$wanted" "$seen"
}

# value_of NAMESPACE KIND NAME FILTER: what a jq filter takes from an object; nothing where there is no such object or no value.
value_of() { k -n "$1" get "$2" "$3" -o json 2> /dev/null | jq -r "($4) | select(. != null)"; }

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
