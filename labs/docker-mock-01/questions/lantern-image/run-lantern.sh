# Sourced by the checks that need a container of lantern:2.0: `run_lantern NAME` starts one, and removes it when the check ends.
run_lantern() {
  d image inspect lantern:2.0 > /dev/null 2>&1 || fail 'there is no image lantern:2.0'
  d rm -f "$1" > /dev/null 2>&1
  trap "d rm -f -v $1 > /dev/null 2>&1" EXIT
  d run -d --name "$1" -p 8080 lantern:2.0 > /dev/null 2>&1 || fail 'no container of lantern:2.0 starts'
  port=$(d port "$1" 8080/tcp | head -1 | sed 's/.*://')
}
