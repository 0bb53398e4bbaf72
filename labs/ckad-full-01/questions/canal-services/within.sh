# Sourced by the checks: a Pod of the Deployment pump is where they look from.
from=$(ready_pods canal pump | head -n 1)
[ -n "$from" ] || fail 'no Pod of the Deployment pump is ready'

# answer_within URL WANTED: asks for a few seconds, for a Service that was just made takes effect a moment later.
answer_within() { expect_soon 8 "answer of $1 within the cluster" "$2" k -n canal exec "$from" -- curl -sS -m 3 "$1"; }
