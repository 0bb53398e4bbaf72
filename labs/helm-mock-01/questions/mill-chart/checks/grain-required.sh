. "$CKX_CHECKS/1.sh"
. "${BASH_SOURCE[0]%/*}/../../../helm.sh"
chart=/home/candidate/mill
said=$(h template probe "$chart" --set grain=oats 2>&1) || fail "with a grain helm template says: ${said:0:500}"
for given in '' grain=; do
  said=$(h template probe "$chart" ${given:+--set "$given"} 2>&1) && fail "it renders with ${given:-no value at all}"
  expect_match "what it says with ${given:-no value at all}" 'grain is required' "${said:0:500}"
done
pass 'the grain is required'
