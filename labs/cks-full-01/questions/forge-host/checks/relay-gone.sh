. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../../../node.sh"
node=$(k get node controlplane -o jsonpath='{.status.addresses[?(@.type=="InternalIP")].address}')
closed() { ! on_node "ss -Hltn 'sport = :7070' | grep -q ."; }
wait_for 4 'whether nothing listens on port 7070' closed
expect 'how the node answers' controlplane "$(on_node hostname)"
expect 'answer on the port' '' "$(timeout 5 bash -c "exec 3<> /dev/tcp/$node/7070 && cat <&3" 2> /dev/null)"
state=$(on_node 'systemctl is-active forge-status.service; systemctl is-enabled forge-status.service' 2>&1 | paste -sd' ')
note "the service: $state"
[[ ! " $state " =~ \ (enabled|active|activating)\  ]] || fail 'the service starts again with the node'
starts=$(on_node 'grep -ls forge-relay /etc/systemd/system/*.wants/* /etc/systemd/system/*.timer /etc/crontab /etc/cron.d/* /etc/rc.local' 2> /dev/null)
expect 'what still starts the program' '' "$starts"
pass 'the relay is gone'
