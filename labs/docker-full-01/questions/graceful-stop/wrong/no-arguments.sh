set -e
cd ~/tide
cat > Dockerfile << 'END'
FROM busybox:1.36
COPY tide.sh /usr/bin/tide.sh
CMD ["tide.sh", "5"]
END
docker build --tag tide:2 .
