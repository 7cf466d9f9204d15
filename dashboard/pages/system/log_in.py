"""The log-in."""

from django.contrib.auth.views import LoginView


class LogIn(LoginView):
    """Asks for name and password; who is logged in already is led on at once."""

    template_name = "pages/system/login.html"
    redirect_authenticated_user = True

    def get_success_url(self) -> str:
        """The page that was wanted, or the first one where that would lead here again."""
        wanted: str = super().get_success_url()
        return self.get_default_redirect_url() if wanted == self.request.path else wanted
