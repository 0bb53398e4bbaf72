# Sourced by the checks: where a controller would send a request, by the rules of the Ingress interface. Several paths may match; the longest
# wins, and an exact one before a prefix.
ingress=$(k -n market get ingress gate -o json 2> /dev/null) || fail 'there is no Ingress gate in market'
ports=$(k -n market get services -o json | jq -c '[.items[] | {key: .metadata.name, value: ([.spec.ports[] | {key: (.name // ""), value: .port}] | from_entries)}] | from_entries')

# route HOST PATH: Service and number of its port, or `nowhere`.
route() {
  jq -r --arg host "$1" --arg path "$2" --argjson ports "$ports" '
    def to: if .service == null then "nowhere" else "\(.service.name):\(.service.port.number // $ports[.service.name][.service.port.name])" end;
    def segments: split("/") | map(select(. != ""));
    def matches: if .pathType == "Exact" then .path == $path
      else ((.path // "/") | segments) as $own | ($path | segments)[:($own | length)] == $own end;
    ([.spec.rules[]? | select(.host == $host)]) as $named
    | (if ($named | length) > 0 then $named else [.spec.rules[]? | select((.host // "") == "")] end) as $rules
    | [$rules[].http.paths[]? | select(matches)]
    | sort_by([((.path // "/") | segments | length), (if .pathType == "Exact" then 1 else 0 end)]) | last as $best
    | if $best then $best.backend | to else ($ARGS.named.default | if . == null then "nowhere" else to end) end' \
    --argjson default "$(jq -c '.spec.defaultBackend' <<< "$ingress")" <<< "$ingress"
}
