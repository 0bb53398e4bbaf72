// The engine that enforces network policies on a node: README.md.
module ckx.local/netpol

go 1.24

require go.yaml.in/yaml/v3 v3.0.6
