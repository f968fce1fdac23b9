# syntax=docker/dockerfile:1
# NOT RUN: written to published practice and checked with hadolint; no image was built from it yet.
# What it does, installing into an environment of its own and serving as another user with nothing
# but one folder to write to, was tried without Docker; see docs/operating.md.

ARG PYTHON=3.13-slim-bookworm

FROM python:${PYTHON} AS build
WORKDIR /source
RUN python -m venv /opt/annotator
# The dependencies first: they are kept from one build to the next until requirements.txt changes.
COPY requirements.txt ./
RUN /opt/annotator/bin/pip install --no-cache-dir --requirement requirements.txt
COPY . .
RUN /opt/annotator/bin/pip install --no-cache-dir --no-deps .

FROM python:${PYTHON}
RUN groupadd --system --gid 10001 annotator \
    && useradd --system --uid 10001 --gid annotator --home-dir /projects --no-create-home annotator \
    && install --directory --owner annotator --group annotator /projects
COPY --from=build /opt/annotator /opt/annotator
ENV PATH=/opt/annotator/bin:$PATH \
    HOME=/projects \
    ANNOTATOR_HOME=/projects/.annotator \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
USER 10001:10001
WORKDIR /projects
VOLUME /projects
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4)"]
ENTRYPOINT ["annotator"]
CMD ["serve", "--no-browser", "--host", "0.0.0.0"]
