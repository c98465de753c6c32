// SPDX-License-Identifier: AGPL-3.0-or-later
//
// nghttp2 as a client without a socket, for tests that speak to our server's session octet by octet.
#pragma once

#include <nghttp2/nghttp2.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/free_with.h"

namespace test {

class H2Client {
 public:
    struct Answer {
        std::string status;
        std::string body;
        bool ended = false;
        std::optional<uint32_t> reset;  // the code of RST_STREAM
    };
    enum class Then { kEnd, kKeepOpen };

    H2Client();
    // Settings are sent at once unless a test greets later, or never.
    void greet();
    // Answers the stream's number.
    int32_t ask(std::string_view method, std::string_view path, std::string body = {}, Then then = Then::kEnd,
                std::vector<std::pair<std::string, std::string>> more = {});
    void cancel(int32_t stream);
    std::string take();                  // what is to be sent
    void feed(std::string_view octets);  // what came
    const Answer& answer(int32_t stream) { return answers_[stream]; }
    std::optional<uint32_t> goaway() const { return goaway_; }
    nghttp2_session* raw() { return session_.get(); }

 private:
    struct Upload {
        std::string body;
        size_t sent = 0;
        Then then = Then::kEnd;
    };
    static ssize_t read(nghttp2_session*, int32_t stream, uint8_t* out, size_t size, uint32_t* flags,
                        nghttp2_data_source*, void* self);
    static int on_header(nghttp2_session*, const nghttp2_frame* frame, const uint8_t* name, size_t name_size,
                         const uint8_t* value, size_t value_size, uint8_t, void* self);
    static int on_data(nghttp2_session*, uint8_t, int32_t stream, const uint8_t* data, size_t size,
                       void* self);
    static int on_frame(nghttp2_session*, const nghttp2_frame* frame, void* self);

    std::unique_ptr<nghttp2_session, base::FreeWith<nghttp2_session_del>> session_;
    std::map<int32_t, Answer> answers_;
    std::map<int32_t, Upload> uploads_;
    std::optional<uint32_t> goaway_;
};

}  // namespace test
