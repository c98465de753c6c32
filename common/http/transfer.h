// SPDX-License-Identifier: AGPL-3.0-or-later
//
// One request of the HTTP client as a libcurl easy handle, and what has come of it so far.
#pragma once

#include <curl/curl.h>

#include <array>
#include <memory>
#include <string>

#include "common/base/free_with.h"
#include "common/http/client.h"
#include "common/http/event_format.h"

namespace http {

using EasyPtr = std::unique_ptr<CURL, base::FreeWith<curl_easy_cleanup>>;
using FieldsPtr = std::unique_ptr<curl_slist, base::FreeWith<curl_slist_free_all>>;

enum class TransferKind { kCall, kStream };

// Not moved once prepared: libcurl points into it.
struct Transfer {
    Transfer(TransferKind kind, ClientRequest request, const std::optional<tls::Files>& tls);
    Transfer(const Transfer&) = delete;
    Transfer& operator=(const Transfer&) = delete;

    // Sets every option. kInvalid for a URL that is not taken.
    base::Result<void> prepare();
    // The answer, or why there is none. Once.
    base::Result<Response> result(CURLcode code);
    // "GET https://host/path", without the query: it may hold what a log must not.
    std::string what() const;

    const TransferKind kind;
    const ClientRequest request;
    const std::optional<tls::Files>& tls;  // the client's, which outlives its transfers
    EasyPtr easy;
    FieldsPtr fields;
    Response response;
    bool over_limit = false;
    std::string tls_error;
    std::array<char, CURL_ERROR_SIZE> error{};

    // Of a call.
    Client::OnResponse on_response;
    // Of a stream. `incoming` waits until libcurl has returned: the callbacks may close the stream.
    std::string incoming;
    EventReader events;
    Client::OnEvent on_event;
    std::function<void(base::Error)> on_end;
    loop::HandlePtr silence;  // runs out when nothing comes
    bool cancelled = false;
};

}  // namespace http
