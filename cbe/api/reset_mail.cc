// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/api/reset_mail.h"

#include "cbe/api/problems.h"
#include "cbe/store/people.h"
#include "common/auth/account.h"
#include "common/auth/people.h"
#include "common/auth/token.h"
#include "common/auth/told.h"
#include "common/base/bytes.h"
#include "common/json/parse.h"
#include "common/store/effect.h"
#include "common/store/key.h"

namespace cbe {
namespace {

using Json = nlohmann::json;

std::string letter_text(const Context& context, const std::string& name, const std::string& link) {
    const auto minutes =
        std::chrono::duration_cast<std::chrono::minutes>(context.people->reset_lives).count();
    return "Hello " + name + ",\n\nsomebody, probably you, asked for a new password at " +
           context.authority.name + ".\nOpen this link within " + std::to_string(minutes) +
           " minutes and choose one:\n\n" + link +
           "\n\nYour second factor stays as it is. If you did not ask for this, do nothing: your password\n"
           "does not change. " +
           (context.authority.help_phone.empty() ? std::string()
                                                 : "Help: " + context.authority.help_phone + ".") +
           "\n";
}

// What waits in the outbox: nobody who reads a copy of the store can use the link.
std::string sealed_letter(const Context& context, const mail::Letter& letter, base::Instant until) {
    const std::string plain = json::dump({{"to", letter.to},
                                          {"subject", letter.subject},
                                          {"text", letter.text},
                                          {"until", until.time_since_epoch().count()}});
    const auto octets = base::as_bytes(plain);
    return base::to_hex(
        base::as_bytes(context.sealer.seal(auth::Secret{base::Bytes(octets.begin(), octets.end())})));
}

struct Waiting {
    mail::Letter letter;
    base::Instant until{};
};
std::optional<Waiting> opened_letter(const Context& context, const std::string& payload) {
    const auto box = base::from_hex(payload);
    const auto plain =
        box ? context.sealer.unseal(base::as_text(*box)) : base::Result<auth::Secret>(box.error());
    if (!plain) return {};
    const Json json = Json::parse(base::as_text(plain->view()), nullptr, false);
    if (!json.is_object()) return {};
    return Waiting{{json.value("to", ""), json.value("subject", ""), json.value("text", "")},
                   base::Instant{std::chrono::microseconds{json.value("until", int64_t{0})}}};
}

struct Wanted {
    auth::UserId user;  // empty: nobody who could get a letter
    std::string token_hash;
    std::string payload;
    base::Instant until{};
    auth::Actor actor;
    base::Instant now{};
};

// Both ways are one change with one audit record.
auth::Answer<std::string> want_link(store::Transaction& txn, const Wanted& wanted) {
    if (!wanted.user.value().empty()) {
        auth::put_link(txn, wanted.token_hash, {auth::Link::For::kPassword, wanted.user, wanted.until});
        store::put_effect(txn, {std::string(kMailEffect), store::Key().text(wanted.user.value()).octets()},
                          wanted.payload);
    }
    auth::note(txn, wanted.actor, wanted.now, "password.forgotten", auth::object_of(wanted.user),
               Json::object());
    return std::string();
}

void ask_for_link(Gate& gate, const ResetMail& setup, const http::Request& request,
                  http::ResponderPtr responder) {
    if (const auto refusal = gate.sessions().limited(request)) return responder->respond(*refusal);
    const auto parsed = json_body(request);
    if (!parsed) return responder->respond(parsed.error());
    json::Problems problems;
    json::Object body(*parsed, problems);
    const std::string name = body.string("username", {.max = 254});
    body.no_others();
    if (!problems.empty()) return responder->respond(to_response(problems));
    Context& context = gate.context();
    const std::string token = auth::new_token();
    const base::Instant now = context.now();
    Wanted wanted{{},
                  auth::token_hash(token),
                  "",
                  now + context.people->reset_lives,
                  auth_actor(Person{}, origin_of(request)),
                  now};
    const auto user = auth::find_user_by_name(*context.store.read(), name);
    if (user && user->status == auth::UserStatus::kActive && !user->email.empty() &&
        setup.mail == ResetMail::Mail::kSetUp) {
        wanted.user = user->id;
        wanted.payload =
            sealed_letter(context,
                          {user->email, "A new password",
                           letter_text(context, user->name, setup.public_url + "/reset-password#" + token)},
                          wanted.until);
    }
    auto shared = std::make_shared<http::ResponderPtr>(std::move(responder));  // with the callback
    auth::submit<std::string>(
        context.store, [wanted](store::Transaction& txn) { return want_link(txn, wanted); },
        [shared, mail = setup.mail == ResetMail::Mail::kSetUp](const auth::Told<std::string>& told) {
            if (told.not_taken) return (*shared)->respond(to_response(*told.not_taken));
            (*shared)->respond(http::Response::json(200, json::dump({{"mail", mail}})));
        });
}

}  // namespace

void add_reset_route(http::Router& router, Gate& gate, ResetMail setup) {
    router.add(
        {http::Method::kPost, "/api/v1/password-resets", http::Access::anybody(), 1024,
         [&gate, setup = std::move(setup)](const http::Request& request, http::ResponderPtr responder) {
             ask_for_link(gate, setup, request, std::move(responder));
         }});
}

store::Outbox::Performer letters(Context& context, mail::Mailer& mailer) {
    return {.perform =
                [&context, &mailer](const store::Effect& effect, store::Outbox::OnPerformed done) {
                    using How = store::Performed::How;
                    const auto waiting = opened_letter(context, effect.payload);
                    if (!waiting) return done({How::kGiveUp, "the letter cannot be read", {}});
                    if (context.now() >= waiting->until) return done({How::kGiveUp, "its link is over", {}});
                    mailer.send(waiting->letter, [&context, done](const base::Result<void>& sent) {
                        if (sent) return done({How::kDone, "", {}});
                        context.log.warning("mail.refused", {{"error", sent.error().text}});
                        const bool for_good = sent.error().kind == base::ErrorKind::kRefused;
                        done({for_good ? How::kGiveUp : How::kTryAgain, sent.error().text, {}});
                    });
                },
            .gave_up = {}};
}

}  // namespace cbe
