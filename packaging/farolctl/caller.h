// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Asks daemons and waits for the answer: farolctl does one thing after another.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "common/http/client.h"
#include "common/loop/loop.h"

namespace ctl {

class Caller {
 public:
    // `trusted`: authorities for https:// calls; empty when only control sockets are called.
    static base::Result<Caller> create(const std::string& trusted = {});

    base::Result<http::Response> call(http::ClientRequest request);
    // A route of a control socket. kUnavailable when nobody listens there.
    base::Result<http::Response> control(const std::string& socket, http::Method method,
                                         const std::string& path, const std::string& body = {},
                                         std::chrono::milliseconds patience = std::chrono::seconds{10});

    loop::Loop& loop() { return *loop_; }

 private:
    Caller(std::unique_ptr<loop::Loop> loop, std::unique_ptr<http::Client> client)
        : loop_(std::move(loop)), client_(std::move(client)) {}
    std::unique_ptr<loop::Loop> loop_;
    std::unique_ptr<http::Client> client_;  // goes before its loop
};

}  // namespace ctl
