. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../ask.sh"
[ -n "$(value_of portal ingress north .metadata.name)" ] || fail 'there is no Ingress north in portal'
expect_soon 8 'answer to rail.example.com/times' timetable ask rail.example.com /times
expect 'answer to rail.example.com/times/today' timetable "$(ask rail.example.com /times/today)"
for path in /buy /buy/single /buy/when/exactly; do expect "answer to rail.example.com$path" tickets "$(ask rail.example.com "$path")"; done
expect 'answer to rail.example.com/buy/when' timetable "$(ask rail.example.com /buy/when)"
for path in / /timesheet; do expect "answer to rail.example.com$path" 'status 404' "$(ask rail.example.com "$path")"; done
pass 'the paths lead to their Services'
