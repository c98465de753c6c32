// SPDX-License-Identifier: AGPL-3.0-or-later
//
// One blocking connection for measurements: a request goes out, its answer comes in, and nothing of ours but
// TLS stands between, or nothing at all. For small answers, which come in one record or one read.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <string_view>

#include "common/base/fd.h"
#include "common/base/free_with.h"

namespace test {

class TlsConnection {
 public:
    // Not connected when anything failed: no answer, no handshake.
    TlsConnection(SSL_CTX* context, const std::string& host, uint16_t port);
    // To a Unix socket, without TLS.
    explicit TlsConnection(const std::string& path);

    bool connected() const { return connected_; }
    // The status of the answer; 0: the connection is lost.
    int exchange(std::string_view request);

 private:
    using SslPtr = std::unique_ptr<SSL, base::FreeWith<SSL_free>>;
    base::Fd fd_;
    SslPtr ssl_;  // null: without TLS
    bool connected_ = false;
};

// A whole request with a JSON body.
std::string request_text(std::string_view method, std::string_view target, std::string_view body);

}  // namespace test
