// The process that holds a pod's namespaces open.
module ckx.local/pause

go 1.21
