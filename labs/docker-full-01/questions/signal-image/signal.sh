# Sourced by the checks: run_signal NAME OPTIONS... starts a container of signal:1.4, which goes with the check; `port` is where it answers.
run_signal() {
  local name=$1
  shift
  d image inspect signal:1.4 > /dev/null 2>&1 || fail 'there is no image signal:1.4'
  d rm -f -v "$name" > /dev/null 2>&1
  trap 'd rm -f -v '"$name"' > /dev/null 2>&1' EXIT
  d run -d --name "$name" -p 8080 "$@" signal:1.4 > /dev/null 2>&1 || fail 'no container of signal:1.4 starts'
  port=$(d port "$name" 8080/tcp | head -1 | sed 's/.*://')
}
greeting() { page "http://docker:$port/"; }
