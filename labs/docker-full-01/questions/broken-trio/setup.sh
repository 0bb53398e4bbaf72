set -e
folder=/home/candidate/trio
mkdir -p $folder/bread
echo 'STONES=2' > $folder/miller.conf
echo 'fresh bread' > $folder/bread/index.html
chown -R 1000:1000 $folder
docker rm --force --volumes miller baker porter squatter hoarder > /dev/null 2>&1 || true
docker run --detach --name miller --volume $folder/miler.conf:/etc/miller.conf:ro busybox:1.36 \
  sh -c '. /etc/miller.conf && [ "$STONES" = 2 ] && echo grinding && exec sleep infinity' > /dev/null 2>&1 || true
docker run --detach --name squatter --publish 8050:8000 busybox:1.36 sleep infinity > /dev/null
docker create --name baker --publish 8050:8000 --volume $folder/bread:/www:ro busybox:1.36 httpd -f -p 8000 -h /www > /dev/null
docker start baker > /dev/null 2>&1 || true
docker run --detach --name porter busybox:1.36 sh -c 'while :; do wget -q -T 2 -t 1 -O - http://baker:8000/ 2>&1 || echo nobody; sleep 2; done' > /dev/null
docker volume create family-recipes > /dev/null
docker run --rm --network none --volume family-recipes:/recipes busybox:1.36 sh -c 'echo rye > /recipes/one'
docker run --rm --network none --volume cellar-7:/cellar busybox:1.36 sh -c 'head -c 60000000 /dev/zero > /cellar/core.dump'
context=$(mktemp -d)
printf 'FROM busybox:1.36\nRUN echo heirloom > /heirloom\n' > $context/Dockerfile
docker build --quiet --tag heirloom:1 $context > /dev/null
rm -r $context
