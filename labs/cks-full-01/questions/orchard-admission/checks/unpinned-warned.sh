. "$CKX_CHECKS/2.sh"
. "${BASH_SOURCE[0]%/*}/../../../pod.sh"
. "${BASH_SOURCE[0]%/*}/../images.sh"
for image in "$here:1" "$here"; do
  expect_says "warning about $image" 'Warning: .*pinned-images' orchard "$image"
  expect_match "answer to $image" "$taken" "$said"
done
expect_says 'warning about an init container' 'Warning: .*pinned-images' orchard "$here@$digest" "$here:1"
expect_says 'answer to images with their digests' "$taken" orchard "$here@$digest" "$here:1@$digest"
[[ $said != *Warning* ]] || fail 'images with their digests are warned about'
pass 'whoever leaves out the digest is warned'
