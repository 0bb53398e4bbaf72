set -e
mkdir -p /home/candidate/gate
echo 'the gate is open' > /home/candidate/gate/index.html
chown -R 1000:1000 /home/candidate/gate
docker rm --force --volumes gate > /dev/null 2>&1 || true
