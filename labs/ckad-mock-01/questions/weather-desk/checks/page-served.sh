. "$CKX_CHECKS/1.sh"
page=$(page_of tundra weather-desk)
note "http://weather-desk:80/ says: $page"
[[ $page == *tundra-north* ]] || fail 'the page does not name the station tundra-north'
pass 'the page names the station'
