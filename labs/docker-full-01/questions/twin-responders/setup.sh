set -e
for twin in a b; do
  mkdir -p /home/candidate/twins/$twin
  echo "twin $twin" > /home/candidate/twins/$twin/index.html
done
chown -R 1000:1000 /home/candidate/twins
docker rm --force --volumes twin-a twin-b > /dev/null 2>&1 || true
