set -e
cd ~/signal
cat > Dockerfile << 'END'
FROM busybox:1.36
ARG VERSION=unknown
LABEL org.opencontainers.image.version=$VERSION
ENV GREETING="all clear"
RUN mkdir /www && echo "$GREETING" > /www/index.html
HEALTHCHECK --interval=2s --timeout=2s --retries=2 CMD wget -q -O /dev/null http://127.0.0.1:8080/
CMD ["httpd", "-f", "-p", "8080", "-h", "/www"]
END
docker build --tag signal:1.4 --build-arg VERSION=1.4 .
