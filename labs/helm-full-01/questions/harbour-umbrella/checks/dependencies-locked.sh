. "$CKX_CHECKS/1.sh"
chart=/home/candidate/harbour
expect 'dependencies of the chart' 'boat lifeboat,boat tug,crane crane' \
  "$(yq -o=json '.dependencies // []' "$chart/Chart.yaml" 2>&1 | jq -r 'map("\(.name) \(.alias // .name)") | sort | join(",")' 2> /dev/null)"
expect 'versions that are locked' 'boat 1.2.3,boat 1.2.3,crane 0.5.0' "$(yq -o=json '.dependencies // []' "$chart/Chart.lock" 2>&1 | jq -r 'map("\(.name) \(.version)") | sort | join(",")' 2> /dev/null)"
expect 'packages at hand' 'boat-1.2.3.tgz crane-0.5.0.tgz' "$(ls "$chart/charts" 2> /dev/null | sort | paste -sd' ')"
pass 'the dependencies are locked'
