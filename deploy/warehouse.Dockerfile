# The loader, dbt and the project's models, for the services of compose.yml.
FROM python:3.12.8-slim-bookworm

WORKDIR /warehouse
COPY pyproject.toml hatch_build.py constraints.txt README.md LICENSE access.yml ./
COPY loader loader
COPY adapter adapter
COPY seeds seeds
RUN pip install --no-cache-dir -c constraints.txt ".[http]"

COPY dbt_project.yml ./
COPY profiles.example.yml profiles.yml
COPY models models
COPY macros macros
COPY superset/assets superset/assets
COPY superset/translations.csv superset/translations.csv
COPY tests/dbt tests/dbt
COPY deploy/every deploy/every

# dbt writes what it has read and run.
RUN useradd --create-home warehouse && mkdir target logs && chown warehouse target logs
USER warehouse
