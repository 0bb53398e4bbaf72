. "$CKX_CHECKS/2.sh"
pod=$(ready_pods forge anvil)
expect 'ready Pods of anvil' 1 "$(grep -c . <<< "$pod")"
said=$(k -n forge exec "$pod" -- sh -c 'd=/tmp/.probe; rm -rf $d; mkdir $d && cd $d && echo iron > a && mv a b && cat b; ln -s b c 2>&1 && echo "symbolic link made"; ln b d 2>&1 && echo "hard link made"; rm -rf $d' 2>&1)
expect_match 'what the anvil can do with files' '^iron' "$said"
expect 'links that were refused' 2 "$(grep -c 'Operation not permitted' <<< "$said")"
expect 'links that were made' 0 "$(grep -c ' link made' <<< "$said")"
expect 'profile' 'Localhost forge/no-links.json' "$(k -n forge get pod "$pod" -o json |
  jq -r '.spec | (.containers[0].securityContext.seccompProfile // .securityContext.seccompProfile) | "\(.type) \(.localhostProfile)"')"
pass 'the anvil cannot link'
