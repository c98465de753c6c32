// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The HTTP client: libcurl's multi interface on the daemon's loop, TLS 1.3 with our certificate; HTTP/1.1
// between daemons, HTTP/2 to network functions of 5G.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "common/base/result.h"
#include "common/http/message.h"
#include "common/loop/loop.h"
#include "common/tls/context.h"

namespace http {

enum class Version {
    kHttp1,
    // Many calls on one connection: by ALPN with TLS, without it at once ("prior knowledge", RFC 9113 §3.3).
    // A server that answers in another version is refused. Without TLS each call has a connection of its
    // own (see README.md).
    kHttp2,
};

// Plain HTTP carries no proof of who answers.
enum class PlainHttp {
    kThisMachine,
    kAnywhere,  // where the network's operator has said so, for peers of his own
};

struct ClientRequest {
    Method method = Method::kGet;
    std::string url;  // https://host:port/path, or http:// where `plain` allows it
    Version version = Version::kHttp1;
    PlainHttp plain = PlainHttp::kThisMachine;
    std::string unix_socket;  // when not empty, connect there instead of to the URL's host
    // The role that the server's certificate must carry ("cbc"); empty: any that a trusted authority signed.
    std::string server_role;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    std::chrono::milliseconds timeout{10'000};
    std::chrono::milliseconds silence{45'000};  // of a stream
    size_t response_limit = 16 * 1024 * 1024;
};

class Client {
 public:
    // `tls`: files of our certificate and the authorities we trust; none for plain loopback calls.
    Client(loop::Loop& loop, std::optional<tls::Files> tls);
    ~Client();  // calls under way are dropped without their callback

    // kUnavailable: the request was not sent. kRefused: the server's certificate is not what it must be.
    // kTimeout: no answer, or the connection was lost before it (what happened there is unknown). kLimit: the
    // answer is larger than its limit, or a thousand calls are under way. Never called from within call().
    // Redirections are answers like any other; their "location" is made absolute.
    using OnResponse = std::function<void(base::Result<Response>)>;
    void call(ClientRequest request, OnResponse on_response);

    // A server-sent event stream; calls `on_event` for each event and `on_end` once when it ends, also when
    // it could not begin (kRefused with the status when the answer was not 200). A stream that is silent for
    // `silence` (three heartbeats) has ended. Destroying the handle closes it without `on_end`; a callback
    // may do that. `timeout` is for the connection alone; `response_limit` for one event. The caller
    // reconnects.
    using OnEvent = std::function<void(std::string_view event, std::string_view data, std::string_view id)>;
    [[nodiscard]] loop::HandlePtr stream(ClientRequest request, OnEvent on_event,
                                         std::function<void(base::Error)> on_end);

 private:
    struct State;
    std::shared_ptr<State> state_;  // shared with the stream handles, which may go after the client
};

}  // namespace http
