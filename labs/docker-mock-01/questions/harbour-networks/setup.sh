set -e
for name in tower vault; do
  mkdir -p /home/candidate/harbour/$name
  echo "this is the $name" > /home/candidate/harbour/$name/index.html
done
chown -R 1000:1000 /home/candidate/harbour
docker rm --force --volumes tower vault beacon > /dev/null 2>&1 || true
pages=/usr/share/nginx/html:ro
docker run --detach --name tower --publish 127.0.0.1:8090:80 --volume /home/candidate/harbour/tower:$pages nginx:1.27 > /dev/null
docker run --detach --name vault --volume /home/candidate/harbour/vault:$pages nginx:1.27 > /dev/null
docker run --detach --name beacon busybox:1.36 sleep infinity > /dev/null
