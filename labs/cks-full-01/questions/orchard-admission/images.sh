# Sourced by the checks: what the API server says of Pods with these images.
here=registry.orchard.internal/apple
digest=sha256:1f0c9a6a3c2d5f1b8b0e4f7d6a5c4b3a29181716151413121110090807060504
# of NAMESPACE IMAGE [INIT IMAGE]
of() {
  try "$1" "$(jq -nc --arg image "$2" --arg init "${3:-}" '{containers: [{name: "a", image: $image}]} + (if $init == "" then {} else {initContainers: [{name: "b", image: $init}]} end)')"
}
# A policy that was made a moment ago takes effect some seconds later.
said=''
says() {
  said=$(of "${@:2}")
  [[ $said =~ $1 ]]
}
# expect_says WHAT PATTERN NAMESPACE IMAGE [INIT IMAGE]
expect_says() {
  until_true 10 says "${@:2}"
  expect_match "$1" "$2" "$said"
}
refused='denied request.*unknown registry'
taken='created \(server dry run\)'
