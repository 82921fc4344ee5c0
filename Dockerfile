# The site as one image: run it as web server, as worker, or for a management command (see compose.yaml).
FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
# With pictures in an object storage: --build-arg REQUIREMENTS=requirements-s3.txt
ARG REQUIREMENTS=requirements.txt
COPY requirements.txt requirements-s3.txt /tmp/
RUN /opt/venv/bin/pip install --require-hashes -r /tmp/$REQUIREMENTS

FROM python:3.13-slim
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PORT=8000
RUN useradd --system --uid 10001 --no-create-home clinic && install -d -m 700 -o clinic /srv/clinic/var
COPY --from=build /opt/venv /opt/venv
WORKDIR /srv/clinic
COPY manage.py ./
COPY clinic clinic
COPY content content
COPY consultations consultations
COPY templates templates
COPY static static
# Collecting needs settings that pass, and no secret: these stay in this one step.
RUN SECRET_KEY=only-while-the-image-is-built-0123456789-abcdefghijklmnop FIELD_KEYS=MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY= ALLOWED_HOSTS=localhost \
    python manage.py collectstatic --no-input --verbosity 0
USER clinic
EXPOSE 8000
CMD ["sh", "-c", "exec gunicorn --config clinic/gunicorn.conf.py --bind 0.0.0.0:$PORT clinic.wsgi"]
