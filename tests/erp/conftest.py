import pytest


@pytest.fixture(autouse=True)
def own_document_store(settings, tmp_path):
    """Documents of a test lie in a folder of its own: tests run side by side."""
    store = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path / "store"}}
    settings.STORAGES = settings.STORAGES | {"default": store}
    return tmp_path / "store"
