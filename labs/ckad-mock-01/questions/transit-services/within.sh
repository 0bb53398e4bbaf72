# Sourced by the checks: a Pod of the Deployment tickets is where they look from.
from=$(ready_pods transit tickets | head -n 1)
[ -n "$from" ] || fail 'no Pod of the Deployment tickets is ready'

# get URL: what a Pod within the cluster gets.
get() { k -n transit exec "$from" -- curl -sS -m 3 "$1" 2>&1; }

# get_until WANTED URL: asks for a few seconds, for a Service that was just made takes effect a moment later.
get_until() {
  answers() { seen=$(get "$2"); [ "$seen" = "$1" ]; }
  until_true 6 answers "$1" "$2"
  expect "$2 from within the cluster" "$1" "$seen"
}
