# Sourced by setups and checks.
# on_node NODE COMMAND: as root on a node, with this one's input; for setups, while the way there is still being made.
on_node() {
  local input tries code=255 said
  input=$(cat)
  said=$(mktemp)
  for ((tries = 0; tries < 60 && code == 255; tries++)); do
    # 255 is ssh's own: nobody was reached.
    ssh -o BatchMode=yes -o ConnectTimeout=3 "root@$1" "$2" <<< "$input" 2> "$said" && code=0 || code=$?
    [ "$code" != 255 ] || sleep 0.5
  done
  [ "$code" = 0 ] || { echo "on the node $1:"; cat "$said"; } >&2
  rm -f "$said"
  return "$code"
}

# said_on NODE COMMAND: what a command says on a node; for checks, one try.
said_on() { timeout 14 ssh -n -o BatchMode=yes -o ConnectTimeout=5 "root@$1" "$2" 2>&1; }

# address_of NODE: within the session's network.
address_of() { kubectl --request-timeout=10s get node "$1" -o jsonpath='{.status.addresses[?(@.type=="InternalIP")].address}'; }
