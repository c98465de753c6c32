// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Who is signed in: the cookie and the answers of /api/v1/session, on common/auth.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cbe/api/context.h"
#include "common/auth/entrance.h"
#include "common/http/message.h"

namespace cbe {

inline constexpr std::string_view kCookie = "__Host-farol-cbe";

struct SignedIn {
    Person person;
    std::string token;       // of the cookie
    std::string session_id;  // as lists of sessions name it
    base::Instant expires_at{};
    std::optional<auth::Duty> duty;  // to be done before anything else

    std::string csrf_token() const;
};

class Sessions {
 public:
    explicit Sessions(Context& context);

    // None: no cookie, or its session has ended.
    std::optional<SignedIn> find(const http::Request& request) const;
    std::optional<SignedIn> find(std::string_view token) const;
    // The header X-CSRF-Token is the one that was given to this session.
    static bool csrf_matches(const http::Request& request, const SignedIn& who);
    // Notes that it is used; at most one write a minute.
    void touch(const SignedIn& who) { entrance_.touch(who.token); }

    // Beginning is limited by the sender's address.
    void begin(const http::Request& request, const std::string& username, std::string password,
               http::ResponderPtr responder);
    void finish(const http::Request& request, const std::string& challenge, const std::string& code,
                http::ResponderPtr responder);
    void end(const Origin& origin, const SignedIn& who, http::ResponderPtr responder);

    // The limit of one's network address, for whatever else strangers may try; an answer: too often.
    std::optional<http::Response> limited(const http::Request& request);
    void give_back(const http::Request& request);

    http::Response describe(const SignedIn& who) const;
    void forget_ended() { entrance_.forget_ended(); }

 private:
    std::optional<http::Response> limited(auth::SignInLimit& limit, const http::Request& request);
    SignedIn signed_in(const store::Reader& reader, const auth::User& user, const auth::Session& session,
                       std::string_view token) const;
    void answer(const std::string& address, const auth::Told<auth::Entrance::Opened>& told,
                const std::shared_ptr<http::ResponderPtr>& responder);

    Context& context_;
    auth::Entrance entrance_;
    auth::SignInLimit limit_;
    auth::SignInLimit codes_limit_;  // of the second step
};

}  // namespace cbe
