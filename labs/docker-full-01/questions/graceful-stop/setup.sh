set -e
install -d -o 1000 -g 1000 /home/candidate/tide
cat > /home/candidate/tide/tide.sh << 'END'
#!/bin/sh
trap 'echo "tide: goodbye"; exit 0' TERM
echo "tide: every $1 seconds"
while :; do
  sleep "$1" &
  wait $!
  echo "tide: $(date -u +%T)"
done
END
chmod 755 /home/candidate/tide/tide.sh
printf 'FROM busybox:1.36\nCOPY tide.sh /usr/bin/tide.sh\nCMD sh -c "tide.sh 5; true"\n' > /home/candidate/tide/Dockerfile
chown -R 1000:1000 /home/candidate/tide
docker build --quiet --tag tide:1 /home/candidate/tide > /dev/null
