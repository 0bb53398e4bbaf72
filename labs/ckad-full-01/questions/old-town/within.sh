# Sourced by the checks: a Pod of the Deployment townsman is where they look from.
from=$(ready_pods old-town townsman | head -n 1)
[ -n "$from" ] || undecided 'no Pod of the Deployment townsman is ready'
within() { k -n old-town exec "$from" -- "$@"; }

# answer_within URL WANTED: asks for a while: a name that was asked for too early is remembered as unknown for some seconds.
answer_within() { expect_soon 13 "answer of $1 in old-town" "$2" within curl -sS -m 3 "$1"; }
