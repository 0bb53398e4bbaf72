. "$CKX_CHECKS/1.sh"
. "${BASH_SOURCE[0]%/*}/../../../helm.sh"
values=$(h -n bakery get values oven --all -o json 2> /dev/null) || fail 'there is no release oven in bakery'
expect 'values of the release' '{"image":"nginx:1.27","loaf":"rye","replicas":"3","salt":"2"}' \
  "$(jq -Sc '{image, loaf, replicas: (.replicas | tostring), salt: (.salt | tostring)}' <<< "$values")"
pass 'the values are kept'
