. "$CKX_CHECKS/1.sh"
first=$(page_of tundra weather-desk) || fail "no page is served: $first"
note "now: $first"
changed() {
  second=$(page_of tundra weather-desk) && [[ -n $second && $second != "$first" ]]
}
until_true 8 changed || fail 'the page stayed the same for 8 seconds'
note "later: $second"
# A page that lost the station while it was renewed, or that was read while it was being written, is looked at once more.
complete() { [[ $(page_of tundra weather-desk) == *tundra-north* ]]; }
until_true 4 complete || fail 'the renewed page does not name the station tundra-north'
pass 'the page is renewed'
