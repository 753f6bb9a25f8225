# juesuan in a container: built in one stage, run in another without a compiler and without root.
#   docker build -t juesuan .
#   docker run --rm -v "$PWD/reports:/reports:ro" -v juesuan-data:/data juesuan crawl /reports --dataset /data
FROM docker.io/library/rust:1.95-bookworm AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends cmake g++ \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY Cargo.toml Cargo.lock ./
COPY src src
COPY forms forms
COPY schemas schemas
COPY benches benches
COPY examples examples
COPY python python
COPY tests tests
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked --features sql --bin juesuan \
 && cp target/release/juesuan /usr/local/bin/juesuan \
 && juesuan man /man && juesuan completions bash > /completions

FROM docker.io/library/debian:bookworm-slim
# Certificates for addresses and encrypted databases. Legacy documents (.doc, .wps) need LibreOffice:
#   docker build --build-arg EXTRA=libreoffice-writer-nogui .
ARG EXTRA=
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates $EXTRA \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --create-home --home-dir /home/juesuan juesuan \
 && mkdir /data && chown juesuan /data
COPY --from=build /usr/local/bin/juesuan /usr/local/bin/juesuan
COPY --from=build /man /usr/local/share/man/man1
COPY --from=build /completions /usr/share/bash-completion/completions/juesuan
USER juesuan
WORKDIR /data
VOLUME /data
ENTRYPOINT ["juesuan"]
CMD ["--help"]
