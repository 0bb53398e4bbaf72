// The smallest thing that can be built.
module ckx.local/smallest

go 1.21
