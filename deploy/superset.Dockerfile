# Superset at the version that is tested here, with the drivers for ClickHouse, PostgreSQL and Redis.
FROM python:3.11.11-slim-bookworm

WORKDIR /warehouse
COPY superset/requirements.txt superset/constraints.txt superset/
RUN pip install --no-cache-dir -c superset/constraints.txt -r superset/requirements.txt
COPY superset/*.py superset/

RUN useradd --create-home superset && mkdir /var/lib/superset && chown superset /var/lib/superset
USER superset
ENV SUPERSET_CONFIG_PATH=/warehouse/superset/superset_config.py \
    SUPERSET_HOME=/var/lib/superset \
    FLASK_APP="superset.app:create_app()"
EXPOSE 8088
CMD ["gunicorn", "--workers", "4", "--worker-class", "gthread", "--threads", "8", \
     "--timeout", "120", "--graceful-timeout", "30", "--bind", "0.0.0.0:8088", \
     "superset.app:create_app()"]
