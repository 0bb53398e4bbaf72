# Sourced by every check: the functions for checks, and the session's Docker engine.
. "$CKX_CHECKS/1.sh"

# d ARGUMENTS: docker that ends within 40 seconds whatever the engine does.
d() { timeout 40 docker "$@"; }

engine_answers() { d version > /dev/null 2>&1; }
until_true 15 engine_answers || undecided 'The Docker engine does not answer.'

# state_of CONTAINER FORMAT: what `docker inspect` knows of a container; nothing where there is none.
state_of() { d container inspect --format "$2" "$1" 2> /dev/null; }

# page URL: what is served there, within 3 seconds.
page() { curl -s -m 3 "$1"; }
