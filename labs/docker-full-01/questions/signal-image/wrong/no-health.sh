set -e
cd ~/signal
cat > Dockerfile << 'END'
FROM busybox:1.36
LABEL org.opencontainers.image.version=1.4
ENV GREETING="all clear"
RUN mkdir /www
CMD ["sh", "-c", "echo \"$GREETING\" > /www/index.html && exec httpd -f -p 8080 -h /www"]
END
docker build --tag signal:1.4 --build-arg VERSION=1.4 .
