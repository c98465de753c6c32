// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A forgotten password: POST /api/v1/password-resets sends a link, if there is such a user with an address.
// The answer is the same for everybody, and so is how long it takes.
#pragma once

#include "cbe/api/gate.h"
#include "common/mail/smtp.h"
#include "common/store/outbox.h"

namespace cbe {

inline constexpr std::string_view kMailEffect = "mail.send";

struct ResetMail {
    enum class Mail { kSetUp, kNone } mail = Mail::kNone;
    std::string public_url;  // https://alerts.example; the link begins with it
};
// `gate` outlives the router.
void add_reset_route(http::Router& router, Gate& gate, ResetMail setup);

// Sends the letters that the route has put into the outbox; they lie there sealed. Both outlive it.
store::Outbox::Performer letters(Context& context, mail::Mailer& mailer);

}  // namespace cbe
