set -e
cd ~/lantern
cat > Dockerfile << 'END'
FROM debian:bookworm-slim AS render
COPY . /src
RUN /src/render.sh /www
FROM busybox:1.36
COPY --from=render /www /www
CMD ["httpd", "-f", "-p", "8080", "-h", "/www"]
END
docker build --tag lantern:2.0 .
