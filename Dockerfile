# Granary alone in an image: one static program, no shell, no package manager, no root. Names are kept in a PostgreSQL
# of its own container; docker-compose.yml puts the two together.

FROM golang:1.26.8 AS build
WORKDIR /src
# The modules are fetched again only when they change.
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=
RUN CGO_ENABLED=0 go build -buildvcs=false -trimpath -ldflags "-s -w -X main.version=$VERSION" -o /out/bin/granary ./cmd/granary
# Volumes take their owner from the folders that they are mounted on.
RUN mkdir -p /out/data /out/keys /out/tmp && chmod 0700 /out/data /out/keys && chmod 1777 /out/tmp

# For the health check, which needs something to ask with.
FROM busybox:1.37-musl AS busybox

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=busybox /bin/busybox /bin/wget
COPY --from=build --chown=65532:65532 /out/ /
USER 65532:65532

# The same settings as the flags of `granary serve`; docker-compose.yml gives the rest. In a container all addresses are
# the container's own, and the port is open to those that it is published to.
ENV GRANARY_LISTEN=0.0.0.0:9870 \
    GRANARY_DATA=/data \
    GRANARY_BLOCKS=/data/blocks \
    GRANARY_ROOT_KEY=/keys/root.key
VOLUME ["/data", "/keys"]
EXPOSE 9870
# Without the proxy that Docker may give every container, by which a container cannot reach itself.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD ["/bin/wget", "-Y", "off", "-q", "-O", "/dev/null", "http://127.0.0.1:9870/readyz"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["/bin/granary"]
CMD ["serve"]
