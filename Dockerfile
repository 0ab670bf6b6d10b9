# The image of the action. Everything that could install or compile stays behind in the first stage.
#
# The base is an argument so that a machine without a registry can build this very file on an image
# of its own: docker build --build-arg BASE_IMAGE=... (nox -s container).
ARG BASE_IMAGE=python:3.13.15-slim-trixie@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b

FROM ${BASE_IMAGE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /build
COPY requirements/build.txt requirements/runtime.txt requirements/
RUN pip install --require-hashes --only-binary :all: -r requirements/build.txt \
    && pip install --require-hashes --only-binary :all: --ignore-installed --no-compile \
        --prefix /install -r requirements/runtime.txt
COPY LICENSE README.md pyproject.toml ./
COPY reviewbot reviewbot
RUN pip wheel --no-deps --no-build-isolation --wheel-dir dist . \
    && pip install --no-deps --no-compile --prefix /install dist/*.whl

FROM ${BASE_IMAGE}
# git without a version: the archive keeps only its newest, so a pinned one breaks the build.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends git \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt /var/log/* \
    && python -m pip uninstall --yes --quiet --root-user-action ignore pip \
    && rm -rf /usr/local/lib/python3*/ensurepip
COPY --from=build /install /usr/local
# Children may not write bytecode, so all of it is here, the standard library's too. It is taken
# without a look at the sources: nobody changes them any more.
RUN python -m compileall -q -j 0 --invalidation-mode unchecked-hash /usr/local/lib/python3*
LABEL org.opencontainers.image.title="reviewbot" \
      org.opencontainers.image.description="Reviews a Python change: what it caused, the whole program over, and nothing else." \
      org.opencontainers.image.licenses="MIT"
ENV LANG=C.UTF-8
# Root, to give every tool a user id of its own; who starts as somebody else cannot.
# Isolated mode: no variable and no file of the workspace has a say in what is imported.
ENTRYPOINT ["/usr/local/bin/python", "-I", "-m", "reviewbot", "action"]
