set -e
. "${BASH_SOURCE[0]%/*}/../../repository.sh"
fleet=/home/candidate/fleet
mkdir -p "$fleet"
printf 'cargo: timber\nflag: blue\ncrew:\n  captain: Bo\n  sailors: 5\n' > "$fleet/base.yaml"
printf 'flag: red\ncrew:\n  captain: Cy\n' > "$fleet/north.yaml"
chown -R candidate:candidate "$fleet"
