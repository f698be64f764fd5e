"""Accounts from their first moment to their last: opening, locks, ways back in, closing. The accounts are in users."""

from webapp.services.accounts.users import (
    Known,
    NameTaken,
    change_passphrase,
    create_user,
    end_sign_ins,
    find_link,
    find_role,
    find_user,
    hash_token,
    know,
    lock_known,
    make_link,
    set_passphrase,
    use_link,
)

__all__ = [
    "Known",
    "NameTaken",
    "change_passphrase",
    "create_user",
    "end_sign_ins",
    "find_link",
    "find_role",
    "find_user",
    "hash_token",
    "know",
    "lock_known",
    "make_link",
    "set_passphrase",
    "use_link",
]
