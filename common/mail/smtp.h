// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Letters to people, handed to the mail server that the configuration names (SMTP by libcurl).
//
// One thread of its own, so that a server that does not answer holds up nothing but other letters; 30 s for
// each. Plain text, UTF-8.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "common/base/result.h"
#include "common/loop/work_pool.h"

namespace mail {

struct Settings {
    std::string server;  // smtp://mail.example:587 (STARTTLS) or smtps://mail.example:465; empty: no mail
    std::string from;    // alerts@example.org
    std::string user;    // empty: the server asks for none
    std::string password_file;
    std::string authorities;  // PEM; empty: those of the system
    enum class Tls { kRequired, kNone } tls = Tls::kRequired;
};

struct Letter {
    std::string to;
    std::string subject;
    std::string text;
};

// The whole message, lines ended by CRLF; `date` as RFC 5322 has it, `id` without brackets. What is not ASCII
// in the subject is coded (RFC 2047). A line break in a head field becomes a space.
std::string message_of(const Letter& letter, const std::string& from, const std::string& date,
                       const std::string& id);

class Mailer {
 public:
    virtual ~Mailer() = default;
    // Once, later, on the loop's thread. kRefused: the server said no for good; kUnavailable: try again.
    virtual void send(const Letter& letter, std::function<void(base::Result<void>)> then) = 0;
};

class SmtpMailer final : public Mailer {
 public:
    SmtpMailer(loop::Loop& loop, Settings settings);  // loop outlives it
    ~SmtpMailer() override;                           // letters under way are given up at once
    void send(const Letter& letter, std::function<void(base::Result<void>)> then) override;

 private:
    struct Ending;
    Settings settings_;
    std::shared_ptr<Ending> ending_;  // shared with the letters under way
    loop::WorkPool thread_;
};

}  // namespace mail
