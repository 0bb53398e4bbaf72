set -e
docker rm --force --volumes reader > /dev/null 2>&1 || true
docker volume create atlas-2019 > /dev/null
docker run --rm --network none --volume atlas-2019:/maps busybox:1.36 sh -c '
  mkdir -p /maps/north /maps/south
  echo skerries > /maps/north/a.map; echo shoals > /maps/north/.hidden.map; echo reefs > /maps/south/b.map
  chown -R 2002:2002 /maps/north; chown -R 3003:3003 /maps/south; chmod 640 /maps/south/b.map; chmod 755 /maps/south'
