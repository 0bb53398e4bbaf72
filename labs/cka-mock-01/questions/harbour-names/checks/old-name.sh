. "$CKX_CHECKS/1.sh"
. "${BASH_SOURCE[0]%/*}/../within.sh"
# What a Pod has in its own file of hosts is no answer of the DNS.
address() { within getent ahostsv4 pilot.harbour.example 2> /dev/null | awk '{print $1}' | sort -u | paste -sd' '; }
service=$(value_of roads service pilot .spec.clusterIP)
expect_match 'address of the Service pilot' '^[0-9]+\.' "${service:-none}"
expect_soon 13 'address of pilot.harbour.example' "$service" address
expect 'lines for it in the file of hosts' 0 "$(within grep -c 'harbour.example' /etc/hosts)"
expect 'answer of pilot.harbour.example' 'pilot answers' "$(within curl -sS -m 3 http://pilot.harbour.example 2>&1)"
expect_match 'address of another name' '^[0-9]+\.' "$(within getent ahostsv4 kubernetes.default.svc.cluster.local | awk '{print $1; exit}')"
pass 'the old name leads to the pilot'
