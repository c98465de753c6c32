// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/frame/failure.h"

namespace frame {
namespace {

int status_of(base::ErrorKind kind) {
    switch (kind) {
        case base::ErrorKind::kInvalid:
            return 422;
        case base::ErrorKind::kNotFound:
            return 404;
        case base::ErrorKind::kConflict:
            return 409;
        case base::ErrorKind::kRefused:
            return 403;
        case base::ErrorKind::kLimit:
            return 507;
        case base::ErrorKind::kUnavailable:
        case base::ErrorKind::kTimeout:
            return 503;
        case base::ErrorKind::kIo:
        case base::ErrorKind::kCorrupt:
            return 500;
    }
    return 500;
}

}  // namespace

http::Response failure_answer(const store::Done& done) {
    const auto later = [](std::string_view code, std::string_view detail) {
        return http::Response::problem(503, code, detail).with_header("Retry-After", "1");
    };
    switch (done.outcome) {
        case store::Outcome::kOk:
            break;
        case store::Outcome::kRefused:
            if (status_of(done.error.kind) == 503) return later(to_string(done.error.kind), done.error.text);
            return http::Response::problem(status_of(done.error.kind), to_string(done.error.kind),
                                           done.error.text);
        case store::Outcome::kNotLeader:
            return later("not-leader", "Another node takes the writes; nothing was changed here. Try again.");
        case store::Outcome::kUnknown:
            return later("outcome-unknown",
                         "It may or may not have happened. Repeat it with the same idempotency key.");
    }
    return http::Response::empty(204);
}

}  // namespace frame
