// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A running HTTP server for one test, and a client that can misbehave: it sends the octets it is told to.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "common/base/fd.h"
#include "common/http/server.h"
#include "common/loop/loop.h"
#include "common/tls/context.h"

namespace test {

// Runs the loop on a thread of its own until it goes. Everything the handlers touch belongs to that thread.
class HttpPeer {
 public:
    explicit HttpPeer(http::Limits limits = {}, std::shared_ptr<tls::ServerContext> tls = nullptr);
    ~HttpPeer();

    // Before start().
    http::Router& router() { return router_; }
    http::Server& server() { return *server_; }
    loop::Loop& loop() { return *loop_; }
    void start();

    // Runs `job` on the loop's thread and waits for it.
    void on_loop(const std::function<void()>& job);
    uint16_t port() const { return port_; }

 private:
    http::Router router_;
    std::unique_ptr<loop::Loop> loop_;
    std::unique_ptr<http::Server> server_;
    uint16_t port_ = 0;
    std::thread thread_;
};

struct Answer {
    int status = 0;
    std::string head;  // with the status line, as it came
    std::string body;
    // The field's value; empty when it is missing. `name` in lower case.
    std::string field(std::string_view name) const;
};

// A blocking connection with a time-out of ten seconds for every read.
class RawConnection {
 public:
    explicit RawConnection(uint16_t port);  // 127.0.0.1
    explicit RawConnection(const std::string& unix_socket);
    RawConnection(uint16_t port, const tls::Files& files);  // TLS; no certificate when its path is empty
    ~RawConnection();
    RawConnection(RawConnection&&) noexcept;
    RawConnection& operator=(RawConnection&&) noexcept;

    bool send(std::string_view octets);  // false: the other side has gone
    Answer answer(std::string_view method = "GET");
    std::string read_some();  // what there is, at least one octet; empty: end or reset
    std::string read_until(std::string_view mark);
    bool closed();  // waits for the end
    void finish_sending();
    int fd() const;

 private:
    struct State;
    std::unique_ptr<State> state_;
};

std::string get(std::string_view path, std::string_view more_fields = "");
std::string post(std::string_view path, std::string_view body, std::string_view more_fields = "");

}  // namespace test
