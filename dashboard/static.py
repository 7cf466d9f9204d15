"""How static files are served: hashed names, kept by browsers for a year."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStatic(CompressedManifestStaticFilesStorage):
    """Hashed names where `collectstatic` has run, plain names where it has not (demo, tests)."""

    manifest_strict = False

    def hashed_name(self, name, content=None, filename=None):  # noqa: ANN001, ANN201
        try:
            return super().hashed_name(name, content, filename)
        except ValueError:
            return name
