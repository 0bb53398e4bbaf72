# Sourced by the checks: what containers see of each other. Pages are asked for with a time limit of two seconds.
running() { [ "$(state_of "$1" '{{.State.Running}}')" = true ] || fail "the container $1 does not run"; }

# from_beacon HOST: the page that beacon gets there.
from_beacon() { d exec beacon timeout 3 wget -q -T 2 -t 1 -O - "http://$1/" 2>&1; }

# from_nginx CONTAINER HOST: the same from tower or vault, whose image has curl.
from_nginx() { d exec "$1" curl -s -m 2 "http://$2/"; }

# addresses CONTAINER: all that it has.
addresses() { state_of "$1" '{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}'; }
