"""Users and how they get in: registration, sign-in confirmed by mail, sessions, terms and their acceptance."""

from mojplin.domain.accounts.models.four_eyes import Proposal
from mojplin.domain.accounts.models.getting_in import (
    DeniedSignIn,
    KeptForm,
    KnownDevice,
    Lockout,
    PendingLogin,
    Registration,
    Session,
    SignInToken,
)
from mojplin.domain.accounts.models.keys import AuthenticatorApp, Passkey, PasskeyChallenge, RecoveryCode
from mojplin.domain.accounts.models.own_data import AccessEvent, DataExport, ErasureRecord, LookReason, NoticeChoice
from mojplin.domain.accounts.models.people import User, UserManager
from mojplin.domain.accounts.models.push import PushDevice
from mojplin.domain.accounts.models.recovery import EmailChange, EmailProposal, PasswordReset
from mojplin.domain.accounts.models.terms import Acceptors, TermsAcceptance, TermsDraft, TermsVersion

__all__ = [
    "Acceptors",
    "AccessEvent",
    "AuthenticatorApp",
    "DataExport",
    "DeniedSignIn",
    "EmailChange",
    "EmailProposal",
    "ErasureRecord",
    "KeptForm",
    "KnownDevice",
    "Lockout",
    "LookReason",
    "NoticeChoice",
    "Passkey",
    "PasskeyChallenge",
    "PasswordReset",
    "PendingLogin",
    "Proposal",
    "PushDevice",
    "RecoveryCode",
    "Registration",
    "Session",
    "SignInToken",
    "TermsAcceptance",
    "TermsDraft",
    "TermsVersion",
    "User",
    "UserManager",
]
