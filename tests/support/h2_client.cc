// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/support/h2_client.h"

#include <algorithm>

#include "common/base/bytes.h"
#include "tests/support/test.h"

namespace test {
namespace {

nghttp2_nv field(std::string_view name, std::string_view value) {
    return {const_cast<uint8_t*>(base::as_bytes(name).data()),
            const_cast<uint8_t*>(base::as_bytes(value).data()), name.size(), value.size(),
            NGHTTP2_NV_FLAG_NONE};
}

}  // namespace

H2Client::H2Client() {
    nghttp2_session_callbacks* callbacks = nullptr;
    CHECK_EQ(nghttp2_session_callbacks_new(&callbacks), 0);
    nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_data);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame);
    nghttp2_session* made = nullptr;
    CHECK_EQ(nghttp2_session_client_new(&made, callbacks, this), 0);
    nghttp2_session_callbacks_del(callbacks);
    session_.reset(made);
}

void H2Client::greet() { nghttp2_submit_settings(session_.get(), NGHTTP2_FLAG_NONE, nullptr, 0); }

int32_t H2Client::ask(std::string_view method, std::string_view path, std::string body, Then then,
                      std::vector<std::pair<std::string, std::string>> more) {
    std::vector<nghttp2_nv> fields{field(":method", method), field(":scheme", "http"),
                                   field(":authority", "farol.test"), field(":path", path)};
    for (const auto& [name, value] : more) fields.push_back(field(name, value));
    nghttp2_data_provider provider{};
    provider.read_callback = read;
    const bool sends_body = !body.empty() || then == Then::kKeepOpen;
    const int32_t stream = nghttp2_submit_request(session_.get(), nullptr, fields.data(), fields.size(),
                                                  sends_body ? &provider : nullptr, nullptr);
    CHECK(stream > 0);
    uploads_[stream] = {std::move(body), 0, then};
    return stream;
}

void H2Client::cancel(int32_t stream) {
    nghttp2_submit_rst_stream(session_.get(), NGHTTP2_FLAG_NONE, stream, NGHTTP2_CANCEL);
}

std::string H2Client::take() {
    std::string out;
    const uint8_t* data = nullptr;
    while (true) {
        const ssize_t size = nghttp2_session_mem_send(session_.get(), &data);
        CHECK(size >= 0);
        if (size == 0) return out;
        out += base::as_text({data, static_cast<size_t>(size)});
    }
}

void H2Client::feed(std::string_view octets) {
    const base::ByteView bytes = base::as_bytes(octets);
    CHECK(nghttp2_session_mem_recv(session_.get(), bytes.data(), bytes.size()) >= 0);
}

ssize_t H2Client::read(nghttp2_session*, int32_t stream, uint8_t* out, size_t size, uint32_t* flags,
                       nghttp2_data_source*, void* self) {
    Upload& upload = static_cast<H2Client*>(self)->uploads_[stream];
    const size_t count = std::min(size, upload.body.size() - upload.sent);
    std::copy_n(upload.body.data() + upload.sent, count, out);
    upload.sent += count;
    if (upload.sent < upload.body.size()) return static_cast<ssize_t>(count);
    if (upload.then == Then::kEnd) *flags |= NGHTTP2_DATA_FLAG_EOF;
    if (upload.then == Then::kKeepOpen && count == 0) return NGHTTP2_ERR_DEFERRED;
    return static_cast<ssize_t>(count);
}

int H2Client::on_header(nghttp2_session*, const nghttp2_frame* frame, const uint8_t* name, size_t name_size,
                        const uint8_t* value, size_t value_size, uint8_t, void* self) {
    if (base::as_text({name, name_size}) == ":status")
        static_cast<H2Client*>(self)->answers_[frame->hd.stream_id].status =
            base::as_text({value, value_size});
    return 0;
}

int H2Client::on_data(nghttp2_session*, uint8_t, int32_t stream, const uint8_t* data, size_t size,
                      void* self) {
    static_cast<H2Client*>(self)->answers_[stream].body += base::as_text({data, size});
    return 0;
}

int H2Client::on_frame(nghttp2_session*, const nghttp2_frame* frame, void* self) {
    auto& client = *static_cast<H2Client*>(self);
    if (frame->hd.type == NGHTTP2_GOAWAY) client.goaway_ = frame->goaway.error_code;
    if (frame->hd.type == NGHTTP2_RST_STREAM)
        client.answers_[frame->hd.stream_id].reset = frame->rst_stream.error_code;
    if ((frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA) &&
        (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0)
        client.answers_[frame->hd.stream_id].ended = true;
    return 0;
}

}  // namespace test
