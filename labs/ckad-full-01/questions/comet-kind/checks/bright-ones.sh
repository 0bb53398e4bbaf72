. "$CKX_CHECKS/2.sh"
file=/home/candidate/bright-comets.txt
[ -s "$file" ] || fail "there is nothing in $file"
expect 'names in the file' 'encke,hale-bopp,halley,tempel' "$(sed 's/[[:space:]]*$//; /^$/d' "$file" | paste -sd,)"
pass 'the bright comets are listed'
