# Functions for checks, version 2 (docs/labs/checks.md): those of version 1, and what asks for several things at once. What a version does
# never changes: packs that are pinned rely on it. Anything else goes into the next version.
. "${BASH_SOURCE[0]%/*}/1.sh"

# ready_pods NAMESPACE DEPLOYMENT: as in version 1, by one call of kubectl.
ready_pods() {
  k -n "$1" get deployments,replicasets,pods -o json 2> /dev/null | jq -r --arg name "$2" '
    def owned_by($owners): any(.metadata.ownerReferences[]?; .uid as $uid | any($owners[]; . == $uid));
    [.items[] | select(.kind == "Deployment" and .metadata.name == $name) | .metadata.uid] as $deployments
    | [.items[] | select(.kind == "ReplicaSet" and owned_by($deployments)) | .metadata.uid] as $sets
    | .items[] | select(.kind == "Pod" and .metadata.deletionTimestamp == null and owned_by($sets))
    | select(any(.status.conditions[]?; .type == "Ready" and .status == "True")) | .metadata.name'
}

# expect_each WHAT WANTED COMMAND ITEM...: runs the command with each item, whose words are its arguments, all at once; then compares what each
# printed as `expect` does.
expect_each() {
  local what=$1 wanted=$2 command=$3 folder item number=0 begun=() seen=()
  shift 3
  folder=$(mktemp -d)
  for item; do
    # shellcheck disable=SC2086
    "$command" $item > "$folder/$number" 2>&1 &
    begun+=("$!")
    number=$((number + 1))
  done
  wait "${begun[@]}"
  for ((number = 0; number < $#; number++)); do seen+=("$(< "$folder/$number")"); done
  rm -rf "$folder"
  number=0
  for item; do
    expect "$what $item" "$wanted" "${seen[number]}"
    number=$((number + 1))
  done
}

# expect_rights yes|no USER GROUPS RIGHT...: asks the API server whether a user of these groups (with commas between them) may do each, and
# compares. A RIGHT is `VERB RESOURCE[.API GROUP][/SUBRESOURCE] [NAMESPACE]`. One call for all.
expect_rights() {
  local wanted=$1 user=$2 groups=$3 right said seen number=0
  shift 3
  said=$(printf '%s\n' "$@" | jq -Rc --arg user "$user" --arg groups "$groups" '
    capture("^(?<verb>\\S+) (?<resource>[^ ./]+)([.](?<group>[^ /]+))?(/(?<subresource>\\S+))?( (?<namespace>\\S+))?$")
    | {apiVersion: "authorization.k8s.io/v1", kind: "SubjectAccessReview",
       spec: {user: $user, groups: ($groups / ","), resourceAttributes: map_values(. // "")}}' |
    k create --validate=false -f - -o json 2> /dev/null)
  mapfile -t seen < <(jq -r 'if .status.allowed then "yes" else "no" end' <<< "$said" 2> /dev/null)
  [ "${#seen[@]}" = $# ] || fail "the API server does not say what $user may do"
  for right; do
    expect "$user may $right" "$wanted" "${seen[number]}"
    number=$((number + 1))
  done
}
