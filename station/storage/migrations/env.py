"""Alembic's entry: run the steps on the connection that `schema.migrate` hands over, in its transaction."""

from alembic import context

from station.storage.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
