-- A role for web, worker, beat and sweep that may append to the audit trail and cannot change it.
-- Run by the owner of the tables, who alone runs `manage.py migrate`, after each migration:
--     psql -v role=dashboard_app -f deploy/append_only_role.sql "$OWNER_DATABASE_URL"
-- The role exists: CREATE ROLE dashboard_app LOGIN PASSWORD '...';

GRANT USAGE ON SCHEMA public TO :role;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO :role;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO :role;
REVOKE ALL ON resellers_auditentry, resellers_audithead, django_migrations FROM :role;
GRANT SELECT ON django_migrations TO :role;
GRANT SELECT, INSERT ON resellers_auditentry TO :role;
-- An append locks the head and moves it on; its triggers refuse to move it back.
GRANT SELECT, INSERT, UPDATE ON resellers_audithead TO :role;
