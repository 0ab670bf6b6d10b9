#!/usr/bin/env bash
# base.sh PREFIX NAME: make a base for the Dockerfile where no registry can be reached, as root:
# Debian from its mirror (debootstrap) and the CPython that is installed below PREFIX.
set -euo pipefail
prefix=$(realpath "$1") name=$2
version=$("$prefix/bin/python3" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

debootstrap --variant=minbase --include=ca-certificates trixie "$folder/debian" >&2
tar -C "$folder/debian" -c --exclude='./var/cache/apt/*' --exclude='./var/lib/apt/lists/*' . |
  docker import - debian:trixie-local

mkdir -p "$folder/image/local"
cp -a "$prefix"/{bin,lib,include} "$folder/image/local/"
cp /etc/ssl/certs/ca-certificates.crt "$folder/image/"  # this machine may trust a mirror of its own
cd "$folder/image/local"
# as in the official images: no tests, no bytecode, and of the packages only pip
rm -rf lib/python"$version"/{test,config-*}
find . -name __pycache__ -prune -exec rm -rf {} +
find . -name '*.a' -delete
find "lib/python$version/site-packages" -mindepth 1 -maxdepth 1 ! -name 'pip*' -exec rm -rf {} +
grep -Il '^#!.*/bin/python3' bin/* | xargs sed -i "1s|^#!.*/bin/python3.*|#!/usr/local/bin/python$version|"

cat >"$folder/image/Dockerfile" <<END
FROM debian:trixie-local
RUN apt-get update && apt-get install -y --no-install-recommends netbase tzdata libssl3 libffi8 \
    libsqlite3-0 libreadline8 libncursesw6 libbz2-1.0 liblzma5 zlib1g libgdbm6 libuuid1 libexpat1 \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt
COPY ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY local /usr/local
RUN ldconfig && ln -sf python$version /usr/local/bin/python && python -c "import ssl, sqlite3, ctypes"
CMD ["python3"]
END
docker build --network=host --tag "$name" "$folder/image"
