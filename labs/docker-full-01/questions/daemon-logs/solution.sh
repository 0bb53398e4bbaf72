set -e
ssh docker bash -s << 'END'
set -e
jq '. + {"log-driver": "local", "log-opts": {"max-size": "4m", "max-file": "2"}, "labels": ["site=dock-4"]}' /etc/docker/daemon.json > /tmp/daemon.json
cp /tmp/daemon.json /etc/docker/daemon.json
systemctl restart docker
END
until docker info > /dev/null 2>&1; do sleep 0.5; done
