// An ingress controller, small and of our own: README.md.
module ckx.local/ingress

go 1.24
