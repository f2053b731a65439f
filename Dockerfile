FROM python:3.12-slim
# pg_dump, pg_restore and psql, for `backup` and `restore`.
RUN apt-get update && apt-get install --yes --no-install-recommends postgresql-client && rm -rf /var/lib/apt/lists/*
RUN useradd --create-home --uid 10001 backorder
WORKDIR /srv/backorder
COPY requirements/run.txt requirements/run.txt
RUN pip install --no-cache-dir --require-hashes -r requirements/run.txt
COPY --chown=backorder . .
# Nothing is written later on: what is not compiled here is compiled at each start.
RUN python -m compileall -q .
# By number: who runs the image may then see that it is not root.
USER 10001
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HOST=0.0.0.0 PORT=8000
EXPOSE 8000
HEALTHCHECK CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz')"]
CMD ["flask", "--app", "app", "serve"]
