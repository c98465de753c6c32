// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Why something about people, sessions or keys is refused: a code for programs and a sentence for a person.
#pragma once

#include <string>
#include <string_view>

#include "common/base/result.h"

namespace auth {

enum class RefusalCode {
    kCredentials,        // name, password or sign-in code
    kCodeWrong,          // of somebody who is signed in
    kCodeReplayed,       //
    kLocked,             // too many wrong codes
    kPermission,         //
    kNotFound,           //
    kTaken,              // the name or address belongs to somebody else
    kInvalid,            // a field; `field` says which
    kPassword,           // a new password does not do
    kStatus,             // not in this state of the user, key or request
    kVersion,            // changed meanwhile
    kOwnRequest,         // two people decide, and this is the first of them again
    kExpired,            // a link or request whose time is over
    kLastAdministrator,  // nobody would be left who could do it
    kUnreadable,         // a secret does not open: the key file is another one
    kKeyReused,          // the idempotency key stands for another request
};
std::string_view to_string(RefusalCode code);  // "own-request"

struct Refusal {
    RefusalCode code;
    std::string text;
    std::string field = {};
    std::string user = {};  // of a code: whose it should have been
};

template <class T>
using Answer = base::Result<T, Refusal>;

// Refused, and yet there is something to store: a wrong try counts towards a lock and is in the audit log.
bool is_written(RefusalCode code);

}  // namespace auth
