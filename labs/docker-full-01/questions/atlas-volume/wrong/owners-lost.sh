set -e
docker volume create --label owner=survey atlas
docker run --rm --volume atlas-2019:/old:ro --volume atlas:/new busybox:1.36 cp -r /old/. /new/
docker run --detach --name reader --user 2002 --volume atlas:/maps --tmpfs /scratch:size=16m,mode=1777 busybox:1.36 sleep infinity
docker volume rm atlas-2019
