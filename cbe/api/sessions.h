// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Who is signed in: the cookie, its token's row in the store, and the limits of a session (30 minutes idle,
// 12 hours in all).
//
// Signing in has two steps. The first answers alike for right and wrong passwords and for unknown names, and
// takes as long; only both together, password and code, are right or wrong. Challenges live in memory: five
// minutes, five codes, a bounded number of them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "cbe/api/context.h"
#include "cbe/store/user_record.h"
#include "common/http/message.h"

namespace cbe {

inline constexpr std::string_view kCookie = "__Host-farol-cbe";
inline constexpr std::chrono::minutes kSessionIdle{30};
inline constexpr std::chrono::hours kSessionLongest{12};

struct SignedIn {
    Person person;
    std::string token;  // of the cookie
    base::Instant expires_at{};

    std::string csrf_token() const;
};

class Sessions {
 public:
    explicit Sessions(Context& context) : context_(context), limit_(context.sign_in_rate) {}

    // None: no cookie, or its session has ended.
    std::optional<SignedIn> find(const http::Request& request) const;
    std::optional<SignedIn> find(std::string_view token) const;
    // The header X-CSRF-Token is the one that was given to this session.
    static bool csrf_matches(const http::Request& request, const SignedIn& who);
    // Notes that it is used; at most one write a minute.
    void touch(const SignedIn& who);

    // Beginning is limited by the sender's address.
    void begin(const Origin& origin, std::string username, std::string password,
               http::ResponderPtr responder);
    void finish(const Origin& origin, const std::string& challenge, const std::string& code,
                http::ResponderPtr responder);
    void end(const Origin& origin, const SignedIn& who, http::ResponderPtr responder);

    http::Response describe(const SignedIn& who) const;
    // Erases the rows of sessions that are over.
    void forget_ended();

 private:
    struct Challenge {
        Person user;  // without an id: there is no such user
        enum class Password { kRight, kWrong } password = Password::kWrong;
        base::Instant ends{};
        int codes_left = 5;
    };
    void open_session(const Origin& origin, const User& user, std::optional<auth::TotpStep> step,
                      http::ResponderPtr responder);
    // Answers when the audit record is durable.
    void refuse(const Origin& origin, const Person& user, std::string_view cause, http::Response answer,
                http::ResponderPtr responder);

    Context& context_;
    SignInLimit limit_;
    std::map<std::string, Challenge, std::less<>> challenges_;  // by the challenge's hash
    std::map<std::string, base::Instant, std::less<>> touched_;
};

}  // namespace cbe
