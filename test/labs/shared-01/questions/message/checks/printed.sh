. "$CKX_CHECKS/1.sh"
expect_soon 10 'what the Pod printer printed' hello k logs printer -n "$CKX_NAMESPACE"
pass 'the text was printed'
