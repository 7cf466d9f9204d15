"""Django's backend for PostgreSQL, whose connections notice that the server has gone silent."""
