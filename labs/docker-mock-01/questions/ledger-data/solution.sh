set -e
command=$(docker inspect --format '{{index .Config.Cmd 2}}' ledger)
docker stop --time 1 ledger
docker volume create ledger-data
mkdir -p ~/ledger-old
docker cp ledger:/ledger/. ~/ledger-old
docker rm ledger
docker create --name filler --volume ledger-data:/ledger busybox:1.36
docker cp ~/ledger-old/. filler:/ledger
docker rm filler
docker run --detach --name ledger --memory 64m --restart unless-stopped --volume ledger-data:/ledger busybox:1.36 sh -c "$command"
docker run --rm --volume ledger-data:/ledger:ro busybox:1.36 tar -C /ledger -cf - entries > ~/ledger.tar
