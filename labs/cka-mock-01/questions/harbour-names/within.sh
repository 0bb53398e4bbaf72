# Sourced by the checks: a Pod of the Deployment convoy is where they look from.
from=$(ready_pods roads convoy | head -n 1)
[ -n "$from" ] || undecided 'no Pod of the Deployment convoy is ready'
within() { k -n roads exec "$from" -- "$@"; }
