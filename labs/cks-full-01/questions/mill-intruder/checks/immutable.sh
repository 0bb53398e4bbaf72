. "$CKX_CHECKS/2.sh"
# writable POD: folders of the container in which a file can be made, one word each.
writable() {
  k -n mill exec "$1" -- bash -c 'for folder in / /tmp /etc /usr/bin /root /var/tmp /var/run /var/run/mill; do
    if [ -d $folder ] && touch $folder/.probe 2> /dev/null; then rm -f $folder/.probe; echo $folder; fi; done; echo done' 2>&1 | paste -sd' '
}
for name in millstone sacks; do
  pod=$(ready_pods mill $name)
  expect "ready Pods of $name" 1 "$(grep -c . <<< "$pod")"
  wanted=done
  [ $name = sacks ] || wanted='/var/run/mill done'
  expect "folders of $name that can be written to" "$wanted" "$(writable "$pod")"
done
expect_soon 6 'what the millstone says' ground k -n mill logs "$(ready_pods mill millstone)" --tail=1
pass 'the containers are immutable'
