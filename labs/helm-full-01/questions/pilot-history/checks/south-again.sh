. "$CKX_CHECKS/1.sh"
. "${BASH_SOURCE[0]%/*}/../../../helm.sh"
expect 'state of the release pilot' deployed "$(release pilot pilot .status)"
expect 'course and speed among its values' 'south 5' "$(values_of pilot pilot '"\(.course) \(.speed)"')"
pod=$(ready_pods pilot pilot)
expect 'ready Pods of pilot' 1 "$(grep -c . <<< "$pod")"
expect 'course of the Pod' 'south at 5' "$(page_of pilot "$pod")"
pass 'the pilot steers south'
