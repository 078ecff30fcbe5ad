"""Users and how they get in: registration, sign-in confirmed by mail, sessions, terms and their acceptance."""

from mojplin.domain.accounts.models.getting_in import PendingLogin, Registration, Session, SignInToken
from mojplin.domain.accounts.models.people import User, UserManager
from mojplin.domain.accounts.models.recovery import EmailChange, PasswordReset
from mojplin.domain.accounts.models.terms import TermsAcceptance, TermsVersion

__all__ = [
    "EmailChange",
    "PasswordReset",
    "PendingLogin",
    "Registration",
    "Session",
    "SignInToken",
    "TermsAcceptance",
    "TermsVersion",
    "User",
    "UserManager",
]
