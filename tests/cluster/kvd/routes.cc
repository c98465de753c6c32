// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/cluster/kvd/routes.h"

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "common/frame/failure.h"
#include "common/json/jcs.h"
#include "common/json/parse.h"
#include "common/store/idempotency.h"
#include "common/store/key.h"
#include "tests/cluster/kvd/state_hash.h"

namespace kvd {
namespace {

using http::Access;
using http::Method;
using http::Request;
using http::ResponderPtr;
using http::Response;

constexpr size_t kBodyMax = 256 * 1024;
constexpr size_t kKeyMax = 128;
constexpr json::IntegerRule kAnyNumber{.min = INT64_MIN};
constexpr json::IntegerRule kAmount{.min = 1};
constexpr json::StringRule kName{.max = 64};

const Access& admin() {
    static const Access access = Access::role({"admin"});
    return access;
}

Response answer_of(const store::Done& done, const Json& body, std::string_view conflict) {
    if (done.outcome == store::Outcome::kOk) return Response::json(200, body.dump());
    if (done.outcome == store::Outcome::kRefused && done.error.kind == base::ErrorKind::kConflict)
        return Response::problem(409, conflict, done.error.text);
    return frame::failure_answer(done);
}

// Of all that makes it this request and no other.
std::string digest_of(const Request& request) {
    return json::sha256_hex(
        store::Key().text(http::to_string(request.method)).text(request.path).text(request.body).octets());
}

Response refusal(const base::Error& error) {
    return frame::failure_answer({store::Outcome::kRefused, error});
}

Accounts accounts_in(json::Object& body) {
    Accounts accounts;
    const nlohmann::json* member = body.member("accounts");
    if (member == nullptr) return accounts;
    if (!member->is_object()) {
        body.wrong("accounts", "must be an object of whole numbers");
        return accounts;
    }
    for (const auto& [name, amount] : member->items()) {
        if (amount.is_number_integer() && !name.empty() && name.size() <= kName.max)
            accounts[name] = amount.get<int64_t>();
        else
            body.wrong("accounts", "must be an object of whole numbers");
    }
    return accounts;
}

}  // namespace

Routes::Routes(frame::Frame& frame, Level known)
    : frame_(frame), operations_(known), hasty_(std::getenv("KVD_HASTY") != nullptr) {}

void Routes::add_to(http::Router& router) {
    router_ = &router;
    add_registers();
    add_counters();
    add_bank();
    add_ids();
    add_level();
    add_blobs();
    add_state_to(router);
}

void Routes::add_write(Method method, const char* pattern, Decide decide) {
    router_->add({method, pattern, admin(), kBodyMax,
                  [this, decide = std::move(decide)](const Request& request, ResponderPtr responder) {
                      const auto parsed = json::parse(request.body.empty() ? "{}" : request.body);
                      if (!parsed)
                          return responder->respond(
                              Response::problem(400, "invalid-json", parsed.error().text));
                      json::Problems problems;
                      json::Object body(*parsed, problems);
                      Write write = decide(request, body);
                      body.no_others();
                      if (!problems.empty())
                          return responder->respond(Response::problem(422, "invalid-body", problems.text()));
                      submit(request, std::move(write), std::move(responder));
                  }});
}

void Routes::submit(const Request& request, Write write, ResponderPtr responder) {
    const std::string given = request.header("idempotency-key").value_or("");
    if (given.size() > kKeyMax)
        return responder->respond(Response::problem(400, "invalid-key", "The Idempotency-Key is too long."));
    const store::RequestKey key{request.peer.certificate_uri, given};
    // Shared by the change, on the store thread, and the answer after it: both must be copyable.
    const auto body = std::make_shared<Json>();
    const std::shared_ptr<http::Responder> later = std::move(responder);
    const auto answered = std::make_shared<bool>(false);  // used on the main loop
    const std::function<void()> hasten = [this, body, later, answered] {
        frame_.loop().post([body, later, answered] {
            if (!std::exchange(*answered, true)) later->respond(Response::json(200, body->dump()));
        });
    };
    frame_.store().submit(
        [this, hasten, body, key, digest = digest_of(request), now = frame_.clock().now(),
         run = std::move(write.run)](store::Transaction& txn) -> base::Result<void> {
            if (!key.key.empty()) {
                const auto before = store::find_response(txn, key, digest);
                if (!before) return base::invalid(before.error().text);
                if (*before) {
                    *body = Json::parse(**before, nullptr, false);
                    return {};
                }
            }
            auto result = run(txn);
            if (!result) return result.error();
            *body = *std::move(result);
            if (!key.key.empty()) store::keep_response(txn, key, digest, body->dump(), now);
            if (hasty_) hasten();
            return {};
        },
        [body, later, answered, conflict = write.conflict](const store::Done& done) {
            if (!std::exchange(*answered, true)) later->respond(answer_of(done, *body, conflict));
        });
}

Json Routes::age() const {
    const auto age = frame_.read_age();
    return age ? Json(age->count()) : Json();
}

void Routes::add_read(const char* pattern, Choose choose) {
    router_->add({Method::kGet, pattern, admin(), 0,
                  [this, choose = std::move(choose)](const Request& request, ResponderPtr responder) {
                      auto body = choose(request)(*frame_.store().read());
                      if (!body) return responder->respond(refusal(body.error()));
                      (*body)["age_ms"] = age();
                      responder->respond(Response::json(200, body->dump()));
                  }});
}

void Routes::add_number(const char* pattern, std::string_view table) {
    add_read(pattern, [this, table](const Request& request) {
        return [this, table, key = request.parameter("key")](const store::Reader& reader) {
            return operations_.number(reader, table, key);
        };
    });
}

void Routes::add_registers() {
    add_write(Method::kPut, "/kv/registers/{key}", [this](const Request& request, json::Object& body) {
        return Write{[this, key = request.parameter("key"), value = body.integer("value", kAnyNumber)](
                         auto& txn) { return operations_.set_register(txn, key, value); }};
    });
    add_write(Method::kPost, "/kv/registers/{key}/cas", [this](const Request& request, json::Object& body) {
        const Swap swap{body.optional_integer("from", kAnyNumber), body.integer("to", kAnyNumber)};
        return Write{[this, key = request.parameter("key"), swap](auto& txn) {
                         return operations_.swap_register(txn, key, swap);
                     },
                     "cas-mismatch"};
    });
    add_number("/kv/registers/{key}", tables::kRegisters);
}

void Routes::add_counters() {
    add_write(Method::kPost, "/kv/counters/{key}/add", [this](const Request& request, json::Object& body) {
        return Write{[this, key = request.parameter("key"), by = body.integer("by", kAnyNumber)](auto& txn) {
            return operations_.add(txn, key, by);
        }};
    });
    add_number("/kv/counters/{key}", tables::kCounters);
}

void Routes::add_bank() {
    add_write(Method::kPut, "/kv/bank", [this](const Request&, json::Object& body) {
        return Write{[this, accounts = accounts_in(body)](auto& txn) {
            return operations_.set_accounts(txn, accounts);
        }};
    });
    add_write(Method::kPost, "/kv/bank/transfer", [this](const Request&, json::Object& body) {
        const Transfer transfer{body.string("from", kName), body.string("to", kName),
                                body.integer("amount", kAmount)};
        return Write{[this, transfer](auto& txn) { return operations_.transfer(txn, transfer); },
                     "insufficient"};
    });
    add_read("/kv/bank", [this](const Request&) {
        return [this](const store::Reader& reader) { return operations_.accounts(reader); };
    });
}

void Routes::add_ids() {
    add_write(Method::kPost, "/kv/ids", [this](const Request&, json::Object&) {
        return Write{[this](auto& txn) { return operations_.take_id(txn); }};
    });
    add_read("/kv/ids", [this](const Request&) {
        return [this](const store::Reader& reader) { return operations_.ids(reader); };
    });
}

void Routes::add_level() {
    add_write(Method::kPut, "/kv/level", [this](const Request&, json::Object& body) {
        const auto level = static_cast<Level>(body.integer("level", {.min = 1, .max = kNewestLevel}));
        return Write{[this, level](auto& txn) { return operations_.raise_level(txn, level); },
                     "unknown-level"};
    });
    add_read("/kv/level", [](const Request&) {
        return [](const store::Reader& reader) -> base::Result<Json> {
            return Json{{"level", written_level(reader)}};
        };
    });
}

void Routes::add_blobs() {
    router_->add({Method::kPut, "/kv/blobs", admin(), kBlobMax,
                  [this](const Request& request, ResponderPtr responder) {
                      put_blob(request, std::move(responder));
                  }});
    router_->add({Method::kGet, "/kv/blobs/{hash}", admin(), 0,
                  [this](const Request& request, ResponderPtr responder) {
                      get_blob(request, std::move(responder));
                  }});
}

void Routes::put_blob(const Request& request, ResponderPtr responder) {
    // Shared because both callbacks must be copyable; at most 1 MiB.
    const auto octets = std::make_shared<std::string>(request.body);
    const std::shared_ptr<http::Responder> later = std::move(responder);
    const bool taken = frame_.workers().submit(
        [octets, &blobs = frame_.blobs()] { return blobs.write(base::as_bytes(*octets)); },
        [this, octets, later](const base::Result<store::BlobId>& id) {
            if (!id) return later->respond(refusal(id.error()));
            frame_.store().submit(
                [this, id = *id, size = octets->size()](store::Transaction& txn) -> base::Result<void> {
                    txn.needs_blob(id);
                    const auto named = operations_.name_blob(txn, id, size);
                    return named ? base::Result<void>() : named.error();
                },
                [later, id = *id](const store::Done& done) {
                    later->respond(answer_of(done, Json{{"hash", id.hex()}}, "conflict"));
                });
        });
    if (!taken) later->respond(refusal({base::ErrorKind::kUnavailable, "too many blobs at a time"}));
}

void Routes::get_blob(const Request& request, ResponderPtr responder) {
    const auto id = store::BlobId::parse(request.parameter("hash"));
    if (!id) return responder->respond(refusal(id.error()));
    if (!frame_.store().read()->get(tables::kBlobs, id->hex()))
        return responder->respond(refusal(base::not_found("no row names this blob")));
    const std::shared_ptr<http::Responder> later = std::move(responder);
    const bool taken = frame_.workers().submit(
        [id = *id, &blobs = frame_.blobs()] { return blobs.read(id); },
        [later](const base::Result<base::Bytes>& octets) {
            if (!octets) return later->respond(refusal(octets.error()));
            Response response = Response::text(200, std::string(base::as_text(*octets)));
            response.headers = {{"Content-Type", "application/octet-stream"}};
            later->respond(std::move(response));
        });
    if (!taken) later->respond(refusal({base::ErrorKind::kUnavailable, "too many blobs at a time"}));
}

void Routes::add_state_to(http::Router& router) {
    router.add({Method::kGet, "/kv/state", admin(), 0,
                [this](const Request&, ResponderPtr responder) { state(std::move(responder)); }});
}

void Routes::state(ResponderPtr responder) {
    const uint64_t applied = frame_.store().applied_index();
    // One view for all tables; shared because the pool's jobs must be copyable.
    const std::shared_ptr<store::Reader> reader = frame_.store().read();
    const std::shared_ptr<http::Responder> later = std::move(responder);
    const bool taken = frame_.workers().submit(
        [reader] { return hash_of(*reader); },
        [later, applied, age = age()](const StateHash& state) {
            later->respond(Response::json(
                200,
                Json{{"hash", state.hash}, {"rows", state.rows}, {"applied_index", applied}, {"age_ms", age}}
                    .dump()));
        });
    if (!taken) later->respond(refusal({base::ErrorKind::kUnavailable, "too many at a time"}));
}

}  // namespace kvd
