. "${BASH_SOURCE[0]%/*}/../../../docker.sh"
code() { curl -s -m 3 -o /dev/null -w '%{http_code}' "$@" http://docker:5010/v2/; }
expect_soon 5 'answer without a password' 401 code
expect 'answer with a wrong password' 401 "$(code -u mariner:wrong)"
expect 'answer with the password' 200 "$(code -u mariner:seven-bells)"
pass 'the registry is locked'
