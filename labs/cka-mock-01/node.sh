# Sourced by setups.
# on_node COMMAND: as root on the node, the way the candidate takes; that way is being made while the first questions are set up.
on_node() {
  local input tries
  input=$(cat)
  for ((tries = 0; tries < 60; tries++)); do
    ssh -o BatchMode=yes -o ConnectTimeout=3 root@controlplane "$1" <<< "$input" 2> /dev/null && return
    sleep 0.5
  done
  echo 'the node cannot be reached by ssh' >&2
  return 1
}
