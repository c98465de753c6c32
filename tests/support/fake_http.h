// SPDX-License-Identifier: AGPL-3.0-or-later
//
// HTTP calls that a test answers by hand.
#pragma once

#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "common/http/client.h"
#include "tests/support/test.h"

namespace test {

class FakeHttp {
 public:
    // To be given to what calls; this outlives it.
    auto call() {
        return [this](http::ClientRequest request, http::Client::OnResponse on_response) {
            asked_.emplace_back(std::move(request), std::move(on_response));
        };
    }
    size_t waiting() const { return asked_.size(); }
    const http::ClientRequest& first() const {
        CHECK(!asked_.empty());
        return asked_.front().first;
    }
    // Of the first that waits.
    void answer(base::Result<http::Response> response) {
        CHECK(!asked_.empty());
        const auto one = std::move(asked_.front());
        asked_.pop_front();
        one.second(std::move(response));
    }
    void answer(int status, std::string body = {}) { answer(http::Response::json(status, std::move(body))); }
    void fail(base::ErrorKind kind) { answer(base::Error{kind, "as the test wants it"}); }

 private:
    std::deque<std::pair<http::ClientRequest, http::Client::OnResponse>> asked_;
};

inline std::string header_of(const http::ClientRequest& request, std::string_view name) {
    for (const auto& [field, value] : request.headers)
        if (field == name) return value;
    return {};
}

}  // namespace test
