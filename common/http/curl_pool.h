// SPDX-License-Identifier: AGPL-3.0-or-later
//
// libcurl's multi interface on the loop: connections that are kept and used again.
//
// A client has one pool for each role that it expects of servers, because libcurl would otherwise use a
// connection again whose server was checked for another role. Loop thread only.
#pragma once

#include <curl/curl.h>

#include <map>
#include <memory>

#include "common/http/transfer.h"
#include "common/loop/loop.h"

namespace http {

class CurlPool : public std::enable_shared_from_this<CurlPool> {
 public:
    // Called when a transfer has ended; it is out of the pool by then.
    using OnEnd = std::function<void(Transfer&, CURLcode)>;
    CurlPool(loop::Loop& loop, Version version);  // loop outlives it
    ~CurlPool();

    // False: libcurl refused it, or kTransferLimit are under way.
    [[nodiscard]] bool add(std::shared_ptr<Transfer> transfer);
    void cancel(Transfer& transfer);
    void close();  // no callback comes any more
    bool idle() const { return transfers_.empty(); }
    // An HTTP/2 call on it has failed: its connections are for the calls that are on them, and for no others.
    // One of them may be dead without our knowing, and libcurl 7.88 does not survive a call that it gave up.
    bool doubtful() const { return doubtful_; }

 private:
    static int on_socket(CURL* easy, curl_socket_t fd, int what, void* pool, void* watch) noexcept;
    static int on_timer(CURLM* multi, long timeout_ms, void* pool) noexcept;
    void expect_more(Transfer& stream);
    void drive(curl_socket_t fd, int what);
    void deliver_events();
    void deliver_ends();

    loop::Loop& loop_;
    std::unique_ptr<CURLM, base::FreeWith<curl_multi_cleanup>> multi_;
    std::map<curl_socket_t, loop::HandlePtr> watches_;
    loop::HandlePtr timer_;
    // Shared with the delivery under way: a callback may cancel its own transfer.
    std::map<CURL*, std::shared_ptr<Transfer>> transfers_;
    bool closed_ = false;
    bool doubtful_ = false;
};

}  // namespace http
