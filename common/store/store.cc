// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/store/store.h"

namespace store {

// Most transactions and stores have one node: nobody has to fetch, nothing is replaced, nobody else leads.
void Transaction::needs_blob(const BlobId&) {}
void Transaction::may_take_last_room() {}
void Store::on_reset(std::function<void()>) {}
void Store::on_leads(std::function<void(bool)>) {}

std::string_view to_string(Outcome outcome) {
    switch (outcome) {
        case Outcome::kOk:
            return "ok";
        case Outcome::kRefused:
            return "refused";
        case Outcome::kNotLeader:
            return "not-leader";
        case Outcome::kUnknown:
            return "unknown";
    }
    return "";
}

}  // namespace store
