. "$CKX_CHECKS/2.sh"
file=/home/candidate/cargo/Dockerfile
[ -s "$file" ] || fail "there is no $file"
# Without comments, continued lines as one.
text=$(sed -e :a -e '/\\$/{N;s/\\\n//;ta' -e '}' "$file" | grep -vE '^[[:space:]]*(#|$)')
note "$text"
words() { awk -v wanted="$1" 'toupper($1) == wanted' <<< "$text"; }
# A later stage may be made from an earlier one.
bases=$(words FROM | awk '{for (i = 2; i <= NF && $i ~ /^--/; i++); if (!($i in stages)) print $i; for (j = i; j < NF; j++) if (toupper($j) == "AS") stages[$(j + 1)] = 1}' | sort -u)
expect_match 'base images' '^(docker\.io/library/)?debian:bookworm-slim(@sha256:[0-9a-f]{64})?$' "$bases"
expect 'lines with the password' 0 "$(grep -c 'h0ist-the-sails' "$file")"
last=$(awk 'toupper($1) == "FROM" {user = ""} toupper($1) == "USER" {user = $2} END {print user}' <<< "$text")
expect_match 'user in the end' '^"?10001(:[0-9a-z]+)?"?$' "$last"
expect_match 'what is started' '/usr/local/bin/cargo' "$(awk 'toupper($1) == "CMD" || toupper($1) == "ENTRYPOINT"' <<< "$text")"
expect_match 'what is copied' 'cargo\.sh' "$(words COPY)"
pass 'the Dockerfile is sound'
