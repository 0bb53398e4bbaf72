. "$CKX_CHECKS/1.sh"
pod=$(ready_pods courier courier)
expect 'ready Pods of courier' 1 "$(grep -c . <<< "$pod")"
expect 'the letter in the file' 'meet me at the mill' "$(k -n courier exec "$pod" -- cat /run/letter/letter 2>&1)"
expect 'mode of the file' 400 "$(k -n courier exec "$pod" -- stat -L -c %a /run/letter/letter 2>&1)"
expect 'variables of the process that hold the letter' 0 "$(k -n courier exec "$pod" -- sh -c 'tr "\0" "\n" < /proc/1/environ' 2>&1 | awk '/meet me/ {n++} END {print n + 0}')"
expect_soon 6 'what the courier delivers' 'delivering 19 characters' k -n courier logs "$pod" --tail=1
pass 'the letter is sealed'
