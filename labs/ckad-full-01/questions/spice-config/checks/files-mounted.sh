. "$CKX_CHECKS/2.sh"
pod=$(ready_pods spice mixer)
expect 'ready Pods of mixer' 1 "$(grep -c . <<< "$pod")"
expect 'files in /etc/spice' today.txt "$(k -n spice exec "$pod" -- ls /etc/spice 2>&1 | paste -sd' ')"
expect 'today.txt' 'turmeric 2,cumin 1,chili 1' "$(k -n spice exec "$pod" -- cat /etc/spice/today.txt 2>&1 | paste -sd,)"
expect 'mode of the file' 440 "$(k -n spice exec "$pod" -- stat -L -c %a /etc/spice/today.txt 2>&1)"
pass 'the recipe is mounted'
