set -e
docker rm --force --volumes ledger > /dev/null 2>&1 || true
docker volume rm ledger-data > /dev/null 2>&1 || true
write='mkdir -p /ledger; while :; do echo "entry $(($(wc -l < /ledger/entries 2>/dev/null || echo 0) + 1))" >> /ledger/entries; sleep 3; done'
docker create --name ledger busybox:1.36 sh -c "$write" > /dev/null
folder=$(mktemp -d)
mkdir $folder/ledger
for opening in 'opening balance 4711' 'carried over 0815' 'carried over 1138'; do echo "$opening" >> $folder/ledger/entries; done
docker cp $folder/ledger ledger:/ > /dev/null
rm -r $folder
docker start ledger > /dev/null
