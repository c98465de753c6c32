// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/api/store_answer.h"

#include "cbc/store/warning_store.h"

namespace cbc {

http::Response busy(std::string_view detail) {
    return http::Response::problem(503, "busy", detail).with_header("Retry-After", "1");
}

http::Response not_stored(const store::Done& done) {
    switch (done.outcome) {
        case store::Outcome::kNotLeader:
            return http::Response::problem(503, "not-leader",
                                           "another node takes the writes; " + done.error.text)
                .with_header("Retry-After", "1");
        case store::Outcome::kUnknown:
            return http::Response::problem(503, "outcome-unknown",
                                           "it may or may not have been stored; send the same request again")
                .with_header("Retry-After", "1");
        case store::Outcome::kRefused:
        case store::Outcome::kOk:
            break;
    }
    if (done.error.kind == base::ErrorKind::kLimit)
        return http::Response::problem(507, "store-full", done.error.text);
    if (const auto why = refusal_of(done.error))
        return http::Response::problem(409, std::string(code_of(*why)), done.error.text);
    return busy(done.error.text);
}

}  // namespace cbc
