. "$CKX_CHECKS/2.sh"
pod=$(ready_pods mill millstone | head -n 1)
[ -n "$pod" ] || fail 'no Pod of millstone is ready'
sum=$(k -n mill exec "$pod" -- sh -c '{ cat /bin/sleep; printf "flour for somebody else"; } | sha256sum' 2> /dev/null | cut -d' ' -f1)
[[ $sum =~ ^[0-9a-f]{64}$ ]] || undecided 'the checksum could not be worked out'
file=/home/candidate/intruder.txt
[ -s "$file" ] || fail "there is no $file"
expect 'what is written down' "sieve $sum" "$(head -c 400 "$file" | tr -s ' \t\r\n' ' ' | sed 's/ $//')"
pass 'the intruder is known'
